"""The book of voice menus tried out: walked key by key by the engine that callers meet, and heard."""

import re
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from backoffice.office import language as reader
from backoffice.office import office, say
from backoffice.rights import needs
from backoffice.rulebooks import fault
from conf.speech import CannotSpeak, speak, voice_of
from schema.desk.menucounts import menu_counts
from schema.desk.rulechanges import RIGHT
from schema.rules.bookparts import BadBook
from schema.rules.caseasking import LookUp, Prove, Tell, Text
from schema.rules.dialogue import Action, Dialogue, Serve, Status, Turn, texts_of
from schema.rules.languages import LANGUAGES
from schema.rules.menus import Play, Wait
from schema.rules.voicebook import KEYS, LONGEST, read_voice

pages = Blueprint("voicebook", __name__)
SILENCE = "silence"
PERIOD = timedelta(days=30)
MOST_PRESSED, MOST_STEPS = 60, 600
_EXAMPLE: dict[type[Any], str] = {LookUp: "found", Prove: "right", Text: "sent"}
"""There is every number, and every answer is right: what is tried is the menus."""
_NAME = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)


@pages.post("/rules/voice/try")
@needs(RIGHT)
def walk() -> ResponseReturnValue:
    """What a caller hears who presses these keys, and where that leads; the book need not be saved."""
    asked = request.get_json(silent=True)
    pressed = asked.get("pressed") if isinstance(asked, dict) else None
    if (
        not isinstance(asked, dict)
        or not isinstance(asked.get("body"), dict)
        or not isinstance(pressed, list)
    ):
        abort(400)
    if len(pressed) > MOST_PRESSED or any(one != SILENCE and one not in tuple(KEYS) for one in pressed):
        abort(400)
    try:
        book = read_voice(asked["body"])
    except BadBook as bad:
        faults = {where: fault(where, text) for where, text in bad.faults.items()}
        return jsonify(error="bad-field", text=say("rules.faulty"), fields=faults), 400
    site = office().settings
    today = office().store.clock().astimezone(office().zone).date()
    talk, action = Dialogue.begin(book, site.site.languages[0], [one.name for one in site.services], today)
    texts, left, told = texts_of(book), list(pressed), []
    for _ in range(MOST_STEPS):
        if isinstance(action, Wait):
            if not left:
                break
            event = left.pop(0)
            told.append({"pressed": event})
        elif isinstance(action, Serve):
            break
        else:
            event = _EXAMPLE.get(type(action), "done")
            told.append(_told(action, talk, texts))
        talk, action = talk.heard(event)
    served = action.service if isinstance(action, Serve) else None
    return jsonify(
        told=told, at=talk.at, language=talk.language, served=served,
        wait=action.seconds if isinstance(action, Wait) else None,
    )  # fmt: skip


@pages.get("/rules/voice/counts")
@needs(RIGHT)
def counts() -> ResponseReturnValue:
    """Of each menu how many callers heard it in the last thirty days, what they pressed, and how many left there."""
    with office().store.read() as session:
        found = menu_counts(session, office().store.clock() - PERIOD)
    menus = {id: {"heard": one.heard, "left": one.left, "keys": one.keys} for id, one in found.items()}
    return jsonify(days=PERIOD.days, menus=menus)


@pages.get("/rules/voice/hear")
@needs(RIGHT)
def hear() -> ResponseReturnValue:
    """A prompt as callers hear it; a text that nobody has heard yet is spoken for this once."""
    code, name, text = (request.args.get(key, "") for key in ("language", "name", "text"))
    if code not in LANGUAGES or not (_NAME.fullmatch(name) or text):
        abort(400)
    folder = office().settings.prompts
    for file in (folder / "custom" / code / f"{name}.wav", folder / code / f"{name}.wav"):
        if name and file.is_file():
            return Response(file.read_bytes(), mimetype="audio/wav")
    if not text.strip() or len(text) > LONGEST or not text.isprintable():
        abort(404)
    with tempfile.TemporaryDirectory(prefix="gridline-voice-") as made:
        try:
            speak(code, text, spoken := Path(made) / "text.wav", voice_of(office().settings.ivr.voice))
        except CannotSpeak as error:
            return jsonify(error="cannot-speak", text=say("voice.cannot_speak", why=str(error))), 503
        return Response(spoken.read_bytes(), mimetype="audio/wav")


def _told(action: Action, talk: Dialogue, texts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    if isinstance(action, Turn):
        return {"turn": action.language}
    if isinstance(action, Status):
        return {"status": True}
    if isinstance(action, LookUp | Prove | Tell | Text):
        return {"case": type(action).__name__.lower()}
    assert isinstance(action, Play)
    name, code = action.prompt.name, action.prompt.language or talk.language
    return {"say": texts[name][code] if name in texts else _usual(name), "name": name, "language": code}


def _usual(name: str) -> str:
    """What a prompt of the catalogue is about, in the reader's language."""
    kind, _, rest = name.partition("-")
    if kind == "service":
        labels = {one.name: one.label(reader()) for one in office().settings.services}
        return labels.get(rest, rest)
    return rest if kind == "number" else say(f"voice.prompt.{name}")
