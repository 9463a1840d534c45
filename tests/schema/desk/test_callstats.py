"""What the database adds up is what one gets by going through the rows one by one."""

import random
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pytest

from schema.calls import CallRating, QueueEntryRow
from schema.rules.callstats import Counts
from schema.rules.intervals import bounds, split
from schema.store import Store
from tests.schema.desk.callrows import DAY, LI, WANG, ZONE, Rows, later


@pytest.fixture
def rows(store: Store) -> Rows:
    return Rows(store)


def test_every_wait_is_counted_by_how_it_ended(rows: Rows) -> None:
    for result, lasted in (("answered", 15), ("answered", 16), ("abandoned", 4), ("abandoned", 30)):
        rows.wait(lasted=lasted, result=result)
    rows.wait(lasted=40, result="overflowed")
    rows.wait(lasted=50, result="called back")
    rows.wait(lasted=None, result="")
    rows.write()
    whole = rows.whole(within=20)
    assert (whole.offered, whole.answered, whole.abandoned) == (7, 2, 2)
    assert (whole.overflowed, whole.called_back, whole.waiting) == (1, 1, 1)
    assert whole.adds_up
    assert (whole.in_15, whole.in_time, whole.late, whole.short) == (1, 2, 1, 1)
    assert (whole.waited, whole.longest) == (pytest.approx(31), pytest.approx(50))


def test_a_wait_over_midnight_belongs_to_the_day_on_which_it_began(rows: Rows) -> None:
    rows.wait(at=12 * 3600 - 1, lasted=30)
    rows.write()
    counted = rows.counted("day", days=2)
    assert {i: each.answered for (i, _), each in counted.items()} == {0: 1}


def test_talk_over_midnight_is_split(rows: Rows) -> None:
    call = rows.wait()
    rows.segment(call, 12 * 3600 - 10, 30)
    rows.write()
    counted = rows.counted("day", days=2)
    assert [counted[i, ""].talk for i in (0, 1)] == [pytest.approx(10), pytest.approx(20)]
    assert [counted[i, ""].handled for i in (0, 1)] == [1, 0]


def test_what_began_before_and_lasts_is_counted_within(rows: Rows) -> None:
    call = rows.wait(at=-13 * 3600)
    rows.segment(call, -12 * 3600 - 100, 24 * 3600 + 200)
    rows.spell("paused", -48 * 3600, None, reason="rest")
    rows.write()
    whole = rows.whole()
    assert whole.talk == pytest.approx(24 * 3600)
    assert whole.handled == 0, "it began the day before"
    assert whole.pauses == {"rest": pytest.approx(24 * 3600)}
    assert whole.logged_in == pytest.approx(24 * 3600)


def test_what_is_not_over_is_counted_up_to_now(rows: Rows) -> None:
    call = rows.wait(at=72 * 3600 - 60)
    rows.segment(call, 72 * 3600 - 50, None)
    rows.spell("talking", 72 * 3600 - 50, None, call=call)
    rows.write()
    counted = rows.counted("day", days=4)
    assert counted[3, ""].talk == pytest.approx(50)
    assert counted[3, ""].handling == pytest.approx(50)


def test_handling_is_of_calls_from_queues_alone(rows: Rows) -> None:
    out, came = rows.call(), rows.wait()
    for call, leg in ((out, "1.8"), (came, "1.9")):
        rows.segment(call, 20, 100, leg=leg)
    rows.spell("hold", 50, 7, call=out)
    rows.spell("hold", 60, 5, call=came)
    rows.spell("wrapup", 120, 30, call=came)
    rows.spell("wrapup", 160, 30, call=out)
    rows.write()
    whole = rows.whole()
    assert (whole.handled, whole.talk) == (1, pytest.approx(100))
    assert (whole.hold, whole.wrapup) == (pytest.approx(5, abs=0.001), pytest.approx(30, abs=0.001))
    assert whole.handling == pytest.approx(72), "the seat was busy with both"


def test_a_leg_is_handled_once_however_often_its_company_changes(rows: Rows) -> None:
    call = rows.wait()
    rows.segment(call, 10, 20, n=1)
    rows.segment(call, 30, 10, "consult", n=2, others=["seat:102"])
    rows.segment(call, 40, 10, n=3)
    rows.segment(call, 50, 10, "consult", n=4, others=["seat:102"])
    rows.segment(call, 60, 10, "consult", n=5, others=["party:+8657100"])
    rows.segment(call, 70, 10, "conference", n=6, others=["citizen", "seat:102"])
    rows.segment(call, 30, 40, "consult", leg="1.3", user=LI, others=["seat:101"])
    rows.segment(call, 70, 10, "conference", leg="1.3", user=LI, n=2)
    rows.segment(call, 10, 20, leg="1.1", leg_kind="citizen", user=None)
    rows.write()
    whole = rows.whole()
    assert whole.handled == 2, "each seat that talked with the citizen"
    assert whole.consults == 2, "a colleague and an expert; nobody is asked by the one who is asked"
    assert whole.talk == pytest.approx(20 + 10 + 10 + 10, abs=0.001)
    assert rows.whole(agent=LI).consults == 0


def test_a_call_that_was_sent_on_is_of_the_queue_it_came_from_each_time(rows: Rows) -> None:
    call = rows.wait(queue="hotline")
    rows.segment(call, 10, 100, leg="1.2")
    rows.transfer(call, 110)
    rows.wait(at=110, lasted=5, call=call, n=2, queue="water", user=LI)
    rows.segment(call, 115, 50, leg="1.3", user=LI)
    rows.spell("wrapup", 110, 20, call=call, seat="101")
    rows.spell("wrapup", 165, 30, call=call, seat="102", user=LI)
    rows.write()
    counted = rows.counted(by="queue")
    assert counted[0, "hotline"].talk == pytest.approx(100)
    assert counted[0, "water"].talk == pytest.approx(50)
    assert [counted[0, queue].transfers for queue in ("hotline", "water")] == [1, 0]
    assert [counted[0, queue].wrapup for queue in ("hotline", "water")] == pytest.approx([20, 30])
    by_agent = rows.counted(by="agent")
    assert by_agent[0, str(WANG)].talk == pytest.approx(100)
    assert by_agent[0, str(LI)].talk == pytest.approx(50)


@pytest.mark.parametrize("how", ["recovered", "rescued"])
def test_a_broken_browser_transfers_nobody(rows: Rows, how: str) -> None:
    call = rows.wait()
    rows.transfer(call, 20, how)
    rows.write()
    assert rows.whole().transfers == 0


def test_promises_are_measured_from_when_they_were_told(rows: Rows) -> None:
    def told(seconds: int, after: float, result: str = "answered") -> None:
        rows.wait(lasted=20 + after, result=result, told_seconds=seconds, told_at=later(20))

    told(60, 90)
    told(60, 30)
    told(120, 20)
    told(60, 61, "abandoned")
    told(60, 10, "abandoned")
    rows.wait(lasted=100)
    rows.write()
    whole = rows.whole()
    assert (whole.told_answered, whole.told_in_vain, whole.within_half) == (3, 1, 2)
    assert whole.error == pytest.approx(30 - 30 - 100)
    assert whole.error_size == pytest.approx(160)


# -- a random day, row by row ------------------------------------------------------------------------------------


def busy(rows: Rows, chance: random.Random) -> None:
    """Three days of calls of every kind around the day that is asked for."""
    at = -30 * 3600.0
    while at < 50 * 3600:
        at += chance.expovariate(1 / 1500)
        result = chance.choice(["answered"] * 5 + ["abandoned", "overflowed", "called back"])
        user = chance.choice([WANG, LI])
        call = rows.wait(
            at, lasted := chance.uniform(0, 60), result, queue=chance.choice(["hotline", "water"]),
            language=chance.choice(["zh", "en"]), user=user if result == "answered" else None,
        )  # fmt: skip
        if result == "answered":
            talk = chance.uniform(1, 3000)
            rows.segment(call, at + lasted, talk, leg=f"s{len(rows.segments)}", user=user)
            if chance.random() < 0.3:
                rows.transfer(call, at + lasted + talk, user=user)
    for seat, user in (("101", WANG), ("102", LI)):
        at = -30 * 3600.0
        while at < 50 * 3600:
            state = chance.choice(["ready", "paused", "talking", "unreachable"])
            lasts = chance.uniform(1, 9000)
            rows.spell(state, at, lasts, seat=seat, user=user, reason="meal" if state == "paused" else "")
            at += lasts


def by_hand(
    rows: Rows, edges: tuple[datetime, ...], keep: Callable[[Any, QueueEntryRow | None], bool]
) -> Counts:
    """The same figures, one row after another."""
    waits = {row.call: row for row in rows.waits}
    whole = Counts()
    for row in rows.waits:
        if edges[0] <= row.entered_at < edges[-1] and keep(row, row):
            assert row.ended_at is not None
            waited = (row.ended_at - row.entered_at).total_seconds()
            one = Counts(offered=1, longest=waited, **{row.result.replace(" ", "_"): 1})
            if row.result == "answered":
                one.waited, one.in_15, one.in_time = waited, int(waited <= 15), int(waited <= 20)
            if row.result == "abandoned":
                one.late, one.short = int(waited > 20), int(waited < 5)
            whole.add(one)
    for segment in rows.segments:
        if keep(segment, waits[segment.call]):
            assert segment.ended_at is not None
            whole.talk += sum(part for _, part in split(segment.started_at, segment.ended_at, edges))
            whole.handled += edges[0] <= segment.started_at < edges[-1]
    for sent in rows.transfers:
        if keep(sent, waits[sent.call]):
            whole.transfers += edges[0] <= sent.at < edges[-1]
    for spell in rows.spells:
        if keep(spell, None):
            assert spell.ended_at is not None
            for _, part in split(spell.started_at, spell.ended_at, edges):
                whole.spell(spell.state, spell.reason, part, of_queue=False)
    return whole


def close(counts: Counts) -> dict[str, Any]:
    """What two ways of counting agree in: a database's seconds are good to a millisecond."""
    found = {
        name: pytest.approx(value, abs=0.01) for name, value in asdict(counts).items() if name != "pauses"
    }
    return found | {"pauses": pytest.approx(counts.pauses, abs=0.01)}


@pytest.mark.parametrize("seed", range(3))
def test_the_sums_of_the_intervals_queues_agents_and_languages_are_those_of_the_rows(
    rows: Rows, seed: int
) -> None:
    busy(rows, random.Random(seed))
    rows.write()
    edges = bounds(DAY, DAY, "whole", ZONE)
    expected = by_hand(rows, edges, lambda row, wait: True)
    assert expected.offered > 20 and expected.talk > 0 and expected.pauses
    for every in ("whole", "15min", "hour", "day", "month"):
        assert asdict(rows.whole(every=every)) == close(expected), every
    talked = {
        name: getattr(expected, name) for name in ("talk", "handled", "answered", "transfers", "waited")
    }
    for by in ("queue", "language", "agent"):
        whole = rows.whole(every="hour", by=by)
        assert {name: getattr(whole, name) for name in talked} == pytest.approx(talked, abs=0.01), by
    assert rows.whole(by="queue").offered == expected.offered
    assert rows.whole(by="agent").logged_in == pytest.approx(expected.logged_in)


@pytest.mark.parametrize(
    ("narrow", "keep"),
    [
        ({"queue": "water"}, lambda row, wait: wait is not None and wait.queue == "water"),
        ({"language": "en"}, lambda row, wait: wait is not None and wait.language == "en"),
        ({"agent": LI}, lambda row, wait: row.user == LI),
        (
            {"agent": WANG, "queue": "hotline", "language": "zh"},
            lambda row, wait: (
                wait is not None and (row.user, wait.queue, wait.language) == (WANG, "hotline", "zh")
            ),
        ),
    ],
)
def test_a_report_of_a_part_is_of_that_part(rows: Rows, narrow: dict[str, Any], keep: Any) -> None:
    busy(rows, random.Random(9))
    rows.write()
    expected = by_hand(rows, bounds(DAY, DAY, "whole", ZONE), keep)
    assert expected.answered > 1
    assert asdict(rows.whole(every="30min", **narrow)) == close(expected)


def test_ratings_of_talks_are_counted_with_the_agent_queue_and_language(rows: Rows) -> None:
    for at, score, user in ((0, 1, WANG), (60, 2, WANG), (120, 5, LI)):
        call = rows.wait(at)
        rows.ratings.append(
            CallRating(call=call, at=later(at + 30), seat="101", user=user, queue="hotline", language="zh", score=score)
        )  # fmt: skip
    rows.write()
    assert (rows.whole().rated, rows.whole().satisfied) == (3, 2)
    by = rows.counted(by="agent")
    assert {key: one.rated for (_, key), one in by.items() if one.rated} == {str(WANG): 2, str(LI): 1}
    assert rows.whole(queue="water").rated == 0 and rows.whole(language="zh").rated == 3


def test_an_empty_time_has_no_rows(rows: Rows) -> None:
    rows.write()
    assert rows.counted("15min") == {}
