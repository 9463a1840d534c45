"""A deadline explains itself in every language of the screens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from demo.workdays import city_calendar
from schema.rules.calendar import CALENDAR_DAYS, UNITS, URGENT_HOURS, WORKING_DAYS, WORKING_HOURS, Span, due
from schema.rules.categories import CLASSES, KINDS
from schema.rules.clocks import deadline, start
from schema.rules.duewords import explain, sentence, span
from schema.rules.limits import USUAL

CITY = city_calendar("Asia/Shanghai")
OCTOBER = due(datetime(2026, 9, 30, 2, tzinfo=UTC), 3, WORKING_DAYS, CITY).record()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "3 working days; without 2026-10-01 – 2026-10-07 (国庆节); 2026-10-10 is a make-up workday"),
        ("zh", "3 个工作日；不计 2026-10-01 – 2026-10-07（国庆节）；2026-10-10 调休上班"),
    ],
)
def test_a_deadline_over_a_holiday_says_so(language: str, words: str) -> None:
    assert explain(OCTOBER, language) == words


def test_every_unit_has_words_in_every_language() -> None:
    for unit, language in product(UNITS, ("zh", "en", "ug")):
        record = due(datetime(2026, 11, 24, 2, tzinfo=UTC), 7, unit, CITY).record()
        words = explain(record, language)
        assert "7" in words and unit not in words
    assert explain(OCTOBER, "ug") != explain(OCTOBER, "en")


def test_an_unknown_language_gets_english_and_no_record_gets_nothing() -> None:
    assert explain(OCTOBER, "fr") == explain(OCTOBER, "en")
    assert explain("", "zh") == ""


def test_what_is_uncertain_says_so() -> None:
    record = due(datetime(2026, 12, 30, 2, tzinfo=UTC), 5, WORKING_DAYS, CITY).record()
    assert "beyond the known calendar" in explain(record, "en")


def test_every_kind_of_case_has_a_limit_in_a_unit_there_is() -> None:
    assert USUAL.keys() == {f"{class_}/{kind}" for class_, kind in product(CLASSES, KINDS)}
    assert {limit.unit for limit in USUAL.values()} == set(UNITS)


def test_a_clock_tells_in_a_sentence_when_it_is_due_and_why() -> None:
    zone = CITY.zone
    clock = start(4, WORKING_HOURS, "city", 1, datetime(2026, 10, 9, 8, tzinfo=UTC))  # Friday 16:00
    resumed = clock.suspend(datetime(2026, 10, 9, 9, tzinfo=UTC), "x").resume(
        datetime(2026, 10, 10, 2, tzinfo=UTC)
    )
    found = deadline(resumed, CITY)
    assert found is not None
    assert sentence(found, zone, "en") == (
        "due Sat 2026-10-10 14:30: 4 working hours; 2026-10-10 is a make-up workday; suspended for 2 h of working time"
    )
    longer = deadline(resumed.extend(2), CITY)
    assert longer is not None
    assert "4 working hours; extended by 2 working hours; " in sentence(longer, zone, "en")
    for language in ("zh", "ug"):
        assert "2026-10-10 14:30" in sentence(found, zone, language)


def test_a_half_day_is_told() -> None:
    city = replace(CITY, hours={date(2026, 12, 31): (Span(510, 720),)})
    record = due(datetime(2026, 12, 30, 2, tzinfo=UTC), 1, WORKING_DAYS, city).record()
    assert explain(record, "en") == "1 working days; 2026-12-31 has hours of its own"


def test_a_length_of_time_in_words() -> None:
    assert span(timedelta(minutes=125), URGENT_HOURS, "en") == "2 h 5 min"
    assert span(-timedelta(hours=2), CALENDAR_DAYS, "xx") == "2 h"
    assert span(timedelta(0), URGENT_HOURS, "zh") == "0 分钟"
