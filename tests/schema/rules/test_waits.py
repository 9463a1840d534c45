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
    assert promises.figures == {"told": 2, "mae_s": 145.0, "within_half": 0.5}


def test_who_gives_up_says_nothing_about_promises() -> None:
    promises = Promises()
    promises.tell(UUID(int=1), at(0), 60)
    promises.gone([UUID(int=1)])
    promises.answered(UUID(int=1), at(50))
    assert promises.figures == {"told": 1, "mae_s": -1, "within_half": -1}
