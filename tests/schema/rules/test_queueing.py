from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from schema.rules.queueing import Caller, Idle, match

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


def caller(n: int, waited: int, priority: int = 0, returning: bool = False) -> Caller:
    return Caller(UUID(int=n), NOON - timedelta(seconds=waited), priority, returning)


def seat(name: str, idle: int) -> Idle:
    return Idle(name, NOON - timedelta(seconds=idle))


def order(callers: list[Caller]) -> list[int]:
    seats = [seat(str(n), n) for n in range(len(callers))]
    return [c.call.int for c, _ in match(callers, seats)]


def test_who_waited_longest_goes_first() -> None:
    assert order([caller(1, 5), caller(2, 50), caller(3, 20)]) == [2, 3, 1]


def test_who_comes_back_from_a_seat_goes_before_them() -> None:
    assert order([caller(1, 500), caller(2, 5, returning=True)]) == [2, 1]


def test_priority_goes_before_everything() -> None:
    assert order([caller(1, 500, returning=True), caller(2, 5, priority=1), caller(3, 1, priority=9)]) == [
        3,
        2,
        1,
    ]


def test_the_seat_that_is_idle_longest_is_rung() -> None:
    ((_, rung),) = match([caller(1, 1)], [seat("101", 5), seat("102", 50), seat("103", 10)])
    assert rung.seat == "102"


def test_nobody_waits_or_nobody_is_there() -> None:
    assert match([], [seat("101", 1)]) == []
    assert match([caller(1, 1)], []) == []


@given(
    st.lists(st.builds(caller, st.integers(0, 10**6), st.integers(0, 99), st.integers(0, 9), st.booleans()),
             unique_by=lambda c: c.call),
    st.lists(st.builds(seat, st.text("0123456789", min_size=2, max_size=4), st.integers(0, 99)),
             unique_by=lambda s: s.seat),
)  # fmt: skip
def test_everybody_once_and_nobody_left_out(callers: list[Caller], seats: list[Idle]) -> None:
    pairs = match(callers, seats)
    assert len(pairs) == min(len(callers), len(seats))
    assert len({c.call for c, _ in pairs}) == len({s.seat for _, s in pairs}) == len(pairs)
    sent = [c.priority for c, _ in pairs]
    left = {c.call for c in callers} - {c.call for c, _ in pairs}
    assert sent == sorted(sent, reverse=True)
    assert all(c.priority <= min(sent, default=9) for c in callers if c.call in left) or not sent
    assert match(callers[::-1], seats[::-1]) == pairs
