"""Handsets in the street (街面终端): the list, one of them, and what is done to it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.fieldtabs import long_silence, ordered, tabs
from backoffice.office import note, office
from backoffice.rights import needs
from schema.desk import devices, fieldlogins, settling
from schema.desk.errors import Refused
from schema.fieldaccess import HandsetCode
from schema.handsets import Duty
from schema.ids import uuid7
from schema.orders import BlockHandset, EndHandsetLogins, RevokeHandsetKey, UnblockHandset, WipeHandset
from schema.people import User
from schema.store import UnitOfWork

pages = Blueprint("fielddevices", __name__)
SHIFTS = 10

DOES: dict[str, tuple[type[Any], Callable[[UnitOfWork, Any], Any]]] = {
    "block": (BlockHandset, devices.block_handset),
    "unblock": (UnblockHandset, devices.unblock_handset),
    "revoke": (RevokeHandsetKey, devices.revoke_key),
    "wipe": (WipeHandset, devices.wipe_handset),
    "log-out": (EndHandsetLogins, devices.end_logins),
}
"""What can be done to a handset: the order for it and the desk's function. The audit has it as "handset.NAME"."""


@pages.get("/field")
@needs("field.see")
def listing() -> str:
    """The handsets by name, of one state or all, by words."""
    asked, now = request.args, office().store.clock()
    words, state = asked.get("q", "").strip()[:40], asked.get("state", "all")
    if state not in devices.STATES:
        state = "all"
    with office().store.read() as session:
        rows, more = devices.devices(
            session, now, long_silence(), words=words, state=state, behind=asked.get("after", "")[:40]
        )
        return render_template(
            "field_devices.html", rows=rows, more=more, words=words, state=state, states=devices.STATES,
            counted=devices.counted(session, now, long_silence()), **tabs(session),
        )  # fmt: skip


@pages.get("/field/devices/<device>")
@needs("field.see")
def one(device: str) -> str:
    """One handset: what it says of itself, who was logged in and on duty with it, what of it was refused."""
    return _page(device)


@pages.post("/field/devices/<device>/<what>")
@needs("field.manage")
def do(device: str, what: str) -> ResponseReturnValue:
    """Block it, let it in, revoke its key, log everybody out, or let it forget everything."""
    if what not in DOES:
        abort(404)
    make, carry_out = DOES[what]
    more = {"reason": request.form.get("reason", "")} if what == "block" else {}
    try:
        with office().store.work() as work:
            carry_out(work, make(device=device, **ordered(), **more))
            note(work, f"handset.{what}", device, reason=more.get("reason", "").strip())
    except Refused as refused:
        if refused.code not in ("bad-field", "wrong-state"):
            raise
        return _page(device, refusal_text(refused), field_texts(refused)), status_of(refused)
    return redirect(f"/field/devices/{device}?done={what}", 303)


def _page(device: str, trouble: str = "", wrong: dict[str, str] | None = None) -> str:
    found = office()
    done = request.args.get("done", "")
    with found.store.read() as session:
        seen = devices.one_device(session, device, found.store.clock(), long_silence())
        shifts = session.execute(
            select(Duty, User)
            .join(User, User.id == Duty.worker)
            .where(Duty.device == device)
            .order_by(Duty.started_at.desc())
            .limit(SHIFTS)
        ).all()
        label = session.scalar(
            select(HandsetCode.label)
            .where(HandsetCode.device == device, HandsetCode.used_at.is_not(None))
            .order_by(HandsetCode.used_at.desc())
            .limit(1)
        )
        return render_template(
            "field_device.html", one=seen, label=label, logins=fieldlogins.of_device(session, device),
            shifts=[(row.Duty, row.User) for row in shifts], refusals=settling.refusals(session, device),
            done=done if done in DOES else "", trouble=trouble, wrong=wrong or {}, order=uuid7,
            now=found.store.clock(), **tabs(session),
        )  # fmt: skip
