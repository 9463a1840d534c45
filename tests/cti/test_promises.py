from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from cti import notes
from cti.floor import FloorState
from tests.cti.play import NOON, Caller, Play
from tests.cti.test_hears_waits import PROMISE, promise

CALL = UUID(int=77)
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def owed(play: Play, caller: Caller) -> Play:
    """A floor that owes a call-back."""
    play.brought(caller, "queue")
    promise(play, caller)
    play.hangs_up(caller)
    return play


def test_a_try_is_counted_and_knows_its_seat(owed: Play, caller: Caller) -> None:
    owed.note(notes.tried(PROMISE, caller.id, CALL, 1, "101"))
    kept = owed.floor.promises[PROMISE]
    assert (kept.state, kept.attempts, kept.trying, kept.seat) == ("dialling", 1, CALL, "101")


@pytest.mark.parametrize(
    ("reason", "wanted"), [("busy", ("retry", 1, False)), ("no seat", ("promised", 0, True))]
)
def test_only_what_the_citizen_could_have_answered_counts(
    owed: Play, caller: Caller, reason: str, wanted: object
) -> None:
    owed.note(notes.tried(PROMISE, caller.id, CALL, 1, "101"))
    owed.note(notes.try_failed(PROMISE, caller.id, reason, LATER))
    kept = owed.floor.promises[PROMISE]
    assert (kept.state, kept.attempts, kept.returning) == wanted
    assert (kept.next_at, kept.trying) == (LATER, None)


def test_it_is_over_when_kept_dropped_or_given_up(owed: Play, caller: Caller) -> None:
    known = owed.floor.promises[PROMISE]
    for note in (
        notes.promise_kept(PROMISE, caller.id, CALL),
        notes.promise_dropped(PROMISE, caller.id, "expired"),
        notes.try_failed(PROMISE, caller.id, "busy", None),
    ):
        owed.floor.promises[PROMISE] = known
        owed.note(note)
        assert owed.floor.promises == {}
        owed.note(note)  # a second time it means nothing


def test_who_rings_in_again_has_the_place_and_the_priority(owed: Play, caller: Caller) -> None:
    owed.wait(60)
    again = owed.brought(Caller(), "queue")
    owed.note(notes.promise_dropped(PROMISE, caller.id, "rang again", again.call))
    call = owed.floor.calls[again.call]
    assert (call.waiting_since, call.priority) == (NOON, 3)


def test_a_checkpoint_keeps_promises(owed: Play) -> None:
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(owed.floor.state), type=FloorState)
    assert kept.promises == owed.floor.promises != {}
