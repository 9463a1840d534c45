"""A deadline explains itself in every language of the screens."""

from datetime import UTC, datetime
from itertools import product

import pytest

from demo.workdays import city_calendar
from schema.desk.filing import CLASSES, KINDS
from schema.rules.calendar import UNITS, WORKING_DAYS, due
from schema.rules.duewords import ALLOWED, explain

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
    assert ALLOWED.keys() == set(product(CLASSES, KINDS))
    assert {unit for _, unit in ALLOWED.values()} == set(UNITS)
