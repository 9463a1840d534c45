"""A group is rung by one Originate a number, each with an id of its own; one that cannot be dialled stops nobody."""

from uuid import UUID

import pytest

from cti import speaks
from cti.groups import Groups
from cti.link import ActionFailed
from cti.parties import OrderFailed
from schema.orders import CallGroup
from tests.real.pbx import run


class Mouth:
    """Notes what is said; numbers in `deaf` cannot be rung."""

    def __init__(self, *deaf: str) -> None:
        self.said: list[speaks.Action] = []
        self._deaf = deaf

    async def action(self, action: speaks.Action) -> None:
        self.said.append(action)
        if any(number in str(action["Channel"]) for number in self._deaf):
            raise ActionFailed("no route")


def call(mouth: Mouth, *numbers: str) -> CallGroup:
    order = CallGroup(numbers=numbers)
    run(Groups(mouth, caller="12345").call(order))  # type: ignore[arg-type]
    return order


def test_everybody_is_rung_into_one_room() -> None:
    mouth = Mouth("13800000002")
    order = call(mouth, "13800000001", "13800000002", "13800000003")
    assert [one["Channel"] for one in mouth.said] == [f"PJSIP/1380000000{n}@carrier" for n in (1, 2, 3)]
    assert {one["Variable"][0] for one in mouth.said} == {f"GRIDLINE_GROUP={order.order}"}
    ids = [UUID(str(one["ChannelId"])) for one in mouth.said]
    assert ids == [order.leg(number) for number in order.numbers] and len(set(ids)) == 3


def test_when_nobody_can_be_rung_the_order_fails_and_only_numbers_are_dialled() -> None:
    with pytest.raises(OrderFailed):
        call(Mouth("138"), "13800000001")
    for wrong in ("1380000\r\nAction: Logoff", "13800000001@elsewhere", ""):
        with pytest.raises(speaks.Unspeakable):
            call(Mouth(), wrong)
