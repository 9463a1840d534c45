"""What callers are told, prompt by prompt: heard, recorded by a person instead, and which are missing.

A recording comes as a WAV file, checked and made fit for the telephone; it counts for the next caller. What is said is
in ``catalogue.json`` beside the prompts, and in the book of voice menus.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backoffice.dictations import take_in
from backoffice.giving import CannotOrder, body, order_id
from backoffice.office import language as spoken_here
from backoffice.office import note, office, say, visitor
from backoffice.promptfiles import put_in_place
from backoffice.rights import needs
from conf.sound import LONGEST, NotForTelephone, is_for_telephone
from schema.desk import dictations
from schema.desk.errors import Refused
from schema.desk.rulebooks import book_now
from schema.desk.rulechanges import RIGHT
from schema.desk.voicebooks import BOOK, voice_now
from schema.dictations import Dictation
from schema.ids import as_id
from schema.orders import DictatePrompt
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
    return render_template(
        "voiceprompts.html",
        rows=rows,
        missing=missing,
        longest=int(LONGEST),
        seat=visitor().seat or "",
    )


@pages.post("/rules/voice/prompts/<language>/<name>")
@needs(RIGHT)
def record(language: str, name: str) -> ResponseReturnValue:
    """A person's recording takes the place of the voice."""
    _must_be(language, name)
    request.max_content_length = MOST_BYTES
    sound = request.get_data(cache=False)
    with tempfile.TemporaryDirectory() as work:
        raw = Path(work) / "recording.wav"
        raw.write_bytes(sound)
        try:
            put_in_place(office().settings.prompts, language, name, raw)
        except NotForTelephone as error:
            return jsonify(error=error.code, text=_why(error.code)), 400
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


@pages.post("/rules/voice/prompts/<language>/<name>/telephone")
@needs(RIGHT)
def by_telephone(language: str, name: str) -> ResponseReturnValue:
    """Ring a seat, and record what is said there as this prompt. How it goes is at `progress`."""
    _must_be(language, name)
    asked = body()
    try:
        seat = _free_seat(asked.get("seat"))
        order = DictatePrompt(
            order=order_id(asked),
            by=visitor().id,
            seat=seat,
            language=language,
            name=name,
            spoken=spoken_here(),
        )
        with office().store.work() as work:
            row = dictations.ask(work, order)
            note(work, "voice.dictate", f"{language}/{name}", reason=seat)
    except (CannotOrder, Refused) as no:
        return jsonify(error=no.code, text=say(f"prompts.phone.{no.code}")), getattr(no, "status", 409)
    return jsonify(order=str(row.id)), 202


@pages.get("/rules/voice/prompts/telephone/<order>")
@needs(RIGHT)
def progress(order: str) -> ResponseReturnValue:
    """How far a recording by telephone is, for whoever asked for it."""
    try:
        id = as_id(order)
    except ValueError:
        abort(404)
    row, (state, why) = _step(id)
    if state == "checking":
        # Should whoever listens to the PBX be away, or behind: the telephone is hung up, so the file is whole.
        take_in(office().settings, office().store, id)
        row, (state, why) = _step(id)
    shown = _why(why) if why else say(f"prompts.phone.{state}", seat=row.seat)
    return jsonify(state=state, why=why, text=shown, shown=_state(row.language, row.name))


def _step(id: UUID) -> tuple[Dictation, tuple[str, str]]:
    with office().store.read() as session:
        row = dictations.find(session, id)
        if row is None or row.by != visitor().id:
            abort(404)
        return row, dictations.step(session, row)


def _free_seat(asked: object) -> str:
    """The seat that is to ring: one of the house that is open and in no call. Raises CannotOrder."""
    seat = asked.strip() if isinstance(asked, str) else ""
    if not seat.isascii() or not seat.isdigit() or not 2 <= len(seat) <= 8:
        raise CannotOrder(400, "no-seat", "seat")
    floor = office().floor
    if not floor.up(office().settings.node_of(seat).node):
        raise CannotOrder(409, "no-connection")
    live = floor.seat(seat)
    if live is None:
        raise CannotOrder(409, "not-open")
    if live.get("state") not in ("ready", "paused"):
        raise CannotOrder(409, "in-a-call")
    return seat


def _why(code: str) -> str:
    return say(f"prompts.refused.{code}", longest=int(LONGEST))


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
