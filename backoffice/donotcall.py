"""The do-not-call list (免打扰): looked through, a number put on it and taken off."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.casework import form_id
from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import look, note, office, visitor
from backoffice.rights import needs
from schema.desk.donotcall import BLOCK, LIFT, block_number, entries, lift_number
from schema.desk.errors import Refused
from schema.ids import as_id, uuid7
from schema.orders import BlockNumber, LiftNumber

pages = Blueprint("donotcall", __name__)
PATH = "/visits/do-not-call"


@pages.get(PATH)
@needs(BLOCK)
def listing() -> str:
    """The numbers that nobody calls."""
    html = _page()
    look("call.blocked", request.args.get("q", "")[:32] or "list")
    return html


@pages.post(PATH)
@needs(BLOCK)
def block() -> ResponseReturnValue:
    """Put a number on the list."""
    try:
        order = BlockNumber(
            order=form_id("order") or uuid7(), by=visitor().id, number=request.form.get("number", ""),
            reason=request.form.get("reason", ""), until=_until(request.form.get("until", "")),
        )  # fmt: skip
        with office().store.work() as work:
            entry = block_number(work, order)
            note(work, "call.block", entry.number, reason=entry.reason)
    except Refused as refused:
        return _again(refused, dict(request.form))
    return redirect(f"{PATH}?done=block", 303)


@pages.post(f"{PATH}/<entry>/lift")
@needs(LIFT)
def lift(entry: str) -> ResponseReturnValue:
    """Take a number off the list."""
    try:
        id = as_id(entry)
    except ValueError:
        abort(404)
    order = LiftNumber(
        order=form_id("order") or uuid7(), by=visitor().id, entry=id, reason=request.form.get("reason", "")
    )
    try:
        with office().store.work() as work:
            row = lift_number(work, order)
            note(work, "call.unblock", row.number, reason=row.lifted_why)
    except Refused as refused:
        return _again(refused, {}, id)
    return redirect(f"{PATH}?done=lift", 303)


def _again(refused: Refused, typed: dict[str, str], at: UUID | None = None) -> ResponseReturnValue:
    if refused.code not in ("bad-field", "wrong-state"):
        raise refused
    return _page(refusal_text(refused), field_texts(refused), typed, at), status_of(refused)


def _page(
    trouble: str = "",
    wrong: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    at: UUID | None = None,
) -> str:
    asked = request.args
    over, words = asked.get("list") == "over", asked.get("q", "").strip()[:32]
    with office().store.read() as session:
        rows, more = entries(
            session, office().store.clock(), number=words, over=over, after=asked.get("after", "")[:90]
        )
    return render_template(
        "donotcall.html", rows=rows, more=more, over=over, words=words, done=asked.get("done", ""), trouble=trouble,
        wrong=wrong or {}, typed=typed or {"number": words}, at=at, order=uuid7,
        today=office().store.clock().astimezone(office().zone).date(),
    )  # fmt: skip


def _until(text: str) -> datetime | None:
    """The end of the day that was typed; "" is no end. Raises Refused."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=1)
        return datetime.combine(day, time(), office().zone)
    except (ValueError, OverflowError) as bad:
        raise Refused("bad-field", "this is no day", "until") from bad
