"""Orders to a PBX that does not do as it is told, or is not heard to."""

import asyncio
from typing import Any

import pytest

from cti.link import ActionFailed, Answer, LinkLost
from schema.ids import ContactId, uuid7
from schema.orders import (
    CallOut,
    CancelConsult,
    CompleteTransfer,
    Conference,
    Consult,
    Hold,
    RecoverCall,
    Resume,
    Swap,
    Transfer,
)
from schema.orders.seats import SeatOrder
from tests.cti.consulting import EXPERT
from tests.cti.loops import awaited
from tests.cti.modelhouse import House


@pytest.mark.parametrize("reached", [True, False])
@awaited
async def test_a_mouth_that_loses_its_connection_places_a_call_once(reached: bool) -> None:
    """The Originate was sent and its answer lost: what the ears hear says whether the PBX got it."""
    house, said = House(), 0
    action = house.pbx.action

    async def cut(what: Any, timeout: float = 5.0) -> Answer:
        nonlocal said
        said += what["Action"] == "Originate"
        if reached:
            await action(what, timeout)
        raise LinkLost("cut")

    house.pbx.action = cut  # type: ignore[method-assign]
    order = CallOut(seat="101", target=EXPERT, contact=ContactId(uuid7()))
    if reached:
        assert await house.order(order) == ""
        assert [one.number for one in house.pbx.channels.values()] == ["101", "13900139000"]
    else:
        with pytest.raises(LinkLost):
            await house.order(order)
    await asyncio.sleep(0)
    assert said == 1 and len(house.control.expected) == 0


@awaited
async def test_an_order_fails_when_nothing_is_seen_and_leaves_nothing_waiting() -> None:
    house = House()
    house.talk()

    async def deaf(action: object, timeout: float = 5.0) -> Answer:
        return Answer({"Response": "Success"})

    house.pbx.action = deaf  # type: ignore[method-assign]
    for order in (
        Hold(seat="101"),
        Transfer(seat="101", target="seat:102"),
        Consult(seat="101", target=EXPERT),
    ):
        assert "nothing was seen" in await house.order(order)
    assert len(house.control.expected) == 0


@awaited
async def test_a_leg_that_left_in_the_middle_fails_the_order() -> None:
    house = House()
    citizen, _ = house.talk()

    async def gone(action: object, timeout: float = 5.0) -> Answer:
        raise ActionFailed("No such channel")

    house.pbx.action = gone  # type: ignore[method-assign]
    assert await house.order(Hold(seat="101")) == "No such channel"


@pytest.mark.parametrize(
    "kind", [Hold, Resume, Swap, CancelConsult, CompleteTransfer, Conference, RecoverCall]
)
@awaited
async def test_without_a_call_there_is_nothing_to_order(kind: type[SeatOrder]) -> None:
    house = House()
    assert await house.order(kind(seat="101")) == "seat 101 is not in a call"
    citizen, leg = house.talk()
    if kind in (Swap, CompleteTransfer, Conference):
        assert await house.order(kind(seat="101")) == "nobody is being consulted"
    house.pbx.hangs_up(citizen)
    assert await house.order(kind(seat="101")) == "seat 101 is not in a call"
