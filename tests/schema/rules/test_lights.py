"""Lights and the steps of urging: one clock, one place, the same moment."""

from datetime import datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.words import Words
from schema.rules.calendar import UNITS, URGENT_HOURS, WORKING_DAYS, WORKING_HOURS
from schema.rules.clocks import Clock, deadline, start
from schema.rules.languages import LANGUAGES
from schema.rules.lights import COLOURS, LADDER, SOON, climbed, light, moments, words
from tests.schema.rules.test_clocks import CITY, at, local, made, pauses, starts, when

WORDS = Words.read()
TEN = start(10, WORKING_HOURS, "city", 1, at("2026-11-24 08:30"))  # due on the 25th at 11:00


def seen(clock: Clock, now: str) -> tuple[str, str, int]:
    found = light(clock, CITY, at(now))
    return found.colour, found.reason, found.percent


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 08:30", ("green", "in-time", 0)),
        ("2026-11-24 16:59", ("green", "in-time", 69)),
        ("2026-11-25 08:59", ("green", "in-time", 79)),
        ("2026-11-25 09:00", ("yellow", "soon", 80)),
        ("2026-11-25 11:00", ("yellow", "soon", 100)),
        ("2026-11-25 11:01", ("red", "over", 100)),
        ("2026-11-25 12:30", ("red", "over", 110)),
    ],
)
def test_a_light_by_the_share_of_the_time_used(now: str, expected: tuple[str, str, int]) -> None:
    assert seen(TEN, now) == expected


def test_a_clock_that_stands_still_is_grey_and_one_that_was_late_before_stays_red() -> None:
    assert seen(TEN.suspend(at("2026-11-24 10:30"), "x"), "2026-11-26 10:00") == ("grey", "suspended", 20)
    assert seen(TEN.suspend(at("2026-11-25 11:30"), "x"), "2026-11-26 10:00") == ("red", "over", 105)
    resumed = TEN.suspend(at("2026-11-24 10:30"), "x").resume(at("2026-11-26 10:30"))
    assert seen(resumed, "2026-11-26 11:30") == ("green", "in-time", 30)


def test_a_clock_that_is_over_says_how_it_came_out() -> None:
    assert seen(TEN.stop(at("2026-11-25 10:00")), "2027-01-01 10:00") == ("green", "done", 90)
    assert seen(TEN.stop(at("2026-11-25 12:00")), "2027-01-01 10:00") == ("red", "done-late", 110)


def test_the_steps_of_urging_come_as_the_lights_turn() -> None:
    found = {rung.what: moment and local(moment) for rung, moment in moments(TEN, CITY)}
    assert found == {"urge": "11-25 09:00", "urge-again": "11-25 11:00", "supervise": "11-25 17:30"}
    assert LADDER[0].percent == SOON
    assert [rung.what for rung in climbed(TEN, CITY, at("2026-11-25 11:00"))] == ["urge", "urge-again"]
    assert climbed(TEN.stop(at("2026-11-25 12:00")), CITY, at("2027-01-01 10:00")) == []
    still = TEN.suspend(at("2026-11-25 09:30"), "x")
    assert [moment is None for _, moment in moments(still, CITY)] == [False, True, True]


@given(starts, st.integers(1, 8), st.sampled_from(UNITS), pauses, st.integers(0, 40 * 1440))
def test_a_light_is_red_after_the_deadline_and_yellow_from_the_first_urging(
    begins: int, units: int, unit: str, pauses_: list[tuple[int, int]], later: int
) -> None:
    clock, _ = made(begins, units, unit, pauses_)
    now, due = when(begins + later), deadline(clock, CITY)
    urged = {rung.what for rung in climbed(clock, CITY, now)}
    found = light(clock, CITY, now)
    assert due is not None
    assert (found.colour == "red") is (now > due.at)
    assert (found.colour == "green") is ("urge" not in urged)
    assert ("urge-again" in urged) is (now >= due.at)
    assert (found.left.total_seconds() < 0) <= (found.colour == "red")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_light_says_why(language: str) -> None:
    say = partial(WORDS.say, language)
    told = set()
    for clock, now in (
        (TEN, "2026-11-24 09:00"), (TEN, "2026-11-25 09:30"), (TEN, "2026-11-26 09:30"),
        (TEN.suspend(at("2026-11-24 10:00"), "x"), "2026-11-26 10:00"),
        (TEN.stop(at("2026-11-25 10:00")), "2026-11-26 10:00"), (TEN.stop(at("2026-11-25 12:00")), "2026-11-26 10:00"),
    ):  # fmt: skip
        found = light(clock, CITY, at(now))
        text = words(found, language, say)
        assert str(found.percent) in text and "{" not in text
        told.add(text)
    assert len(told) == len(COLOURS)
    for rung in LADDER:
        assert WORDS.has(f"urging.{rung.what}")


def test_how_long_is_in_the_measure_of_the_clock() -> None:
    say = partial(WORDS.say, "en")
    assert words(light(TEN, CITY, at("2026-11-25 09:30")), "en", say) == (
        "Yellow: 85% of the time is used, only 1 h 30 min of working time left"
    )
    urgent = start(2, URGENT_HOURS, "city", 1, at("2026-11-24 20:00"))
    assert words(light(urgent, CITY, at("2026-11-24 23:00")), "en", say) == (
        "Red: overdue by 1 h (150% of the time used)"
    )


def test_a_day_is_measured_by_its_hours() -> None:
    days: datetime = at("2026-11-23 17:30")
    assert light(start(2, WORKING_DAYS, "city", 1, days), CITY, at("2026-11-24 17:30")).percent == 50
