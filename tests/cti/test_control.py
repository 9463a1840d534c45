import pytest

from schema.facts import CallEnded, CallTransferred, LegHeld, PromptDictated, WrapUpStarted
from schema.ids import ContactId, uuid7
from schema.orders import (
    CallOut,
    CancelConsult,
    CompleteTransfer,
    Conference,
    Consult,
    DictatePrompt,
    Hold,
    Resume,
    SendDigits,
    Swap,
    Transfer,
)
from schema.orders.seats import SeatOrder
from tests.cti.consulting import EXPERT, asked
from tests.cti.loops import awaited
from tests.cti.modelhouse import House


@awaited
async def test_hold_and_resume() -> None:
    house = House()
    citizen, leg = house.talk()
    assert await house.order(Hold(seat="101")) == ""
    assert (citizen.context, leg.context, house.floor.seats["101"].citizen) == (
        "gridline-hold",
        "gridline-alone",
        "hold",
    )
    assert await house.order(Hold(seat="101")) == "" and house.count(LegHeld) == 1
    assert await house.order(Resume(seat="101")) == ""
    assert house.hears(citizen) == {"101"} and house.floor.seats["101"].citizen == "talking"
    assert await house.order(Resume(seat="101")) == ""


@awaited
async def test_consult_swap_and_swap_back() -> None:
    house = House()
    citizen, leg, other = await asked(house)
    consult = house.floor.seats["101"].consult
    assert consult is not None and (consult.target, consult.state) == (EXPERT, "talking")
    assert house.hears(leg) == {other.number} and citizen.context == "gridline-hold"
    assert await house.order(Swap(seat="101")) == ""
    assert house.hears(leg) == {citizen.number} and other.context == "gridline-hold"
    assert await house.order(Swap(seat="101")) == ""
    assert house.hears(leg) == {other.number} and citizen.context == "gridline-hold"


@pytest.mark.parametrize("before", [None, Swap, Conference])
@awaited
async def test_a_consultation_is_completed_from_wherever_it_is(before: type[SeatOrder] | None) -> None:
    house = House()
    citizen, leg, other = await asked(house)
    if before is not None:
        assert await house.order(before(seat="101")) == ""
    assert await house.order(CompleteTransfer(seat="101")) == ""
    assert house.hears(citizen) == {other.number} and leg.uniqueid not in house.pbx.channels
    transferred = house.last(CallTransferred)
    assert (transferred.seat, transferred.target, transferred.how) == ("101", EXPERT, "consulted")
    assert house.floor.seats["101"].state == "wrapup"


@awaited
async def test_a_colleague_who_was_asked_has_the_citizen_and_writes_up() -> None:
    house = House()
    citizen, _, other = await asked(house, "seat:102")
    assert await house.order(CompleteTransfer(seat="101")) == ""
    assert house.hears(citizen) == {"102"} and house.floor.seats["102"].citizen == "talking"
    house.pbx.hangs_up(citizen)
    assert [fact.seat for fact in house.facts if isinstance(fact, WrapUpStarted)] == ["101", "102"]
    assert not house.pbx.channels and not house.hearing.memory.legs


@pytest.mark.parametrize("before", [None, Swap, Conference])
@awaited
async def test_a_consultation_is_cancelled_from_wherever_it_is(before: type[SeatOrder] | None) -> None:
    house = House()
    citizen, leg, other = await asked(house)
    if before is not None:
        assert await house.order(before(seat="101")) == ""
    assert await house.order(CancelConsult(seat="101")) == ""
    assert house.hears(leg) == {citizen.number} and other.uniqueid not in house.pbx.channels
    assert house.floor.seats["101"].consult is None


@awaited
async def test_a_consultation_is_cancelled_while_it_rings() -> None:
    house = House()
    citizen, leg = house.talk()
    assert await house.order(Consult(seat="101", target=EXPERT)) == ""
    assert await house.order(CompleteTransfer(seat="101")) == "who is being consulted has not answered yet"
    assert await house.order(CancelConsult(seat="101")) == ""
    assert house.hears(leg) == {citizen.number} and len(house.pbx.channels) == 2


@awaited
async def test_whoever_was_asked_hangs_up_and_the_citizen_waits_on() -> None:
    house = House()
    citizen, leg, other = await asked(house)
    house.pbx.hangs_up(other)
    assert leg.context == "gridline-alone" and house.floor.seats["101"].consult is None
    assert await house.order(Resume(seat="101")) == ""
    assert house.hears(leg) == {citizen.number}


@awaited
async def test_three_in_one_room() -> None:
    house = House()
    citizen, leg, other = await asked(house)
    assert await house.order(Conference(seat="101")) == ""
    assert house.hears(leg) == {citizen.number, other.number} and house.floor.seats["101"].conference
    assert await house.order(Conference(seat="101")) == ""
    assert await house.order(Swap(seat="101")) == "all three are talking"
    assert await house.order(Consult(seat="101", target="seat:102")) == "somebody is being consulted already"
    assert await house.order(Hold(seat="101")) == ""
    assert house.hears(leg) == {other.number} and citizen.context == "gridline-hold"
    assert await house.order(Conference(seat="101")) == ""
    assert house.hears(leg) == {citizen.number, other.number}
    assert [await house.order(kind(seat="101")) for kind in (Hold, Resume)] == ["", ""]
    assert house.hears(leg) == {citizen.number, other.number}
    house.pbx.hangs_up(leg)
    assert not house.pbx.channels and not house.floor.calls  # the seat releases all


@pytest.mark.parametrize("then", [Consult, Transfer])
@awaited
async def test_two_who_are_left_in_a_room_go_on_as_any_two(then: type[Consult] | type[Transfer]) -> None:
    """When a seat leaves a room, everybody there is put out: the citizen has to leave it first."""
    house = House()
    citizen, leg, other = await asked(house)
    assert await house.order(Conference(seat="101")) == ""
    house.pbx.hangs_up(other)
    assert house.hears(leg) == {citizen.number}
    assert await house.order(then(seat="101", target="seat:102")) == ""
    rings = leg.ringing if then is Consult else citizen.ringing
    assert rings is not None
    house.pbx.answers(rings)
    assert citizen.uniqueid in house.pbx.channels
    assert house.hears(leg if then is Consult else citizen) == {"102"}


@pytest.mark.parametrize("target", ["seat:102", "queue:water", EXPERT])
@awaited
async def test_a_blind_transfer_frees_the_seat(target: str) -> None:
    house = House()
    citizen, leg = house.talk()
    assert await house.order(Transfer(seat="101", target=target)) == ""
    assert leg.uniqueid not in house.pbx.channels
    assert (house.last(CallTransferred).target, house.last(CallTransferred).how) == (target, "blind")
    assert house.floor.seats["101"].state == "wrapup"
    if target.startswith("queue"):
        assert house.floor.queues["water"].waiting == 1
    else:
        assert citizen.ringing is not None
        house.pbx.answers(citizen.ringing)
        assert house.hears(citizen) == {target.partition(":")[2]}


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("seat:101", "own call"),
        ("seat:103", "not open"),
        ("seat:102", "talking"),
        ("planet:1", "nobody"),
        ("number:1\r\n2", "nobody"),
    ],
)
@awaited
async def test_a_target_that_cannot_take_it_is_refused(target: str, why: str) -> None:
    house = House()
    citizen, leg = house.talk()
    house.talk("102", "13800138001")
    for kind in (Transfer, Consult):
        try:
            failed = await house.order(kind(seat="101", target=target))
        except ValueError as error:  # not even speakable
            failed = str(error)
        assert why in failed
    assert house.hears(leg) == {citizen.number}


@awaited
async def test_an_agent_calls_out_and_another_seat() -> None:
    house = House()
    order = CallOut(seat="101", target=EXPERT, contact=ContactId(uuid7()))
    assert await house.order(order) == ""
    leg = house.pbx.channels[str(order.order)]
    assert leg.ringing is not None
    house.pbx.answers(leg.ringing)
    assert house.hears(leg) == {"13900139000"} and house.floor.seats["101"].citizen == "talking"
    assert "is in a call" in await house.order(CallOut(seat="101", target="seat:102"))
    house.pbx.hangs_up(next(one for one in house.pbx.channels.values() if not one.seat))
    assert not house.pbx.channels and house.floor.seats["101"].state == "wrapup"
    assert await house.order(CallOut(seat="102", target="seat:101")) == "seat 101 is wrapup"
    assert await house.order(CallOut(seat="102", target="seat:900")) == ""


@awaited
async def test_a_seat_speaks_a_prompt_and_has_nothing_to_write_up() -> None:
    house = House()
    order = DictatePrompt(seat="101", language="ug", name="next", spoken="en")
    assert await house.order(order) == ""
    leg = house.pbx.channels[str(order.order)]
    assert (leg.context, leg.variables["GRIDLINE_LANGUAGE"]) == ("gridline-prompt", "en")
    assert house.floor.seats["101"].state == "talking"
    assert await house.order(DictatePrompt(seat="101", language="ug", name="next")) == "seat 101 is in a call"
    house.pbx._tell(leg, "Dictated", How="DTMF")
    house.pbx.hangs_up(leg)
    told, ended = house.last(PromptDictated), house.last(CallEnded)
    assert (told.call, told.seat, told.how) == (order.call, "101", "key")
    assert (ended.call, ended.outcome, house.floor.seats["101"].state) == (order.call, "answered", "ready")
    assert await house.order(DictatePrompt(seat="555", language="ug", name="next")) == "seat 555 is not open"


@pytest.mark.parametrize("digits", ["", "12x", "1" * 33, "1\r\nAction: x", "1\0"])
@awaited
async def test_only_keys_are_pressed(digits: str) -> None:
    house = House()
    house.talk()
    assert "is not 1 to 32" in await house.order(SendDigits(seat="101", digits=digits))


@awaited
async def test_keys_reach_whom_the_seat_talks_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cti.control.BETWEEN_DIGITS", 0)
    house = House()
    _, _, other = await asked(house)
    pressed: list[tuple[str, str]] = []
    monkeypatch.setattr(
        house.pbx, "_do_playdtmf", lambda said: pressed.append((said["Channel"], said["Digit"]))
    )
    assert await house.order(SendDigits(seat="101", digits="1#D")) == ""
    assert pressed == [(other.uniqueid, "1"), (other.uniqueid, "#"), (other.uniqueid, "D")]
    house.pbx.hangs_up(other)
    assert "talks with nobody" in await house.order(SendDigits(seat="101", digits="1"))
