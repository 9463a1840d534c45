from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from backoffice.reportform import Form, read
from schema.ids import uuid7
from schema.rules.intervals import midnight

TODAY = date(2026, 11, 24)
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
QUEUES = {"hotline": "Hotline", "water": "Water"}


def form(agents: int = 5, **values: str) -> Form:
    return read({name.rstrip("_"): value for name, value in values.items()}, TODAY, QUEUES, agents)


def test_nothing_asked_is_the_last_seven_days_by_day() -> None:
    found = form()
    assert (found.first, found.last, found.every, found.by) == (date(2026, 11, 18), TODAY, "day", "")
    assert (found.queue, found.agent, found.language, found.within) == ("", None, "", 20)
    assert not found.wrong and not found.is_long


def test_the_address_brings_the_same_report_back() -> None:
    agent = uuid7()
    asked = {"every": "hour", "queue": "water", "agent": str(agent), "language": "ug", "within": "30"}
    found = form(from_="2026-10-01", to="2026-10-31", **asked)
    again = read(dict(pair.split("=") for pair in found.address.split("&")), TODAY, QUEUES, 5)
    assert again.address == found.address
    assert (again.first, again.last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (again.every, again.queue, again.agent, again.within) == ("hour", "water", agent, 30)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"from_": "yesterday"}, {"from": "dates"}),
        ({"to": "2026-13-01"}, {"to": "dates"}),
        ({"to": "9999-12-31"}, {"to": "dates"}),
        ({"from_": "2026-11-25"}, {"to": "order"}),
        ({"from_": "2001-01-01"}, {"to": "long"}),
        ({"every": "week"}, {"every": "choice"}),
        ({"by": "seat"}, {"by": "choice"}),
        ({"queue": "'; DROP TABLE calls"}, {"queue": "choice"}),
        ({"language": "fr"}, {"language": "choice"}),
        ({"agent": "me"}, {"agent": "choice"}),
        ({"within": "0"}, {"within": "within"}),
        ({"within": "²"}, {"within": "within"}),
        ({"within": "1e9"}, {"within": "within"}),
        ({"from_": "2026-09-01", "every": "15min"}, {"every": "many"}),
        ({"from_": "2026-11-10", "every": "15min", "by": "agent"}, {"every": "many"}),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(values: dict[str, str], wrong: dict[str, str]) -> None:
    assert form(**values).wrong == wrong


def test_a_month_of_quarter_hours_and_a_year_of_agents_by_month_can_be() -> None:
    assert not form(from_="2026-10-01", to="2026-10-31", every="15min").wrong
    assert not form(from_="2025-12-01", every="month", by="agent", agents=200).wrong


def test_a_long_time_is_worth_its_progress() -> None:
    assert form(from_="2026-01-01", every="month").is_long


def test_what_has_not_begun_is_not_asked_for() -> None:
    edges = form(from_="2026-11-24", to="2026-12-31", every="hour").asked(ZONE, NOW).edges
    assert edges[0] == midnight(TODAY, ZONE)
    assert len(edges) == 18, "it is 16:00 in Shanghai: the seventeenth hour has just begun"
    assert edges[-2] <= NOW < edges[-1]
    assert form(from_="2026-12-01", to="2026-12-31").asked(ZONE, NOW).edges == ()
