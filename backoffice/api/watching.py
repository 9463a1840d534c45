"""What a supervisor does to a call or an agent: each with a right of its own, a reason, and a row in the audit."""

from collections.abc import Callable
from typing import Any

from msgspec import UNSET

from backoffice.api import asks, shapes
from backoffice.api.calls import target_of
from backoffice.api.giving import Wanted
from backoffice.api.live import connected, opened, person, seat_of, seats
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.office import office
from backoffice.watch import EARS, FORCED, right_of
from schema.orders import ForceTransfer
from schema.orders.watch import ForcedOrder, WatchOrder


def watched(verb: str) -> Callable[[Ask], Wanted]:
    """An ear, or a voice, in a call."""
    kind: type[WatchOrder] = EARS[verb]

    def does(ask: Ask) -> Wanted:
        call, reason = ask.path["call"], _reason(ask)
        watcher = ask.body.watcher if ask.body.watcher is not UNSET else ask.who.user.seat
        if watcher is None:
            raise Problem("no-own-seat", "say which seat is the supervisor's", [("watcher", "missing")])
        ask.at_seat(watcher)
        seat = seat_of(call, ask.body.agent, None)
        if watcher == seat:
            raise Problem("own-seat", "nobody watches their own call")
        connected(seat)
        own = seats().get(watcher)
        if own is None or own.get("state") == "unreachable":
            raise Problem("no-own-seat", f"the telephone of seat {watcher} is not there")
        there = [one.get("watcher") for one in seats().get(seat, {}).get("watchers") or []]
        if verb == "stop" and watcher not in there:
            raise Problem("not-watching", f"seat {watcher} does not watch seat {seat}")
        shown = verb not in ("listen", "whisper", "barge") or office().settings.watch.shown(verb)
        order = kind(by=ask.who.user.id, seat=seat, watcher=watcher, reason=reason, shown=shown)
        return Wanted(orders=(order,), what=right_of(verb), subject=seat, reason=reason, call=call)

    return does


def hang_up(ask: Ask) -> Wanted:
    """End a call for everybody at a seat."""
    call, reason = ask.path["call"], _reason(ask)
    seat = seat_of(call, ask.body.agent, None)
    connected(seat)
    order = FORCED["hangup"](by=ask.who.user.id, seat=seat, reason=reason)
    return Wanted(orders=(order,), what=right_of("hangup"), subject=seat, reason=reason, call=call)


def transfer(ask: Ask) -> Wanted:
    """Send a seat's citizen elsewhere."""
    call, reason = ask.path["call"], _reason(ask)
    seat = seat_of(call, ask.body.agent, None)
    wanted = target_of("transfer", ask, seat)
    connected(seat)
    order = ForceTransfer(by=ask.who.user.id, seat=seat, target=wanted, reason=reason)
    return Wanted(
        orders=(order,), what=right_of("transfer"), subject=f"{seat} → {wanted}", reason=reason, call=call,
        target=wanted,
    )  # fmt: skip


def forced(verb: str) -> Callable[[Ask], Wanted]:
    """Something done to an agent, in a call or not."""
    kind: type[ForcedOrder] = FORCED[verb]

    def does(ask: Ask) -> Wanted:
        seat, reason = ask.path["number"], _reason(ask)
        person(seat)
        connected(seat)
        opened(seat)
        order = kind(by=ask.who.user.id, seat=seat, reason=reason)
        return Wanted(orders=(order,), what=right_of(verb), subject=seat, reason=reason)

    return does


def _reason(ask: Ask) -> str:
    found: str = ask.body.reason.strip()
    if not found:
        raise Problem("refused", errors=[("reason", "nothing but blanks")])
    return found


def _of_call(path: str, verb: str, summary: str, does: Any, body: type[asks.Asked], *more: str) -> Route:
    return Route(
        method="POST", path=f"/calls/{{call}}/{path}", name=path, tag="supervision", summary=summary,
        right=right_of(verb), does=does, query=asks.Wait, body=body, gives=shapes.Order,
        fails=("no-call", "refused", *more),
    )  # fmt: skip


def _of_agent(verb: str, summary: str) -> Route:
    return Route(
        method="POST", path=f"/agents/by-number/{{number}}/force-{verb}", name=f"force-{verb}", tag="supervision",
        summary=summary, right=right_of(verb), does=forced(verb), query=asks.Wait, body=asks.Forced, gives=shapes.Order,
        fails=("seat-closed", "refused"),
    )  # fmt: skip


_EAR = ("own-seat", "no-own-seat")
ROUTES = (
    _of_call("listen", "listen", "Hear both sides, unheard", watched("listen"), asks.Watched, *_EAR),
    _of_call("whisper", "whisper", "Be heard by the agent alone", watched("whisper"), asks.Watched, *_EAR),
    _of_call("barge", "barge", "Join the call, heard by all", watched("barge"), asks.Watched, *_EAR),
    _of_call("take-over", "takeover", "Take the citizen over", watched("takeover"), asks.Watched, *_EAR),
    _of_call("stop-watching", "stop", "Leave the call", watched("stop"), asks.Watched, *_EAR, "not-watching"),
    _of_call("force-hangup", "hangup", "End the call for everybody", hang_up, asks.ForcedCall),
    _of_call("force-transfer", "transfer", "Send the citizen elsewhere", transfer, asks.ForcedTo),
    _of_agent("pause", "Let no more calls come to an agent"),
    _of_agent("ready", "Let calls come to an agent again"),
    _of_agent("logout", "Log an agent out; a citizen there goes back to the head of the line"),
)
