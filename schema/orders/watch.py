"""Orders of a supervisor over another's seat. Each has a `reason`; who gives it needs the right for it."""

from schema.orders.seats import SeatOrder


class WatchOrder(SeatOrder, frozen=True, kw_only=True):
    """A supervisor at seat `watcher` wants into the call of `seat`. `shown`: the agent is told."""

    watcher: str
    reason: str = ""
    shown: bool = True


class Listen(WatchOrder, frozen=True, kw_only=True):
    """Hear both sides, unheard (监听)."""


class Whisper(WatchOrder, frozen=True, kw_only=True):
    """Hear both, heard by the agent alone."""


class Barge(WatchOrder, frozen=True, kw_only=True):
    """Join the call, heard by all (强插)."""


class StopWatching(WatchOrder, frozen=True, kw_only=True):
    """Leave the call that `watcher` listens to; the others talk on."""


class TakeOver(WatchOrder, frozen=True, kw_only=True):
    """Take the citizen to `watcher`'s seat; the agent is released (接管)."""


class ForcedOrder(SeatOrder, frozen=True, kw_only=True):
    """Something a supervisor does to a seat, for a reason."""

    reason: str = ""


class ForceHangUp(ForcedOrder, frozen=True, kw_only=True):
    """End the seat's call (强拆)."""


class ForceTransfer(ForcedOrder, frozen=True, kw_only=True):
    """Send the seat's citizen to `target` (强转)."""

    target: str


class ForcePause(ForcedOrder, frozen=True, kw_only=True):
    """Let no more calls come to the seat."""


class ForceReady(ForcedOrder, frozen=True, kw_only=True):
    """Let calls come to the seat again."""


class ForceLogOut(ForcedOrder, frozen=True, kw_only=True):
    """Close the seat. A citizen it talks with goes back to the head of the queue."""
