"""A page that is loaded anew takes its call back, and whoever was asked waits meanwhile."""

import pytest

from schema.facts import CallTransferred, WrapUpStarted
from schema.orders import (
    CompleteTransfer,
    Conference,
    RecoverCall,
    Swap,
)
from schema.orders.seats import SeatOrder
from tests.cti.consulting import asked
from tests.cti.loops import awaited
from tests.cti.modelhouse import House


@awaited
async def test_a_seat_takes_its_call_back() -> None:
    house = House()
    citizen, old = house.talk()
    assert await house.order(RecoverCall(seat="101")) == ""
    assert old.uniqueid not in house.pbx.channels and house.hears(citizen) == {"101"}
    assert house.count(WrapUpStarted) == 0 and house.floor.seats["101"].state == "talking"


@pytest.mark.parametrize("before", [None, Swap, Conference])
@awaited
async def test_whoever_was_asked_waits_while_the_seat_takes_its_call_back(
    before: type[SeatOrder] | None,
) -> None:
    house = House()
    citizen, old, other = await asked(house)
    if before is not None:
        assert await house.order(before(seat="101")) == ""
    assert await house.order(RecoverCall(seat="101")) == ""
    assert old.uniqueid not in house.pbx.channels and house.hears(citizen) == {"101"}
    assert other.context == "gridline-hold" and other.variables["GRIDLINE_PEER"] == citizen.uniqueid
    consult = house.floor.seats["101"].consult
    assert consult is not None and (consult.leg, consult.state) == (other.uniqueid, "hold")
    assert await house.order(CompleteTransfer(seat="101")) == ""
    assert house.hears(citizen) == {other.number}


@awaited
async def test_a_seat_that_was_only_asked_takes_nothing_back() -> None:
    house = House()
    citizen, leg, other = await asked(house, "seat:102")
    assert "only asked" in await house.order(RecoverCall(seat="102"))
    assert house.hears(leg) == {"102"} and other.uniqueid in house.pbx.channels


@awaited
async def test_a_new_page_that_does_not_answer_leaves_the_citizen_to_the_line() -> None:
    house = House()
    citizen, leg = house.talk()
    house.pbx._dial = lambda one, context, exten: house.pbx._go(one, ("gridline-rescue", "s"))  # type: ignore[method-assign]
    assert "nothing was seen" in await house.order(RecoverCall(seat="101"))
    assert house.floor.calls[house.last(CallTransferred).call].stage == "queue"
    assert citizen.context == "gridline-wait"
