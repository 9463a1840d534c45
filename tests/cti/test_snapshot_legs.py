"""Whatever a call has come to: a bridge that knows nothing of it meets every leg, and makes of it the same call."""

from collections.abc import Awaitable, Callable

import pytest

from cti import notes
from cti.memory import Leg
from schema.ids import ContactId, uuid7
from schema.orders import Barge, CallOut, CompleteTransfer, Conference, Consult, Hold, Listen, Swap
from tests.cti.loops import awaited
from tests.cti.modelhouse import House
from tests.cti.properties.days import Listener

EXPERT = "number:13900139000"


async def talking(house: House) -> None:
    house.talk()


async def on_hold(house: House) -> None:
    house.talk()
    assert await house.order(Hold(seat="101")) == ""


async def asking_a_colleague(house: House) -> None:
    house.talk()
    assert await house.order(Consult(seat="101", target="seat:102")) == ""


async def asking_outside(house: House) -> None:
    house.talk()
    assert await house.order(Consult(seat="101", target=EXPERT)) == ""


async def asked(house: House) -> None:
    await asking_outside(house)
    house.pbx.answers(next(one for one in house.pbx.channels.values() if not one.up))


async def asked_a_colleague(house: House) -> None:
    await asking_a_colleague(house)
    house.pbx.answers(next(one for one in house.pbx.channels.values() if not one.up))


async def asked_and_swapped(house: House) -> None:
    await asked(house)
    assert await house.order(Swap(seat="101")) == ""


async def three(house: House) -> None:
    await asked(house)
    assert await house.order(Conference(seat="101")) == ""


async def handed_over(house: House) -> None:
    await asked(house)
    assert await house.order(CompleteTransfer(seat="101")) == ""
    house.note(notes.wrapped_up("101", "timer"))


async def listening(house: House) -> None:
    house.talk()
    assert await house.order(Listen(seat="101", watcher="900")) == ""


async def joined_in(house: House) -> None:
    house.talk()
    assert await house.order(Barge(seat="101", watcher="900")) == ""


async def calling_out(house: House) -> None:
    assert await house.order(CallOut(seat="101", target=EXPERT, contact=ContactId(uuid7()))) == ""


async def called_out(house: House) -> None:
    await calling_out(house)
    house.pbx.answers(next(one for one in house.pbx.channels.values() if not one.up))


async def calling_a_colleague(house: House) -> None:
    assert await house.order(CallOut(seat="101", target="seat:102")) == ""


async def called_a_colleague(house: House) -> None:
    await calling_a_colleague(house)
    house.pbx.answers(next(one for one in house.pbx.channels.values() if not one.up))


def gist(leg: Leg) -> tuple[object, ...]:
    """What must be known of a leg to go on with it."""
    return leg.kind, leg.seat, leg.answered, leg.bridge, leg.held, leg.room, leg.recording


SCENES = (
    talking, on_hold, asking_a_colleague, asking_outside, asked, asked_a_colleague, asked_and_swapped, three,
    handed_over, listening, joined_in, calling_out, called_out, calling_a_colleague, called_a_colleague,
)  # fmt: skip


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
@awaited
async def test_every_leg_is_met_with_its_part(scene: Callable[[House], Awaitable[None]]) -> None:
    house = House()
    await scene(house)
    ear = Listener()
    for whose, frame in zip(house.whose, house.tape, strict=True):
        if not whose:
            ear.hear(frame)  # our own notes: who sits where
    ear.looks(house.pbx.rows(), house.now, times=2)
    met, real = ear.hearing.memory.legs, house.hearing.memory.legs
    assert {leg: gist(known) for leg, known in met.items()} == {
        leg: gist(known) for leg, known in real.items()
    }
    assert ear.floor.calls.keys() == house.floor.calls.keys()
    for name, seat in house.floor.seats.items():
        assert ear.floor.seats[name].state == seat.state, name
    for call, live in house.floor.calls.items():
        assert (ear.floor.calls[call].direction, ear.floor.calls[call].leg) == (live.direction, live.leg)
    for channel in list(house.pbx.channels.values()):
        if channel.uniqueid in house.pbx.channels:
            house.pbx.hangs_up(channel) if channel.up else house.pbx.declines(channel)
    ear.looks([], house.now)
    assert not ear.floor.calls and not ear.hearing.memory.legs
    assert {
        name: seat.busy for name, seat in ear.floor.seats.items() if seat.busy not in ("", "wrapup")
    } == {}
