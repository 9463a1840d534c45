"""The net: the PBX's own queues, whose members are kept equal to the open seats, so that they can always take over."""

from collections.abc import Iterable, Mapping

from cti import speaks
from cti.live import LiveSeat
from cti.speaks import Action

PREFIX = "PJSIP/seat"


def wanted(seats: Iterable[LiveSeat], queue: str) -> dict[str, bool]:
    """Who should be in the net, and whether paused. A seat that wraps up is not: the net has a wrap-up of its own."""
    return {seat.seat: bool(seat.paused) for seat in seats if not seat.queues or queue in seat.queues.split()}


def found(rows: Iterable[Mapping[str, str]]) -> dict[str, bool]:
    """Who is in the net, from AMI QueueStatus."""
    return {
        row["Location"].removeprefix(PREFIX): row.get("Paused") == "1"
        for row in rows
        if row.get("Event") == "QueueMember" and row.get("Location", "").startswith(PREFIX)
    }


def mend(
    queue: str, want: Mapping[str, bool], have: Mapping[str, bool], names: Mapping[str, str]
) -> list[Action]:
    """The actions that make the net what it should be: those who left first."""
    actions = [speaks.remove_member(queue, seat) for seat in sorted(have.keys() - want.keys())]
    for seat, paused in sorted(want.items()):
        if seat not in have:
            actions.append(speaks.add_member(queue, seat, names.get(seat, seat), paused=paused))
        elif have[seat] != paused:
            actions.append(speaks.pause_member(queue, seat, paused=paused))
    return actions
