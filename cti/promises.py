"""Promised call-backs on the floor: what each fact makes of one. Pure; the states are those of schema.rules.callbacks.

Those that are over are gone from the floor; the rows keep them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from schema.facts import (
    CallBackDropped,
    CallBackFailed,
    CallBackKept,
    CallBackPromised,
    CallBackTried,
    Fact,
)
from schema.ids import CallId, ContactId

if TYPE_CHECKING:
    from cti.floor import Changed, Floor


@dataclass(frozen=True, slots=True)
class Promise:
    """A call-back that is owed. `place` is when the wait began that goes on; `attempts` how often it was dialled.

    While dialling, `trying` is that attempt's call and `seat` the seat that is kept for it; before `next_at` it is not
    dialled again. `state` is promised, dialling or retry. `returning`: an agent was found and lost again.
    """

    promise: UUID
    contact: ContactId
    call: CallId
    number: str
    queue: str
    language: str
    priority: int
    place: datetime
    promised: datetime
    expires: datetime
    skills: str = ""
    state: str = "promised"
    attempts: int = 0
    next_at: datetime | None = None
    trying: CallId | None = None
    seat: str = ""
    returning: bool = False


def promised(floor: "Floor", fact: CallBackPromised) -> None:
    """A call-back is owed from now on."""
    if fact.contact is not None:
        floor.state.promises[fact.promise] = Promise(
            fact.promise, fact.contact, fact.call, fact.number, fact.queue, fact.language, fact.priority, fact.place,
            fact.at, fact.expires, fact.skills,
        )  # fmt: skip


def _tried(floor: "Floor", fact: CallBackTried, _changed: "Changed") -> None:
    _change(floor, fact.promise, state="dialling", attempts=fact.attempt, trying=fact.call, seat=fact.seat)


def _failed(floor: "Floor", fact: CallBackFailed, _changed: "Changed") -> None:
    known = floor.state.promises.get(fact.promise)
    if known is None:
        return
    if fact.again is None:
        del floor.state.promises[fact.promise]
    elif fact.reason == "no seat":
        # The citizen was not at fault: the try is not counted, and the place is ahead of its equals.
        attempts = max(0, known.attempts - 1)
        _change(floor, fact.promise, state="promised", next_at=fact.again, trying=None, seat="", returning=True,
                attempts=attempts)  # fmt: skip
    else:
        _change(floor, fact.promise, state="retry", next_at=fact.again, trying=None, seat="")


def _kept(floor: "Floor", fact: CallBackKept, _changed: "Changed") -> None:
    floor.state.promises.pop(fact.promise, None)


def _dropped(floor: "Floor", fact: CallBackDropped, changed: "Changed") -> None:
    known = floor.state.promises.pop(fact.promise, None)
    if known is not None and fact.call in floor.calls:
        # Who rings in again has the place that was promised.
        call = floor.calls[fact.call]
        since = min(call.waiting_since or known.place, known.place)
        priority = max(call.priority, known.priority)
        floor.change_call(fact.call, changed, waiting_since=since, priority=priority)


def _change(floor: "Floor", promise: UUID, **new: Any) -> None:
    known = floor.state.promises.get(promise)
    if known is not None:
        floor.state.promises[promise] = replace(known, **new)


REDUCERS: dict[type[Fact], Callable[["Floor", Any, "Changed"], None]] = {
    CallBackTried: _tried,
    CallBackFailed: _failed,
    CallBackKept: _kept,
    CallBackDropped: _dropped,
}
