"""A contact as the agent sees it: who calls, in which language, what this number asked before, and the draft."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from backoffice.office import note, office, shown, visitor
from backoffice.rights import needs
from schema.calls import CallRow
from schema.cases import Case, Citizen
from schema.desk.drafts import drop_draft, find_draft, save_draft
from schema.desk.scope import visible_cases
from schema.ids import as_id
from schema.speaking import about

pages = Blueprint("contacts", __name__)
HISTORY = 20


@pages.get("/api/contacts/<contact>")
@needs("contact.read")
def contact(contact: str) -> ResponseReturnValue:
    """Everything the seat page shows beside a ringing call."""
    wanted = _id(contact)
    found, who = office(), visitor()
    live = _live(wanted)
    with found.store.read() as session:
        call = session.scalar(
            select(CallRow).where(CallRow.contact == wanted).order_by(CallRow.entered_at).limit(1)
        )
        number = str(live.get("number") or (call.number if call else ""))
        citizen = session.scalar(select(Citizen).where(Citizen.number == number)) if number else None
        draft = find_draft(session, who.id, wanted)
        answer = {
            "contact": str(wanted),
            "number": number,
            "language": str(live.get("language") or (call.language if call else "")),
            "citizen": citizen.name if citizen else "",
            "call": str(live.get("call") or (call.id if call else "")),
            "entered": live.get("entered") or (call.entered_at.isoformat() if call else ""),
            "history": history(session, number, wanted, visible_cases(session, who)) if number else [],
            "draft": draft.body if draft else None,
        }
    if not _at_own_seat(wanted):
        with found.store.work() as work:
            note(work, "contact.read", str(wanted))
    return jsonify(answer)


@pages.post("/api/drafts/<contact>")
@needs("case.file")
def keep_draft(contact: str) -> ResponseReturnValue:
    """Keep what is typed for a contact."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400)
    with office().store.work() as work:
        draft = save_draft(work, visitor().id, _id(contact), body)
        at = shown(draft.saved_at, "clock")[:8]
    return jsonify(saved=at)


@pages.post("/api/drafts/<contact>/drop")
@needs("case.file")
def throw_draft_away(contact: str) -> ResponseReturnValue:
    """Forget what was typed for a contact."""
    with office().store.work() as work:
        drop_draft(work, visitor().id, _id(contact))
    return jsonify(saved="")


def history(session: Session, number: str, but: UUID, seen: ColumnElement[bool]) -> list[dict[str, Any]]:
    """What this number asked before: cases (of those `seen`) and calls that led to none, newest first."""
    cases = session.scalars(
        select(Case)
        .where(Case.number == number, Case.contact != but, seen)
        .order_by(Case.made_at.desc())
        .limit(HISTORY)
    ).all()
    calls = session.scalars(
        select(CallRow)
        .where(
            CallRow.number == number,
            CallRow.contact != but,
            or_(CallRow.contact.not_in([case.contact for case in cases]), CallRow.direction == "out"),
        )
        .order_by(CallRow.entered_at.desc())
        .limit(HISTORY)
    ).all()
    rows: list[tuple[Any, dict[str, Any]]] = [
        (
            case.made_at,
            {
                "what": "case",
                "at": shown(case.made_at, "minute"),
                "case_no": case.case_no,
                "title": case.title,
                "state": case.state,
                "rating": case.rating,
                "copy": {
                    "class_": case.class_,
                    "kind": case.kind,
                    "title": case.title,
                    "text": case.text,
                    "cell": case.cell,
                    "address": case.address,
                    # What is confidential stays so in its copy.
                    **({"confidential": "yes"} if case.confidential else {}),
                },
            },
        )
        for case in cases
    ]
    rows += [
        (
            call.entered_at,
            {
                "what": "call",
                "at": shown(call.entered_at, "minute"),
                "direction": call.direction,
                "outcome": call.outcome or "live",
                "contact": str(call.contact),
            },
        )
        for call in calls
    ]
    rows.sort(key=lambda row: row[0], reverse=True)
    return [row for _, row in rows[:HISTORY]]


def _live(contact: UUID) -> dict[str, Any]:
    for message in office().floor.snapshot():
        for row in message.get("calls", {}).values():
            if row and row.get("contact") == str(contact):
                return dict(row)
    return {}


def _at_own_seat(contact: UUID) -> bool:
    seat = visitor().seat
    row = office().floor.seat(seat) if seat else None
    return row is not None and row.get("contact") == str(contact)


def _id(text: str) -> UUID:
    try:
        found = as_id(text)
    except ValueError:
        abort(404)
    about(found)
    return found
