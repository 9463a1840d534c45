"""The board: the floor as numbered messages for screens: a full picture, then only what changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from cti.floor import Floor
from cti.live import Figures, LiveCall, LiveSeat
from schema.ids import CallId

SHORTEST, FULL_EVERY, BEAT_EVERY = 0.2, 10.0, 1.0


class Board:
    """Makes messages of one node's floor. `epoch` changes with every process, `v` counts from 1 in it."""

    def __init__(self, node: str, epoch: str) -> None:
        self._node, self._epoch = node, epoch
        self._v = 0
        self._seats: dict[str, LiveSeat] = {}
        self._calls: dict[CallId, LiveCall] = {}
        self._figures: dict[str, Any] = {}
        self._link = ""

    def full(self, floor: Floor, link: str, at: str) -> bytes:
        """The whole picture."""
        self._seats, self._calls, self._figures = {}, {}, {}
        return self._message(True, link, at, self._changes(floor))

    def delta(self, floor: Floor, link: str, at: str) -> bytes | None:
        """What changed since the last message, None when nothing did."""
        part = self._changes(floor)
        if not any(part.values()) and link == self._link:
            return None
        return self._message(False, link, at, part)

    def _changes(self, floor: Floor) -> dict[str, dict[str, Any]]:
        """Calls and seats that are others than those shown: they are frozen, so what is the same object is the same."""
        seats = {name: _seat(seat) for name, seat in floor.seats.items() if self._seats.get(name) is not seat}
        calls = {
            str(key): _call(call) for key, call in floor.calls.items() if self._calls.get(key) is not call
        }
        seats |= dict.fromkeys(self._seats.keys() - floor.seats.keys())  # type: ignore[arg-type]
        calls |= dict.fromkeys(map(str, self._calls.keys() - floor.calls.keys()))  # type: ignore[arg-type]
        self._seats, self._calls = floor.seats.copy(), floor.calls.copy()
        was, self._figures = self._figures, _day(floor)
        return {"seats": seats, "calls": calls, "figures": self._figures if self._figures != was else {}}

    def beat(self, at: str) -> bytes:
        """That we are there, and the version every screen should have by now."""
        return msgspec.json.encode(
            {"node": self._node, "epoch": self._epoch, "v": self._v, "beat": True, "at": at}
        )

    def _message(self, full: bool, link: str, at: str, part: dict[str, Any]) -> bytes:
        self._v += 1
        self._link = link
        head = {"node": self._node, "epoch": self._epoch, "v": self._v, "full": full, "at": at, "link": link}
        return msgspec.json.encode(head | part)


def _day(floor: Floor) -> dict[str, Any]:
    return {
        **_figures(floor.figures), "conserved": floor.right, "promises": floor.state.told.figures,
        "callbacks": len(floor.promises),
        "queues": {queue: _figures(figures) for queue, figures in floor.queues.items()},
    }  # fmt: skip


def _figures(figures: Figures) -> dict[str, int]:
    return {name: getattr(figures, name) for name in figures.__slots__}


def _seat(seat: LiveSeat) -> dict[str, Any]:
    consult = seat.consult
    return {
        "seat": seat.seat, "user": str(seat.user), "name": seat.name, "state": seat.state,
        "since": seat.since.isoformat(), "reason": seat.paused if seat.state in ("paused", "unreachable") else "",
        "number": seat.number, "call": str(seat.call) if seat.call else None,
        "contact": str(seat.contact) if seat.contact else None, "language": seat.language,
        "opened": seat.opened.isoformat() if seat.opened else None, "why": seat.why, "citizen": seat.citizen,
        "held": seat.citizen == "hold", "conference": seat.conference,
        "unrecorded": seat.unrecorded,
        "unrecorded_at": seat.unrecorded_at.isoformat() if seat.unrecorded_at else None,
        "consult": {"target": consult.target, "state": consult.state} if consult else None,
        "watchers": [{"watcher": who, "mode": mode} for who, mode in seat.watchers.items()],
        "wrap_until": seat.wrap_until.isoformat() if seat.wrap_until else None,
        "languages": seat.languages, "skills": seat.skills, "queues": seat.queues,
    }  # fmt: skip


def _call(call: LiveCall) -> dict[str, Any]:
    return {
        "call": str(call.call), "contact": str(call.contact), "number": call.number, "queue": call.queue,
        "language": call.language, "stage": call.stage, "since": call.since.isoformat(),
        "entered": call.entered.isoformat(), "seat": call.seat, "direction": call.direction,
        "waiting_since": call.waiting_since.isoformat() if call.waiting_since else None, "priority": call.priority,
        "why": call.why, "told": call.told, "purpose": call.purpose, "parties": list(call.parties.values()),
    }  # fmt: skip


class Shouter:
    """Shows the floor on a topic: the first change at once, then at most five messages a second, a full one each 10 s.
    When a second passes without any, a beat: whoever hears nothing for longer knows that nobody is here.

    `shout` takes the message; `clock` is the reactor's (IReactorTime); `look` gives the floor and the link's state.
    """

    def __init__(
        self, board: Board, shout: Callable[[bytes], None], look: Callable[[], tuple[Floor, str]], clock: Any,
        utc: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._board, self._shout, self._look, self._clock, self._utc = board, shout, look, clock, utc
        self._last = float("-inf")
        self._later: Any = None
        self._full_due: Any = None
        self._beat_due: Any = None

    def changed(self) -> None:
        """Something changed."""
        if self._later is not None:
            return
        wait = self._last + SHORTEST - self._clock.seconds()
        if wait > 0:
            self._later = self._clock.callLater(wait, self._delta)
        else:
            self._delta()

    def at_once(self) -> None:
        """Something changed that nobody should wait for: whether this floor is to be believed."""
        if self._later is not None and self._later.active():
            self._later.cancel()
        self._delta()

    def full(self) -> None:
        """Show everything now, and again in 10 s."""
        if self._full_due is not None and self._full_due.active():
            self._full_due.cancel()
        self._full_due = self._clock.callLater(FULL_EVERY, self.full)
        floor, link = self._look()
        self._say(self._board.full(floor, link, self._utc().isoformat()))

    def stop(self) -> None:
        """Show no more."""
        for call in (self._later, self._full_due, self._beat_due):
            if call is not None and call.active():
                call.cancel()

    def _delta(self) -> None:
        self._later = None
        floor, link = self._look()
        message = self._board.delta(floor, link, self._utc().isoformat())
        if message is not None:
            self._say(message)

    def _say(self, message: bytes) -> None:
        self._last = self._clock.seconds()
        self._beat_in(BEAT_EVERY)
        self._shout(message)

    def _beat(self) -> None:
        self._beat_in(BEAT_EVERY)
        self._shout(self._board.beat(self._utc().isoformat()))

    def _beat_in(self, seconds: float) -> None:
        if self._beat_due is not None and self._beat_due.active():
            self._beat_due.cancel()
        self._beat_due = self._clock.callLater(seconds, self._beat)
