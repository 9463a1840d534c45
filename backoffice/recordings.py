"""Recordings: the list, the page of one, notes at a time, legal holds, and how long each kind is kept."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.errors import refusal_text
from backoffice.giving import CannotOrder, body, order_id
from backoffice.office import look, note, office, visitor
from backoffice.recordingform import read_form
from backoffice.rights import may, needs
from backoffice.sound import find
from schema.desk import keeping
from schema.desk.errors import Refused
from schema.desk.listpages import write_place
from schema.desk.people import names_of
from schema.desk.recordinglist import marks_of, page
from schema.desk.recordings import files_of
from schema.desk.scope import audible
from schema.ids import ContactId, as_id, uuid7
from schema.orders import DropRecordingNote, HoldRecordings, NoteRecording, ReleaseRecordings, SetRetention
from schema.recordings import STATES, Recording
from schema.rules.keeping import DAYS, FEWEST, MOST

pages = Blueprint("recordings", __name__)


@pages.get("/cases/recordings")
@needs("recording.play")
def listing() -> ResponseReturnValue:
    """A page of the recordings that the visitor may hear."""
    form, shown = read_form(request.args, office().zone), None
    with office().store.read() as session:
        if not form.wrong:
            shown = page(session, form.wanted, audible(session, visitor()), form.place)
        kinds = keeping.kinds(session, (one.row for one in shown.rows)) if shown else {}
        held = keeping.held(session, (one.row.contact for one in shown.rows)) if shown else {}
    html = render_template(
        "recordings.html", form=form, page=shown, states=STATES, kinds=kinds, held=held, place=write_place,
        room=office().player.rooms(),
    )  # fmt: skip
    return html, 400 if form.wrong else 200


@pages.get("/recordings/<recording>")
@needs("recording.play")
def one(recording: str) -> ResponseReturnValue:
    """The player, what is kept, and what holds it."""
    return _page(find(recording))


@pages.get("/api/recordings/<recording>/marks")
@needs("recording.play")
def marks(recording: str) -> ResponseReturnValue:
    """What happened at which second, and the notes."""
    row = find(recording)
    hidden = frozenset(mode for mode in ("listen", "whisper", "barge") if not _sees(mode))
    with office().store.read() as session:
        found = [
            {"kind": mark.kind, "begin": mark.begin, "end": mark.end, "who": mark.who}
            for mark in marks_of(session, row, hidden)
        ]
        notes = keeping.notes_of(session, row.id)
        names = names_of(session, (one.by for one in notes))
    look("recording.play", str(row.id))
    return jsonify(marks=found, notes=[_note(one, names) for one in notes])


@pages.post("/api/recordings/<recording>/notes")
@needs("recording.note")
def write(recording: str) -> ResponseReturnValue:
    """Write a note at a second."""
    row, asked = find(recording), body()
    try:
        order = NoteRecording(
            order=order_id(asked), by=visitor().id, recording=row.id, second=_second(asked.get("second")),
            text=str(asked.get("text") or ""),
        )  # fmt: skip
        with office().store.work() as work:
            made = keeping.write_note(work, order)
            note(work, "recording.note", str(row.id))
            shown = _note(made, {visitor().id: visitor().name})
    except (Refused, CannotOrder) as refused:
        return _refused(refused)
    return jsonify(shown), 201


@pages.post("/api/recordings/<recording>/notes/<which>/drop")
@needs("recording.note")
def drop(recording: str, which: str) -> ResponseReturnValue:
    """Take a note away."""
    row = find(recording)
    try:
        order = DropRecordingNote(by=visitor().id, note=as_id(which))
        with office().store.work() as work:
            gone = keeping.drop_note(work, order)
            if gone.recording != row.id:
                abort(404)
            note(work, "recording.unnote", str(row.id))
    except ValueError:
        abort(400)
    except Refused as refused:
        return _refused(refused)
    return jsonify(ok=True)


@pages.post("/recordings/<recording>/hold")
@needs("recording.hold")
def hold(recording: str) -> ResponseReturnValue:
    """Put the recordings of this contact under legal hold."""
    row = find(recording)
    try:
        order = HoldRecordings(
            order=_order(),
            by=visitor().id,
            contact=ContactId(row.contact),
            reason=request.form.get("reason", ""),
        )
        with office().store.work() as work:
            keeping.hold(work, order)
            note(work, "recording.hold", str(row.contact), reason=order.reason[:300])
    except Refused as refused:
        return _page(row, refusal_text(refused)), 400
    return redirect(f"/recordings/{row.id}", 303)


@pages.post("/recordings/<recording>/release")
@needs("recording.hold")
def release(recording: str) -> ResponseReturnValue:
    """Lift a hold."""
    row = find(recording)
    try:
        with office().store.work() as work:
            lifted = keeping.release(
                work, ReleaseRecordings(by=visitor().id, hold=as_id(request.form.get("hold", "")))
            )
            if lifted.contact != row.contact:
                abort(404)
            note(work, "recording.release", str(row.contact))
    except ValueError:
        abort(400)
    except Refused:
        abort(404)
    return redirect(f"/recordings/{row.id}", 303)


@pages.get("/rules/retention")
@needs("recording.keep")
def retention() -> ResponseReturnValue:
    """For how long each kind is kept."""
    return _retention()


@pages.post("/rules/retention")
@needs("recording.keep")
def keep() -> ResponseReturnValue:
    """Choose the days of a kind."""
    kind, text = request.form.get("kind", ""), request.form.get("days", "").strip()
    try:
        days = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
        order = SetRetention(order=_order(), by=visitor().id, kind=kind, days=days)
        with office().store.work() as work:
            keeping.set_retention(work, order)
            note(work, "recording.keep", f"{kind}: {days}")
    except Refused as refused:
        return _retention(kind, refusal_text(refused)), 400
    return redirect("/rules/retention", 303)


def _page(row: Recording, trouble: str = "") -> str:
    with office().store.read() as session:
        kind = keeping.kinds(session, [row])[row.id]
        holds = keeping.holds_of(session, row.contact)
        names = names_of(session, {by for one in holds for by in (one.by, one.lifted_by)})
        days = keeping.retention(session)[kind]
        files = files_of(session, row.id)
    return render_template(
        "recording.html", row=row, kind=kind, days=days, holds=holds, names=names, files=files, trouble=trouble,
        order=uuid7(),
    )  # fmt: skip


def _retention(wrong: str = "", trouble: str = "") -> str:
    with office().store.read() as session:
        days, history = keeping.retention(session), keeping.retention_history(session)
        names = names_of(session, {row.by for row in history})
    return render_template(
        "retention.html", kinds=DAYS, days=days, history=history, names=names, fewest=FEWEST, most=MOST, wrong=wrong,
        trouble=trouble, order=uuid7, prefix=keeping.CHOICE,
    )  # fmt: skip


def _note(one: Any, names: dict[UUID, str]) -> dict[str, Any]:
    mine = one.by == visitor().id or may(visitor(), "recording.hold")
    return {
        "id": str(one.id),
        "second": one.second,
        "text": one.text,
        "by": names.get(one.by, ""),
        "mine": mine,
    }


def _sees(mode: str) -> bool:
    """Whether the visitor may know that a supervisor was there."""
    return may(visitor(), "seat.supervise") or office().settings.watch.shown(mode)


def _second(asked: object) -> float:
    if isinstance(asked, bool) or not isinstance(asked, int | float):
        raise CannotOrder(400, "bad-field", "second")
    return float(asked)


def _order() -> UUID:
    try:
        return as_id(request.form.get("order", ""))
    except ValueError:
        abort(400)


def _refused(refused: Refused | CannotOrder) -> ResponseReturnValue:
    if isinstance(refused, CannotOrder):
        return jsonify(error=refused.code, field=refused.field, text=refused.field), refused.status
    status = {"not-found": 404, "not-allowed": 403}.get(refused.code, 400)
    return jsonify(error=refused.code, field=refused.field, text=refusal_text(refused)), status
