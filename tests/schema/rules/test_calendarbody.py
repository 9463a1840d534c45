"""A calendar becomes JSON and is the same calendar again."""

import json

import pytest

from schema.rules.calendar import BadCalendar
from schema.rules.calendarbody import from_body, to_body
from tests.schema.rules.test_clocks import CITY, HOTLINE, SHANGHAI


@pytest.mark.parametrize("calendar", [CITY, HOTLINE], ids=["city", "hotline"])
def test_a_calendar_goes_through_json(calendar: object) -> None:
    assert from_body(json.loads(json.dumps(to_body(calendar))), SHANGHAI) == calendar  # type: ignore[arg-type]


def test_what_is_no_calendar_is_refused() -> None:
    with pytest.raises(BadCalendar):
        from_body(to_body(CITY) | {"spans": []}, SHANGHAI)
    with pytest.raises(KeyError):
        from_body({}, SHANGHAI)
