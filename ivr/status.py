"""How far a caller's own requests are, said by voice: looked up beside the call, with a bounded wait."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool

from schema.desk.spokenstatus import Told, spoken_status
from schema.rules.spokennumbers import digits
from schema.store import Store

WAIT = 3.0
"""Seconds after which the caller is told that it cannot be looked up."""
Look = Callable[[str], Awaitable[Sequence[Told]]]
"""A number's last requests. Raises whatever kept it from looking."""


def looks(store: Store, reactor: Any) -> Look:
    """A look at the store, on a thread of the reactor's."""

    def read(number: str) -> list[Told]:
        with store.read() as session:
            return spoken_status(session, number, store.clock())

    def look(number: str) -> "Deferred[list[Told]]":
        found: Deferred[list[Told]] = deferToThreadPool(reactor, reactor.getThreadPool(), read, number)
        return found.addTimeout(WAIT, reactor)

    return look


def said(cases: Sequence[Told], language: str) -> tuple[str, ...]:
    """The prompts that tell of them."""
    if not cases:
        return ("status-none",)
    return tuple(
        name
        for one in cases
        for name in ("status-before", *digits(one.ending, language), f"status-{one.stage}")
    )
