"""One route of the API as the table has it: what it is, what right it needs, what it takes and gives, who does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from backoffice.api.asks import Asked, Nothing
from backoffice.api.problems import Problem
from backoffice.api.shapes import CalendarName, CaseRef, Number, Phone, QueueName
from schema.desk.tokens import Holder

OPEN = "open"
"""Anybody may, without a token."""
ANY = "any token"
PATH: dict[str, Any] = {
    "call": UUID, "transfer": UUID, "recording": UUID, "callback": UUID, "order": UUID, "agent": UUID,
    "number": Number, "queue": QueueName, "case": CaseRef, "task": UUID, "contact": UUID, "citizen": UUID,
    "webhook": UUID, "delivery": UUID, "visit": UUID,
    "phone": Phone, "calendar": CalendarName, "version": Annotated[int, Meta(ge=1, le=10**6)],
}  # fmt: skip
"""What stands in a path, by name."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that passed the door. `secret` is the token itself, `key` the order's (POST).

    `version` is that of If-Match: what the program saw (0: it does not say).
    """

    who: Holder
    route: "Route"
    path: Mapping[str, Any]
    query: Any
    body: Any
    secret: str = ""
    key: str = ""
    version: int = 0

    def need(self, right: str) -> None:
        """Insist on a further right. Raises Problem."""
        if not self.who.may(right):
            raise Problem("forbidden", f"the token does not carry the right {right}")

    def at_seat(self, seat: str) -> str:
        """The seat, if the token may act at it: its user's own, or any with seat.on-behalf. Raises Problem."""
        if seat != self.who.user.seat:
            self.need("seat.on-behalf")
        return seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path. `gives` is the shape of the answer (None: no JSON); `fails` are codes beside the usual.

    `native`: not a page of this application, but served beside it. `told`: an order that is carried out at once;
    `does` then gives what carries it out (see `atonce`), and `told` its answer. `versioned`: it heeds If-Match;
    `etag`: the version of what it answers.
    """

    method: str
    path: str
    name: str
    tag: str
    summary: str
    right: str
    does: Callable[[Ask], Any]
    about: str = ""
    query: type[Asked] = Nothing
    body: type[Asked] = Nothing
    gives: Any = None
    media: str = "application/json"
    fails: tuple[str, ...] = ()
    native: bool = False
    told: Callable[["Ask", Any], Any] | None = None
    status: int = 200
    versioned: bool = False
    etag: Callable[[Any], int] | None = None

    @property
    def orders(self) -> bool:
        """Whether it gives an order, and so wants a key; one that another room carries out is answered 202."""
        return self.method == "POST"

    @property
    def names(self) -> list[str]:
        """What stands in the path."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that this route can answer with."""
        found = ["store", "broken"]
        if self.right != OPEN:
            found += ["no-token", "bad-token", "too-many"]
        if self.right not in (OPEN, ANY):
            found.append("forbidden")
        if self.names or self.query is not Nothing or self.orders:
            found.append("malformed")
        if self.names:
            found.append("not-found")
        if self.orders:
            found += ["no-key", "in-progress", "other-request", "media-type", "too-large", "forbidden"]
            found.append("no-connection" if self.told is None else "refused")
        if self.versioned:
            found.append("stale")
        return tuple(dict.fromkeys((*found, *self.fails)))
