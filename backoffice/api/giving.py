"""Giving an order once under its key, whatever crashes and however often it is asked; and waiting for its outcome."""

import base64
import hmac
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from flask import request
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backoffice.api.problems import Problem
from backoffice.api.route import Ask
from backoffice.api.shapes import Order as OrderShape
from backoffice.api.shapes import Telephone
from backoffice.office import office
from backoffice.seat import REALM
from schema.desk import audit, tokens
from schema.desk.orders import OVER
from schema.ids import CallId
from schema.orders import CallOut, CaseOrder, Consult, Order, PickCaller, Request, SeatOrder
from schema.outbox import OrderRow, OutboxRow
from schema.tokens import ApiOrder
from schema.wire import ORDERS

LOOK_EVERY = 0.05
HOOKS = frozenset(
    (
        *(f"{what}Webhook" for what in ("Add", "Change", "Pause", "Resume", "Rotate", "Remove")),
        "ResendDelivery",
    )
)
AT_ONCE = frozenset(name for name, kind in ORDERS.items() if issubclass(kind, CaseOrder | Request))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a request comes to: orders (the answer tells of the first), and the audit row that goes with them."""

    orders: tuple[Order, ...]
    what: str
    subject: str
    reason: str = ""
    call: UUID | None = None
    transfer: UUID | None = None
    target: str = ""
    shout: tuple[str, bytes] | None = None


class Hands:
    """What is in hand in this process: keys at work, and how many wait for outcomes (each on a thread)."""

    def __init__(self, waiting: int) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[UUID, str]] = set()
        self._places = threading.BoundedSemaphore(waiting)

    @contextmanager
    def on(self, token: UUID, key: str) -> Iterator[None]:
        """Work on a key. Raises Problem while somebody else does."""
        with self._lock:
            if (token, key) in self._keys:
                raise Problem("in-progress")
            self._keys.add((token, key))
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard((token, key))

    def wait(self, seconds: float, done: Callable[[], bool]) -> None:
        """Look until it is done, at most `seconds`; when too many wait already, not at all."""
        if seconds <= 0 or not self._places.acquire(blocking=False):
            return
        try:
            end = time.monotonic() + seconds
            while not done() and time.monotonic() < end:
                time.sleep(LOOK_EVERY)
        finally:
            self._places.release()


def give(ask: Ask, hands: Hands) -> OrderShape:
    """The order of this request: given now, or before under the same key. Raises Problem."""
    with hands.on(ask.who.token, ask.key):
        row = before(ask) or _now(ask)
    hands.wait(ask.query.wait, lambda: told(row, ask.secret).state in OVER)
    return told(row, ask.secret)


def fingerprint(ask: Ask) -> str:
    """What tells one request from another under the same key: method, path and body."""
    return sha256(
        msgspec.json.encode([ask.route.method, ask.route.path, {k: str(v) for k, v in ask.path.items()}, ask.body])
    ).hexdigest()  # fmt: skip


def told(row: ApiOrder, secret: str = "") -> OrderShape:
    """An order with its progress. With the token's `secret` also how a telephone logs in that it opened."""
    with office().store.read() as session:
        progress = session.get(OrderRow, row.order)
    telephone = telephone_of(row.seat, secret, row.order) if secret and row.name == "OpenSeat" else None
    return shown(progress, row, telephone)


def shown(progress: OrderRow | None, row: ApiOrder, telephone: Telephone | None = None) -> OrderShape:
    """An order as it is shown: without progress it is taken down and no more, one to a case is carried out."""
    at_once = row.name in AT_ONCE
    begun = "observed" if at_once or row.name in HOOKS else "intent"
    return OrderShape(
        id=row.order, name=row.name, agent=row.seat, call=row.call, transfer=row.transfer,
        state=progress.state if progress else begun, reason=progress.reason if progress else "", made_at=row.made_at,
        case=row.target if at_once else None,
        changed_at=progress.changed_at if progress else row.made_at, telephone=telephone,
    )  # fmt: skip


def secret_of(token: str, order: UUID) -> str:
    """A telephone's secret: whoever holds the token can make it again, and it is stored nowhere."""
    made = hmac.digest(token.encode(), b"telephone " + order.bytes, "sha256")
    return base64.urlsafe_b64encode(made[:24]).decode()


def telephone_of(seat: str, token: str, order: UUID) -> Telephone:
    """How the telephone of a seat logs in."""
    pbx = office().settings.node_of(seat)
    return Telephone(
        user=f"seat{seat}", secret=secret_of(token, order), realm=REALM, host=pbx.host, sip_port=pbx.sip_port,
        websocket=f"ws://{pbx.host}:{pbx.http_port}/ws",
    )  # fmt: skip


def noted(work: Any, ask: Ask, what: str, subject: str, reason: str = "", allowed: bool = True) -> None:
    """One audit row about what a token does."""
    user = ask.who.user
    audit.note(
        work, what, subject, who=user.id, login=user.login, ip=request.remote_addr or "", allowed=allowed,
        reason=f"{reason} [{ask.who.name}]".strip(),
    )  # fmt: skip


def before(ask: Ask) -> ApiOrder | None:
    """The order that was given under this key before. Raises Problem when it was another one's."""
    with office().store.read() as session:
        return same(ask, tokens.taken(session, ask.who.token, ask.key))


def same(ask: Ask, row: ApiOrder | None) -> ApiOrder | None:
    """The order, if it is of this very request. Raises Problem."""
    if row is not None and row.fingerprint != fingerprint(ask):
        raise Problem("other-request", errors=[("header.Idempotency-Key", "was used for another request")])
    return row


def _now(ask: Ask) -> ApiOrder:
    wanted: Wanted = ask.route.does(ask)
    orders = [_meant(order, wanted.call) for order in wanted.orders]
    first = orders[0]
    row = ApiOrder(
        token=ask.who.token, key=ask.key, fingerprint=fingerprint(ask), order=first.order, name=type(first).__name__,
        seat=getattr(first, "seat", ""), target=wanted.target,
        call=first.order if isinstance(first, CallOut) else wanted.call,
        transfer=first.order if isinstance(first, Consult) else wanted.transfer,
    )  # fmt: skip
    try:
        with office().store.work() as work:
            if not tokens.mine(work, ask.who.token, ask.key):
                raise Problem("in-progress")
            if (found := same(ask, tokens.taken(work.session, ask.who.token, ask.key))) is not None:
                return found
            row.made_at = work.now
            tokens.take(work, row)
            for order in orders:
                work.emit(order)
            noted(work, ask, wanted.what, wanted.subject, wanted.reason)
    except IntegrityError:
        found = before(ask)
        if found is None:
            raise
        return found
    if wanted.shout is not None:
        office().shout(*wanted.shout)
    return row


def _meant(order: Order, call: UUID | None) -> Order:
    """An order about a call is about that call, not about whichever the seat is in when its turn comes."""
    if call is None or not isinstance(order, SeatOrder) or isinstance(order, CallOut | PickCaller):
        return order
    return replace(order, during=CallId(call))


def published(order: UUID) -> OutboxRow | None:
    """The order as it was given."""
    with office().store.read() as session:
        return session.scalar(select(OutboxRow).where(OutboxRow.key == order, OutboxRow.kind == "order"))
