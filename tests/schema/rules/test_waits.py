from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from schema.rules.waits import LONGEST, MEMORY, UNKNOWN, Pace, Promises, rounded

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def moving(every: int, times: int) -> Pace:
    pace = Pace()
    for n in range(times):
        pace.answered("hotline", at(n * every))
    return pace


def test_a_queue_that_moves_every_thirty_seconds_promises_that() -> None:
    pace = moving(30, 11)
    assert pace.seconds("hotline", 1, at(300)) == 60
    assert pace.seconds("hotline", 10, at(300)) == 300


def test_what_does_not_move_any_more_slows_down_by_itself() -> None:
    pace = moving(30, 11)
    assert pace.seconds("hotline", 4, at(1200)) > pace.seconds("hotline", 4, at(300))


def test_an_hour_without_callers_does_not_make_the_next_ones_wait_longer() -> None:
    pace = Pace()
    for n in range(5):  # somebody calls every five minutes and is answered at once: nobody is left waiting
        pace.answered("hotline", at(n * 300), left=0)
    assert pace.seconds("hotline", 1, at(1210)) == UNKNOWN
    for n in range(4):  # then four come at once, and an answer takes twenty seconds
        pace.answered("hotline", at(1260 + n * 20), left=3 - n)
    assert pace.gap("hotline", at(1321)) == 20
    assert pace.seconds("hotline", 6, at(1321)) == 120
    assert pace.gap("hotline", at(1800)) == 20  # nobody waits: that nobody is answered means nothing


def test_the_usual_time_is_taken_when_there_are_too_few_answers() -> None:
    assert Pace().seconds("hotline", 3, at(0), usual=90) == 300
    assert moving(30, 11).seconds("hotline", 10, at(300), usual=900) == 300


@given(st.floats(2, 200), st.integers(1, 20))
def test_what_a_steady_queue_promises_is_what_its_callers_wait(every: float, place: int) -> None:
    pace = Pace()
    for n in range(10):
        pace.answered("hotline", at(n * every))
    told, waits = pace.seconds("hotline", place, at(9 * every)), place * every
    assert min(waits, LONGEST) <= told + 0.01 and told <= max(60, waits + 600)


def test_nothing_is_promised_out_of_nothing() -> None:
    assert moving(30, 2).seconds("hotline", 1, at(60)) == UNKNOWN
    assert moving(30, 11).seconds("water", 1, at(300)) == UNKNOWN
    assert moving(30, 11).seconds("hotline", 1, at(300) + MEMORY) == UNKNOWN
    assert moving(30, 11).seconds("hotline", 0, at(300)) == UNKNOWN


@given(st.floats(0, 1e6))
def test_a_time_is_told_rounded_up(seconds: float) -> None:
    told = rounded(seconds)
    assert told % 60 == 0 and 60 <= told <= LONGEST
    assert told >= min(seconds, LONGEST)


def test_the_error_is_measured_from_the_first_telling() -> None:
    promises = Promises()
    one, two, three = UUID(int=1), UUID(int=2), UUID(int=3)
    promises.tell(one, at(0), 60)
    promises.tell(one, at(30), 300)
    promises.tell(two, at(0), 300)
    promises.tell(three, at(0), UNKNOWN)
    promises.answered(one, at(50))
    promises.answered(two, at(20))
    promises.answered(three, at(20))
    assert promises.figures == {
        "told": 2, "mae_s": 145.0, "bias_s": -145.0, "gave_up_late": 0, "within_half": 0.5,
    }  # fmt: skip


def test_who_gives_up_says_nothing_about_promises() -> None:
    promises = Promises()
    promises.tell(UUID(int=1), at(0), 60)
    promises.gone([UUID(int=1)])
    promises.answered(UUID(int=1), at(50))
    assert promises.figures == {"told": 1, "mae_s": -1, "bias_s": 0, "gave_up_late": 0, "within_half": -1}


def test_who_gives_up_after_the_promised_time_was_told_wrongly() -> None:
    promises = Promises()
    one, two, three = UUID(int=1), UUID(int=2), UUID(int=3)
    for call in (one, two, three):
        promises.tell(call, at(0), 60)
    promises.gone([one], at(59))
    promises.gone([two], at(61))
    promises.answered(three, at(60))
    assert promises.figures == {"told": 3, "mae_s": 0.0, "bias_s": 0.0, "gave_up_late": 1, "within_half": 0.5}
