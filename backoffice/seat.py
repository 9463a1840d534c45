"""The seat page of an agent, and what it asks of the telephone room."""

import hashlib
import secrets
from uuid import UUID

import msgspec
from flask import Blueprint, abort, jsonify, render_template
from flask.typing import ResponseReturnValue

from backoffice.cells import cell_map
from backoffice.office import note, office, visitor
from backoffice.rights import needs
from backoffice.seatorders import REASONS
from schema.ids import as_id
from schema.orders import OpenSeat, SkillSeat
from schema.outbox import OrderRow
from schema.people import User
from schema.rules.categories import CLASSES, KINDS

pages = Blueprint("seat", __name__)
REALM = "gridline"


@pages.get("/seat")
@needs("seat.work")
def page() -> ResponseReturnValue:
    """The seat: softphone, caller, case form."""
    if visitor().seat is None:
        return render_template("no_seat.html"), 200
    with office().store.read() as session:
        places = cell_map(session)
    return render_template(
        "seat.html",
        reasons=REASONS,
        kinds=KINDS,
        classes=CLASSES,
        map=places,
        acd=office().settings.acd,
        pause=office().settings.recordings.pause_seconds,
    )


@pages.post("/api/seat/open")
@needs("seat.work")
def open_seat() -> ResponseReturnValue:
    """Ask for the seat's endpoint with a fresh secret; the secret is told to this page, once."""
    found, who, seat = office(), visitor(), _own_seat()
    secret = secrets.token_urlsafe(24)
    user = f"seat{seat}"
    order = OpenSeat(
        by=who.id,
        seat=seat,
        user=who.id,
        name=who.name,
        digest=digest_of(user, secret),
        language=who.language,
    )
    with found.store.work() as work:
        work.emit(order)
        if (person := work.session.get(User, who.id)) is not None:
            work.emit(
                SkillSeat(
                    by=who.id,
                    seat=seat,
                    languages=person.languages,
                    skills=person.skills,
                    queues=person.queues,
                )
            )
        note(work, "seat.open", seat)
    # Whoever holds this seat in another window or on another machine hears that it is taken, at once.
    found.shout("seat", msgspec.json.encode({"seat": seat, "order": str(order.order)}))
    pbx = found.settings.node_of(seat)
    return jsonify(
        order=str(order.order),
        seat=seat,
        user=user,
        secret=secret,
        realm=REALM,
        host=pbx.host,
        socket=f"ws://{pbx.host}:{pbx.http_port}/ws",
    )


@pages.get("/api/orders/<order>")
@needs("seat.work")
def order_state(order: str) -> ResponseReturnValue:
    """How far the telephone room is with an order of one's own: intent, sent, observed or failed."""
    try:
        wanted: UUID = as_id(order)
    except ValueError:
        abort(404)
    with office().store.read() as session:
        row = session.get(OrderRow, wanted)
    if row is None or row.by != visitor().id:
        return jsonify(state="intent", reason="")
    return jsonify(state=row.state, reason=row.reason)


def digest_of(user: str, secret: str) -> str:
    """The SIP HA1 (RFC 2617 section 3.2.2.2): MD5 is what the protocol asks for."""
    return hashlib.md5(f"{user}:{REALM}:{secret}".encode(), usedforsecurity=False).hexdigest()


def _own_seat() -> str:
    seat = visitor().seat
    if seat is None:
        abort(403)
    return seat
