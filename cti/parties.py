"""The parties of a seat's call, read off what was heard: the seat's leg, the citizen's, and who was asked."""

from dataclasses import dataclass

from cti.floor import Floor
from cti.memory import Call, Leg, Memory
from cti.speaks_talk import Place


class OrderFailed(Exception):
    """An order cannot be carried out; the text says why."""


@dataclass(frozen=True, slots=True)
class Party:
    """One leg: its uniqueid and what is known of it."""

    id: str
    leg: Leg

    @property
    def in_room(self) -> tuple[str, str]:
        """Where it is sent to be in a room. Of those who are no seat, the citizen alone has a line to go back to."""
        return Place.ROOM_CITIZEN if self.leg.kind == "citizen" else Place.ROOM_PARTY


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is in a seat's call. `citizen` and `asked` are None when there is none."""

    call: Call | None
    seat: Party
    citizen: Party | None
    asked: Party | None
    others: tuple[Party, ...]

    @property
    def room(self) -> bool:
        """Whether three or more hear each other where the seat is."""
        bridge = self.seat.leg.bridge
        return bool(bridge) and sum(one.leg.bridge == bridge for one in self.all) > 2

    @property
    def all(self) -> list[Party]:
        """Everybody, the seat first."""
        return [one for one in (self.seat, self.citizen, self.asked, *self.others) if one is not None]

    @property
    def theirs(self) -> Party:
        """The citizen. Raises OrderFailed when they are gone."""
        if self.citizen is None:
            raise OrderFailed("the citizen is no longer in the call")
        return self.citizen

    @property
    def guest(self) -> Party:
        """Whoever was asked, once they have answered. Raises OrderFailed."""
        if self.asked is None:
            raise OrderFailed("nobody is being consulted")
        if not self.asked.leg.answered:
            raise OrderFailed("who is being consulted has not answered yet")
        return self.asked


def at(memory: Memory, seat: str) -> Parties:
    """The call that `seat` is in. Raises OrderFailed when it talks with nobody."""
    found = memory.at_seat(seat)
    if found is None:
        raise OrderFailed(f"seat {seat} is not in a call")
    uniqueid, leg = found
    call = memory.calls.get(leg.call)
    legs = {one: Party(one, other) for one, other in memory.of_call(leg.call).items() if one != uniqueid}
    citizen = legs.pop(call.leg, None) if call is not None else None
    asked = next(
        (
            one
            for one in legs.values()
            if one.leg.why == "consult" and one.leg.by == seat and not one.leg.failed
        ),
        None,
    )
    others = tuple(one for one in legs.values() if asked is None or one.id != asked.id)
    return Parties(call, Party(uniqueid, leg), citizen, asked, others)


def free_seat(floor: Floor, name: str, asking: str) -> None:
    """Refuse a seat that cannot take a call now. Raises OrderFailed."""
    if name == asking:
        raise OrderFailed("a seat cannot be sent its own call")
    if (found := state(floor, name)) not in ("ready", "paused"):
        raise OrderFailed(f"seat {name} is {found or 'not open'}")


def state(floor: Floor, name: str) -> str:
    """A seat's state, "" when it is not open."""
    seat = floor.seats.get(name)
    return seat.state if seat is not None else ""
