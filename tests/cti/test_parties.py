import pytest

from cti import notes, parties
from cti.memory import Call, Leg, Memory
from cti.parties import OrderFailed
from schema.ids import CallId, ContactId, uuid7
from tests.cti.play import NOON, WANG, Play

CONTACT, CALL = ContactId(uuid7()), CallId(uuid7())


@pytest.fixture
def memory() -> Memory:
    """A citizen, seat 101 that asked 102, and a supervisor's ear."""
    memory = Memory()
    memory.calls[CALL] = Call(CONTACT, "talking", "c", "in", NOON)
    for uniqueid, leg in {
        "c": Leg(CALL, CONTACT, "citizen", answered=True, held=True),
        "s": Leg(CALL, CONTACT, "seat", "101", answered=True, bridge="b"),
        "a": Leg(CALL, CONTACT, "seat", "102", answered=True, bridge="b", why="consult", by="101"),
        "w": Leg(CALL, CONTACT, "watcher", "900", answered=True, why="watch", by="900"),
    }.items():
        memory.legs[uniqueid] = leg
    return memory


def test_everybody_in_a_call_by_their_part(memory: Memory) -> None:
    who = parties.at(memory, "101")
    assert (who.seat.id, who.theirs.id, who.guest.id) == ("s", "c", "a")
    assert [one.id for one in who.others] == ["w"] and [one.id for one in who.all] == ["s", "c", "a", "w"]
    assert not who.room and who.call is memory.calls[CALL]


def test_three_in_a_bridge_are_a_room(memory: Memory) -> None:
    memory.legs["c"].bridge = "b"
    assert parties.at(memory, "101").room
    memory.legs["s"].bridge = ""
    assert not parties.at(memory, "101").room


def test_for_who_was_asked_the_one_who_asked_is_another(memory: Memory) -> None:
    who = parties.at(memory, "102")
    assert who.seat.id == "a" and who.asked is None and {one.id for one in who.others} == {"s", "w"}


def test_whoever_did_not_take_it_is_not_asked(memory: Memory) -> None:
    memory.legs["a"].failed = True
    with pytest.raises(OrderFailed, match="nobody is being consulted"):
        _ = parties.at(memory, "101").guest
    memory.legs["a"].failed = memory.legs["a"].answered = False
    with pytest.raises(OrderFailed, match="has not answered yet"):
        _ = parties.at(memory, "101").guest


def test_a_citizen_who_left_is_no_party(memory: Memory) -> None:
    del memory.legs["c"], memory.calls[CALL]
    who = parties.at(memory, "101")
    assert who.call is None and who.citizen is None
    with pytest.raises(OrderFailed, match="no longer in the call"):
        _ = who.theirs


def test_a_seat_that_only_rings_or_listens_is_in_no_call(memory: Memory) -> None:
    memory.legs["s"].answered = False
    for seat in ("101", "900", "555"):
        with pytest.raises(OrderFailed, match=f"seat {seat} is not in a call"):
            parties.at(memory, seat)


def test_only_a_seat_that_rests_can_take_a_call(play: Play) -> None:
    play.seat("101", WANG)
    parties.free_seat(play.floor, "101", "102")
    play.note(notes.seat_paused("101", "rest"))
    parties.free_seat(play.floor, "101", "102")
    play.registered("101", "Removed")
    for name, why in (
        ("101", "unreachable"),
        ("103", "not open"),
        ("102", "its own call"),
    ):
        with pytest.raises(OrderFailed, match=why):
            parties.free_seat(play.floor, name, "102")
    assert (parties.state(play.floor, "101"), parties.state(play.floor, "555")) == ("unreachable", "")
