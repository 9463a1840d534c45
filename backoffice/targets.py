"""Whom a call can be sent to, or asked: colleagues at their seats, queues, experts with a mobile."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from backoffice.office import language, office, visitor
from backoffice.pinyin import letters
from backoffice.rights import needs
from schema.people import Department, User

pages = Blueprint("targets", __name__)


@pages.get("/api/targets")
@needs("seat.work")
def targets() -> ResponseReturnValue:
    """Seats with their live state (the own one is not among them), queues, experts; `letters` is what finds a name."""
    found, own = office(), visitor().seat
    with found.store.read() as session:
        people = session.scalars(select(User).where(User.active).order_by(User.name)).all()
        departments = {row.id: row.name for row in session.scalars(select(Department))}
    live = {seat: row for message in found.floor.snapshot() for seat, row in message.get("seats", {}).items()}
    seats = [
        {
            "seat": one.seat, "name": one.name, "letters": letters(one.name),
            "state": (live.get(one.seat) or {}).get("state", "closed"),
        }
        for one in sorted((one for one in people if one.seat and one.seat != own), key=lambda one: one.seat or "")
    ]  # fmt: skip
    experts = [
        {
            "name": one.name, "department": departments.get(one.department, "") if one.department else "",
            "number": one.mobile, "letters": letters(one.name),
        }
        for one in people
        if one.post == "expert" and one.mobile
    ]  # fmt: skip
    return jsonify(seats=seats, queues=_queues(), experts=experts)


def _queues() -> list[dict[str, object]]:
    settings, names = office().settings, dict[str, list[str]]()
    for queue in settings.queues:
        names[queue] = [one.label(language()) for one in settings.services if settings.queue_of(one) == queue]
    labels = {queue: " / ".join(dict.fromkeys(found)) or queue for queue, found in names.items()}
    return [{"name": queue, "label": label, "letters": letters(label)} for queue, label in labels.items()]
