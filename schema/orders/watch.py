"""Orders of a supervisor over another's seat. Each has a `reason`; who gives it needs the right for it."""

from dataclasses import dataclass

from schema.orders.seats import SeatOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOrder(SeatOrder):
    """A supervisor at seat `watcher` wants into the call of `seat`. `shown`: the agent is told."""

    watcher: str
    reason: str = ""
    shown: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen(WatchOrder):
    """Hear both sides, unheard (监听)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper(WatchOrder):
    """Hear both, heard by the agent alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barge(WatchOrder):
    """Join the call, heard by all (强插)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWatching(WatchOrder):
    """Leave the call that `watcher` listens to; the others talk on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver(WatchOrder):
    """Take the citizen to `watcher`'s seat; the agent is released (接管)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcedOrder(SeatOrder):
    """Something a supervisor does to a seat, for a reason."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceHangUp(ForcedOrder):
    """End the seat's call (强拆)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceTransfer(ForcedOrder):
    """Send the seat's citizen to `target` (强转)."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcePause(ForcedOrder):
    """Let no more calls come to the seat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceReady(ForcedOrder):
    """Let calls come to the seat again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceLogOut(ForcedOrder):
    """Close the seat. A citizen it talks with goes back to the head of the queue."""
