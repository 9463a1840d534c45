import asyncio

import pytest

from cti.expected import Expected
from cti.parties import OrderFailed
from schema.facts import LegJoined
from schema.ids import CallId, ContactId, uuid7
from tests.cti.loops import awaited
from tests.cti.play import NOON


def joined(leg: str) -> LegJoined:
    contact, call = ContactId(uuid7()), CallId(uuid7())
    return LegJoined(at=NOON, contact=contact, call=call, node="pbx1", leg=leg, bridge="b", kind="seat")


@awaited
async def test_whoever_waits_goes_on_with_the_fact_they_wait_for() -> None:
    expected = Expected()
    seen = expected.until(lambda fact: isinstance(fact, LegJoined) and fact.leg == "2")
    for leg in ("1", "2", "3"):
        expected.observed(joined(leg))
    fact = await seen
    assert isinstance(fact, LegJoined) and fact.leg == "2"
    await asyncio.sleep(0)
    assert len(expected) == 0


@awaited
async def test_what_does_not_come_in_time_fails_the_order() -> None:
    expected = Expected()
    with pytest.raises(OrderFailed, match="nothing was seen"):
        await expected.until(lambda fact: True, 0.01)
    await asyncio.sleep(0)
    assert len(expected) == 0


@awaited
async def test_an_order_that_fails_before_it_waits_leaves_nothing_behind() -> None:
    expected = Expected()
    expected.until(lambda fact: False, 0.01)
    with pytest.raises(OrderFailed):
        await expected.until(lambda fact: False, 0.05)
    await asyncio.sleep(0)
    assert len(expected) == 0


@awaited
async def test_all_legs_must_have_joined_in_whatever_order() -> None:
    expected = Expected()
    seen = expected.all_joined({"1", "2"})
    for leg in ("2", "2", "1"):
        assert len(expected) == 1
        expected.observed(joined(leg))
    await seen
