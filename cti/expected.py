"""Facts that an order waits for: it says what it wants to see, acts, and then waits until that was heard."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from cti.parties import OrderFailed
from schema.facts import Fact, LegJoined

SEEN_WITHIN = 5.0


class Seen(Awaitable[Fact]):
    """Awaited: the fact. Raises OrderFailed when it did not come in time."""

    def __init__(self, future: "asyncio.Future[Fact | None]") -> None:
        self._future = future

    def __await__(self) -> Generator[Any, None, Fact]:
        fact = yield from self._future.__await__()
        if fact is None:
            raise OrderFailed("the PBX was told, but nothing was seen of it")
        return fact


class Expected:
    """What is waited for, for `patience` seconds. An order that fails before it waits leaves nothing behind."""

    def __init__(self, patience: float = SEEN_WITHIN) -> None:
        self.patience = patience
        self._wanted: dict[asyncio.Future[Fact | None], Callable[[Fact], bool]] = {}

    def __len__(self) -> int:
        return len(self._wanted)

    def observed(self, fact: Fact) -> None:
        """Something happened; whoever waits for it goes on."""
        for future, wanted in list(self._wanted.items()):
            if not future.done() and wanted(fact):
                future.set_result(fact)

    def until(self, wanted: Callable[[Fact], bool], seconds: float | None = None) -> Seen:
        """Look out from now on, for so many seconds; or as long as one has patience."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Fact | None] = loop.create_future()
        self._wanted[future] = wanted
        timer = loop.call_later(self.patience if seconds is None else seconds, _late, future)

        def over(done: "asyncio.Future[Fact | None]") -> None:
            timer.cancel()
            del self._wanted[done]

        future.add_done_callback(over)
        return Seen(future)

    def all_joined(self, legs: set[str]) -> Seen:
        """Until each of these legs has entered a bridge."""
        missing = set(legs)

        def seen(fact: Fact) -> bool:
            if isinstance(fact, LegJoined):
                missing.discard(fact.leg)
            return not missing

        return self.until(seen)


def _late(future: "asyncio.Future[Fact | None]") -> None:
    if not future.done():
        future.set_result(None)
