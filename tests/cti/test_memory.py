from cti.memory import GONE_KEPT, Call, Memory
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
