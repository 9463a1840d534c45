"""What callers are told, prompt by prompt: heard, recorded by a person instead, and which are missing.

A recording comes as a WAV file, checked and made fit for the telephone; it counts for the next caller. What is said is
in ``catalogue.json`` beside the prompts, and in the book of voice menus.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backoffice.office import note, office, say
from backoffice.rights import needs
from conf.sound import LONGEST, NotForTelephone, check_recording, is_for_telephone, to_telephone
from schema.desk.rulebooks import book_now
from schema.desk.rulechanges import RIGHT
from schema.desk.voicebooks import BOOK, voice_now
from schema.rules.dialogue import texts_of
from schema.rules.languages import LANGUAGES

pages = Blueprint("voiceprompts", __name__)
MOST_BYTES = 44 + int(LONGEST * 8000 * 2)
"""A page sends what it records or opens at the telephone's own rate."""
OF_A_BOOK = "text-"
"""What a book of menus says has names that begin so."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A prompt in a language: "recorded" by a person, "spoken" by the voice, or "missing"."""

    language: str
    text: str
    state: str


@pages.get("/rules/voice/prompts")
@needs(RIGHT)
def page() -> str:
    """All of them."""
    with office().store.read() as session:
        rows = [(name, list(_states(name, forms))) for name, forms in _texts(session).items()]
    missing = sum(one.state == "missing" for _, states in rows for one in states)
    return render_template("voiceprompts.html", rows=rows, missing=missing, longest=int(LONGEST))


@pages.post("/rules/voice/prompts/<language>/<name>")
@needs(RIGHT)
def record(language: str, name: str) -> ResponseReturnValue:
    """A person's recording takes the place of the voice."""
    _must_be(language, name)
    request.max_content_length = MOST_BYTES
    sound = request.get_data(cache=False)
    folder = office().settings.prompts / "custom" / language
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        raw, out = Path(work) / "recording.wav", Path(work) / "out.wav"
        raw.write_bytes(sound)
        try:
            check_recording(raw)
            to_telephone(raw, out)
        except NotForTelephone as error:
            return jsonify(
                error=error.code, text=say(f"prompts.refused.{error.code}", longest=int(LONGEST))
            ), 400
        os.replace(out, folder / f"{name}.wav")
    _note(name, language, "recorded")
    return jsonify(state="recorded")


@pages.post("/rules/voice/prompts/<language>/<name>/back")
@needs(RIGHT)
def back(language: str, name: str) -> ResponseReturnValue:
    """The voice again."""
    _must_be(language, name)
    (office().settings.prompts / "custom" / language / f"{name}.wav").unlink(missing_ok=True)
    _note(name, language, "spoken")
    return jsonify(state=_state(language, name))


def _note(name: str, language: str, reason: str) -> None:
    with office().store.work() as work:
        note(work, "voice.prompt", f"{language}/{name}", reason=reason)


def _must_be(language: str, name: str) -> None:
    """Only what is said somewhere has a place for a recording."""
    with office().store.read() as session:
        if language not in _texts(session).get(name, {}):
            abort(404)


def _texts(session: Session) -> Mapping[str, Mapping[str, str]]:
    """What each prompt says: of the book that counts, of one that waits for its day, then of the catalogue."""
    _, counts, _ = voice_now(session, office().store.clock(), office().zone)
    book: dict[str, Any] = texts_of(counts) | texts_of(book_now(session, BOOK))
    try:
        usual = json.loads((office().settings.prompts / "catalogue.json").read_text("utf-8"))
    except (OSError, ValueError):
        usual = {}
    return book | {name: forms for name, forms in usual.items() if not name.startswith(OF_A_BOOK)}


def _states(name: str, forms: Mapping[str, str]) -> Iterator[Spoken]:
    for code in LANGUAGES:
        if code in forms:
            yield Spoken(code, forms[code], _state(code, name))


def _state(language: str, name: str) -> str:
    folder = office().settings.prompts
    if is_for_telephone(folder / "custom" / language / f"{name}.wav"):
        return "recorded"
    return "spoken" if (folder / language / f"{name}.wav").is_file() else "missing"
