from dataclasses import asdict, fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.callstats import FIGURES, Counts, Share, figures, total, worth

ENDS = ("answered", "abandoned", "overflowed", "called_back", "waiting")
SECONDS = st.integers(0, 100_000).map(float)


@st.composite
def counts(draw: Any) -> Counts:
    row = Counts(pauses=draw(st.dictionaries(st.sampled_from(["rest", "meal", "training"]), SECONDS)))
    for each in fields(Counts):
        if each.name != "pauses":
            setattr(row, each.name, draw(SECONDS if each.type in (float, "float") else st.integers(0, 1000)))
    row.offered = sum(getattr(row, name) for name in ENDS)
    return row


def figure(name: str, row: Counts) -> Any:
    return next(each for each in FIGURES if each.name == name).of(row)


@given(st.lists(counts()))
def test_the_rows_add_up_to_the_whole(rows: list[Counts]) -> None:
    whole = total(rows)
    for each in FIGURES:
        if each.kind in ("count", "time"):
            assert each.of(whole) == sum(worth(each.of(row)) or 0 for row in rows), each.name
        elif each.name != "longest":
            shares = [each.of(row) for row in rows]
            assert each.of(whole) == Share(sum(s.part for s in shares), sum(s.whole for s in shares)), (
                each.name
            )
    assert whole.longest == max((row.longest for row in rows), default=0)
    assert whole.adds_up
    for reason in whole.pauses:
        assert whole.pauses[reason] == sum(row.pauses.get(reason, 0) for row in rows)


@given(st.lists(counts()), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows: list[Counts], chance: Any) -> None:
    mixed = list(rows)
    chance.shuffle(mixed)
    assert total(mixed) == total(rows)


@given(counts())
def test_adding_leaves_what_is_added_as_it_was(row: Counts) -> None:
    before = asdict(row)
    whole = total([row])
    whole.add(row)
    assert asdict(row) == before
    assert whole.offered == 2 * row.offered


def test_denominators_are_what_the_definitions_say() -> None:
    row = Counts(
        offered=100, answered=70, abandoned=15, overflowed=8, called_back=3, waiting=4, in_15=60, in_time=63, late=10,
        short=2, waited=700, handled=80, talk=8000, hold=400, wrapup=1600, handling=11_000, ready=9_000,
        told_answered=20, told_in_vain=5, error=-100, error_size=300, within_half=15,
    )  # fmt: skip
    assert row.adds_up
    assert figure("connect", row) == Share(70, 96), "of all whose waiting is over"
    assert figure("in_15", row) == Share(60, 70)
    assert figure("level", row) == Share(63, 80), "answered, and abandoned after the time"
    assert figure("asa", row).value == 10
    assert figure("aht", row).value == 125
    assert figure("occupancy", row).value == 0.55
    assert figure("bias", row).value == -5
    assert figure("mae", row).value == 15
    assert figure("half", row) == Share(15, 25), "who gave up after the promised time was told wrongly"
    assert figure("told", row) == 25


def test_a_wait_that_ended_in_no_known_way_does_not_add_up() -> None:
    assert not Counts(offered=3, answered=2).adds_up


def test_nothing_is_a_share_of_nothing() -> None:
    for each in FIGURES:
        assert worth(each.of(Counts())) in (None, 0), each.name
        assert (worth(each.of(Counts())) is None) == isinstance(each.of(Counts()), Share), each.name


@pytest.mark.parametrize("state", ["ringing", "talking", "hold", "wrapup", "ready", "paused", "unreachable"])
def test_every_state_of_a_seat_is_log_in_time(state: str) -> None:
    row = Counts()
    row.spell(state, "rest" if state == "paused" else "", 60, of_queue=False)
    assert row.logged_in == 60
    assert row.handling == (60 if state in ("ringing", "talking", "hold", "wrapup") else 0)
    assert row.ready == (60 if state == "ready" else 0)
    assert row.pauses == ({"rest": 60} if state == "paused" else {})
    assert (row.hold, row.wrapup) == (0, 0), "not with a call from a queue"


def test_holding_and_wrap_up_of_a_queues_call_are_part_of_its_handling() -> None:
    row = Counts()
    row.spell("hold", "", 5, of_queue=True)
    row.spell("wrapup", "", 20, of_queue=True)
    row.spell("ringing", "", 3, of_queue=True)
    assert (row.hold, row.wrapup, row.handling) == (5, 20, 28)


def test_what_cannot_be_told_of_one_queue_or_one_agent_is_not() -> None:
    everything = {each.name for each in figures(queues=False, agents=False)}
    assert everything == {each.name for each in FIGURES} and len(FIGURES) == len(everything)
    assert everything - {each.name for each in figures(queues=True, agents=False)} == {
        "occupancy",
        "logged_in",
        "paused",
    }
    hidden = everything - {each.name for each in figures(queues=False, agents=True)}
    assert {"offered", "abandoned", "connect", "level"} <= hidden and "answered" not in hidden
