import msgspec

from cti.memory import GONE_KEPT, Call, Leg, Memory
from schema.ids import CallId, ContactId, uuid7
from tests.cti.play import NOON


def test_a_call_moves_by_the_table() -> None:
    memory, call = Memory(), CallId(uuid7())
    memory.calls[call] = Call(ContactId(call), "ivr", "1", "in", NOON)
    assert memory.move(call, "queued") and memory.calls[call].stage == "queue"
    assert not memory.move(call, "queued") and memory.calls[call].stage == "queue"


def test_the_dead_are_remembered_for_a_while() -> None:
    memory = Memory()
    for n in range(GONE_KEPT + 10):
        memory.forget_leg(str(n))
    assert len(memory.gone) == GONE_KEPT and "9" not in memory.gone and "10" in memory.gone


def test_legs_are_known_by_their_call() -> None:
    memory = Memory()
    one, other = CallId(uuid7()), CallId(uuid7())
    for uniqueid, call in (("1.1", one), ("1.2", one), ("1.3", other)):
        memory.legs[uniqueid] = Leg(call, ContactId(call), "seat")
    assert list(memory.of_call(one)) == ["1.1", "1.2"]
    memory.legs["1.2"] = Leg(other, ContactId(other), "seat")  # a channel that goes on for another call
    del memory.legs["1.1"]
    assert memory.of_call(one) == {}
    assert list(memory.of_call(other)) == ["1.3", "1.2"]
    kept = msgspec.json.decode(msgspec.json.encode(memory), type=Memory)
    assert kept == memory and kept.of_call(other) == memory.of_call(other)
