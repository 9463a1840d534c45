"""A promised call-back: every edge and non-edge, the drawing, and how it goes in the cases people meet."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.calendar import Calendar, Span
from schema.rules.callbacks import (
    CALLBACK,
    ENDS,
    EVENTS,
    STATES,
    Callback,
    NoSuchMove,
    Terms,
    after,
    due_event,
    events,
    hear,
    promise,
)
from schema.rules.queueing import Caller, Idle, match
from schema.rules.services import Hours, Service

DRAWING = Path(__file__).parents[3] / "docs" / "state-machines" / "callback.dot"
CITY = Calendar(ZoneInfo("Asia/Shanghai"), (Span(0, 1440),), date(2026, 12, 31))
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)  # a Wednesday, 12:00 in the city
TERMS = Terms()
BY_DAY = Terms(tries=5, retry_every=300, expires=86400, hours=Hours((Span(480, 1260),), (Span(540, 1020),)))
EDGES = {(row.state, row.event): row.next for row in CALLBACK}


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def promised(terms: Terms = TERMS, now: datetime = NOON) -> Callback:
    caller = Caller(UUID(int=1), now - timedelta(seconds=90), priority=3)
    return promise(caller, "13800000000", now, terms, CITY)


def play(callback: Callback, words: str, now: datetime = NOON, terms: Terms = TERMS) -> Callback:
    for word in words.split():
        callback = hear(callback, word, now, terms, CITY)
    return callback


@pytest.mark.parametrize(("state", "event"), list(product(STATES, EVENTS)))
def test_an_event_moves_it_only_along_an_edge(state: str, event: str) -> None:
    if (state, event) in EDGES:
        assert after(state, event) == EDGES[state, event]
    else:
        with pytest.raises(NoSuchMove, match="possible: "):
            after(state, event)
    assert (event in events(state)) == ((state, event) in EDGES)


def test_the_drawing_is_the_table() -> None:
    drawn = re.findall(r'^  (\w+) -> (\w+) \[label="(\S+)"\];$', DRAWING.read_text("utf-8"), re.MULTILINE)
    assert set(drawn) == {(row.state, row.next, row.event) for row in CALLBACK}
    assert len(drawn) == len(CALLBACK) == len(EDGES)


def test_only_the_ends_are_ends() -> None:
    assert {state for state in STATES if not events(state)} == set(ENDS)


def test_it_keeps_the_place_the_caller_had() -> None:
    waiting = promised().waiting
    assert waiting is not None and waiting.callback
    later = Caller(UUID(int=2), NOON - timedelta(seconds=80), priority=3)
    ((first, _),) = match([later, waiting], [Idle("101", NOON)], NOON)
    assert first == waiting


def test_a_call_back_that_goes_well() -> None:
    done = play(promised(), "turn dial joined ended")
    assert (done.state, done.tries) == ("kept", 1)
    assert done.waiting is None


def test_the_gap_between_tries_grows_and_the_last_one_fails_it() -> None:
    terms = Terms(tries=3, retry_every=300, expires=4 * 3600)
    one = play(promised(terms), "turn dial unanswered", at(10), terms)
    assert (one.state, one.not_before, due_event(one, at(309))) == ("retry", at(310), "")
    assert due_event(one, at(310)) == "again"
    two = play(one, "again turn dial unanswered", at(310), terms)
    assert (two.state, two.not_before) == ("retry", at(910))
    three = play(two, "again turn dial unanswered", at(910), terms)
    assert (three.state, three.tries) == ("failed", 3)


def test_a_next_try_after_the_promise_runs_out_is_not_waited_for() -> None:
    terms = Terms(tries=9, retry_every=300, expires=600)
    one = play(promised(terms), "turn dial unanswered", at(10), terms)
    assert play(one, "again turn dial unanswered", at(310), terms).state == "expired"


def test_nobody_is_rung_at_night_or_early_on_a_rest_day() -> None:
    friday_night = datetime(2026, 3, 6, 12, 58, tzinfo=UTC)  # 20:58, the hours end at 21:00
    one = play(promised(BY_DAY, friday_night), "turn dial unanswered", friday_night, BY_DAY)
    assert one.not_before == datetime(2026, 3, 7, 1, 0, tzinfo=UTC)  # Saturday 09:00
    late = promised(BY_DAY, datetime(2026, 3, 6, 15, 0, tzinfo=UTC))
    assert late.not_before == datetime(2026, 3, 7, 1, 0, tzinfo=UTC)
    assert late.waiting is not None and match([late.waiting], [Idle("101", NOON)], late.promised) == []


def test_a_citizen_who_rings_in_again_is_not_called_back_as_well() -> None:
    for words in ("", "turn", "turn dial", "turn dial unanswered"):
        assert play(promised(), f"{words} cancel").state == "cancelled"
    with pytest.raises(NoSuchMove):
        play(promised(), "turn dial joined cancel")


def test_a_seat_that_is_lost_costs_the_citizen_neither_place_nor_try() -> None:
    for words in ("turn seat-lost", "turn dial seat-lost"):
        lost = play(promised(), words)
        assert (lost.state, lost.tries, lost.caller.returning) == ("promised", 0, True)
        assert lost.caller.since == promised().caller.since


def test_it_expires_while_it_waits_but_never_while_a_call_is_up() -> None:
    end = promised().expires
    assert due_event(promised(), end - timedelta(seconds=1)) == ""
    assert due_event(promised(), end) == "expire"
    for words in ("turn dial", "turn dial joined"):
        assert due_event(play(promised(), words), end + timedelta(days=1)) == ""


def test_the_terms_are_the_services() -> None:
    service = Service("water", retries=2, retry_every=60, expires=600)
    assert Terms.of(service) == Terms(3, 60, 600, service.hours)


@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 4000)), max_size=40))
def test_whatever_happens_it_dials_no_more_than_promised_and_not_after_its_end(
    play: list[tuple[str, int]],
) -> None:
    now, callback = NOON, promised(BY_DAY)
    for event, passed in play:
        now += timedelta(seconds=passed)
        if clock := due_event(callback, now):
            callback = hear(callback, clock, now, BY_DAY, CITY)
        if event not in events(callback.state):
            continue
        callback = hear(callback, event, now, BY_DAY, CITY)
        assert callback.tries <= BY_DAY.tries
        assert callback.not_before is None or callback.not_before < callback.expires
        if callback.state == "retry":
            assert callback.not_before is not None and BY_DAY.hours.open_at(callback.not_before, CITY)
    assert callback.state in STATES
