from datetime import timedelta
from uuid import UUID

import pytest

from bench import match as bench
from schema.rules.queueing import Caller, Idle


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SEATS": 20, "WAITING": 40, "CHANGES": 120, "SAMPLED": 20}.items():
        monkeypatch.setattr(bench, name, value)


@pytest.mark.usefixtures("small")
def test_it_prints_every_figure_that_is_documented() -> None:
    figures = bench.run()
    assert figures["decision_p99_ms"] == max(figures["busy_p99_ms"], figures["unfit_p99_ms"]) > 0
    assert {
        "busy_x_plain",
        "unfit_x_plain",
        "busy_x_penalties",
        "unfit_x_penalties",
        "rush_ms",
    } <= figures.keys()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("apart", [False, True])
def test_the_floor_is_held_at_its_size_and_the_unfit_never_fit(apart: bool) -> None:
    floor, rung = bench.Held(apart), 0
    for turn in range(bench.CHANGES):
        floor.change(turn)()
        pairs = floor.matcher.decide(floor.now)
        floor.after(pairs)
        rung += len(pairs)
        assert (floor.matcher.waiting, floor.matcher.idle) == (len(floor.callers), len(floor.seats))
        # Relaxing may serve several at a stroke; they come again one by one.
        assert len(floor.callers) <= bench.WAITING and len(floor.seats) <= bench.SEATS
        assert not apart or (len(floor.seats) == bench.SEATS and len(floor.callers) >= bench.WAITING - 1)
    assert (rung == 0) is apart


def test_app_queues_way_takes_the_lowest_penalty_then_the_longest_idle() -> None:
    head = Caller(UUID(int=1), bench.START, language="zh", wants=(("tax", 4),))
    later = Caller(UUID(int=2), bench.START + timedelta(seconds=1), language="zh", wants=(("tax", 1),))

    def seat(name: str, level: int, since: int) -> Idle:
        return Idle(
            name, bench.START - timedelta(seconds=since), languages={"zh": 9}, skills={"tax": level, "x": 9}
        )

    roster = [seat("1", 9, 5), seat("2", 9, 50), seat("3", 4, 99), seat("4", 10, 1)]
    queues, members = bench.as_queues([later, head], roster)
    idle = {one.seat: one for one in roster if one.seat != "4"}
    assert bench.by_penalties(queues, members, idle) == (head, roster[1])
    assert bench.by_penalties(queues, members, {"3": roster[2]}) == (head, roster[2])
    assert bench.by_penalties(queues, members, {}) is None
