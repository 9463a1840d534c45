import pytest

from cti.link import ActionFailed
from cti.parties import OrderFailed
from cti.speaks_talk import Place
from schema.facts import CallTransferred
from schema.orders import Conference, Consult
from tests.cti.loops import awaited
from tests.cti.modelhouse import House


@awaited
async def test_two_are_parted_and_neither_takes_the_other_down() -> None:
    house = House()
    citizen, leg = house.talk()
    who = house.control.at("101")
    await house.control.part(who.theirs, Place.HOLD_CITIZEN, who.seat, Place.ALONE)
    assert (citizen.context, leg.context) == ("gridline-hold", "gridline-alone")


@awaited
async def test_out_of_a_room_the_seat_goes_last() -> None:
    house = House()
    citizen, leg = house.talk()
    assert await house.order(Consult(seat="101", target="number:13900139000")) == ""
    assert leg.ringing is not None
    house.pbx.answers(leg.ringing)
    assert await house.order(Conference(seat="101")) == ""
    who = house.control.at("101")
    house.pbx.hangs_up(house.pbx.channels[who.guest.id])
    await house.control.part(who.theirs, Place.HOLD_CITIZEN, who.seat, Place.ALONE)
    assert (citizen.context, leg.context) == ("gridline-hold", "gridline-alone")
    assert {citizen.uniqueid, leg.uniqueid} == house.pbx.channels.keys()


@awaited
async def test_somebody_is_joined_where_the_other_is() -> None:
    house = House()
    citizen, leg = house.talk()
    who = house.control.at("101")
    await house.control.put_on_hold(who, who.theirs, Place.HOLD_CITIZEN)
    await house.control.join(who.theirs, Place.JOIN_CITIZEN, who.seat)
    assert house.hears(citizen) == {"101"} and citizen.variables["GRIDLINE_PEER"] == leg.uniqueid


@awaited
async def test_a_citizen_is_sent_and_whoever_stays_stays() -> None:
    house = House()
    citizen, leg = house.talk()
    who = house.control.at("101")
    await house.control.send(who.theirs, "queue", "water", "101", "blind", auto=False, beside=who.seat)
    assert citizen.context == "gridline-wait" and leg.uniqueid in house.pbx.channels
    assert (house.last(CallTransferred).seat, house.last(CallTransferred).target) == ("101", "queue:water")


@awaited
async def test_what_nothing_is_seen_of_has_failed() -> None:
    house = House()
    house.talk()
    who = house.control.at("101")
    house.pbx._go = lambda one, place: None  # type: ignore[method-assign]
    with pytest.raises(OrderFailed, match="nothing was seen"):
        await house.control.put_on_hold(who, who.theirs, Place.HOLD_CITIZEN)


@awaited
async def test_a_leg_that_is_over_is_released_already() -> None:
    house = House()
    citizen, _ = house.talk()
    who = house.control.at("101")
    house.pbx.hangs_up(citizen)
    with pytest.raises(ActionFailed):
        await house.pbx.action({"Action": "Hangup", "Channel": who.seat.id})
    await house.control.release(who.seat)
