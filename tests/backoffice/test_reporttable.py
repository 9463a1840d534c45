from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backoffice.reporttable import NOTHING, Table, columns, label, make, parts, text
from backoffice.words import Words
from schema.desk.callstats import Asked
from schema.rules.callstats import Counts, Share
from schema.rules.intervals import bounds

ZONE, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
WORDS = Words.read()
DAYS = bounds(date(2026, 11, 23), date(2026, 11, 25), "day", ZONE)


def say(key: str, **values: object) -> str:
    return WORDS.say("en", key, **values)


def table(counted: dict[tuple[int, str], Counts], every: str = "day", **asked: str) -> Table:
    edges = DAYS if every == "day" else (DAYS[0], DAYS[-1])
    return make(counted, Asked(edges, **asked), say, ZONE, every, {"water": "Water works"})  # type: ignore[arg-type]


def row(answered: int) -> Counts:
    return Counts(offered=answered, answered=answered)


def test_every_interval_has_a_row_and_the_last_is_the_total() -> None:
    made = table({(0, ""): row(2), (2, ""): row(3)})
    assert [line.labels for line in made.lines] == [
        ("2026-11-23",),
        ("2026-11-24",),
        ("2026-11-25",),
        ("Total",),
    ]
    assert [line.counts.answered for line in made.lines] == [2, 0, 3, 5]
    assert [line.is_total for line in made.lines] == [False, False, False, True]


def test_rows_by_queue_are_those_in_which_something_was() -> None:
    made = table({(0, "water"): row(2), (2, "hotline"): row(3), (2, "water"): row(1)}, by="queue")
    assert made.heads == ("Day", "Queue")
    assert [line.labels for line in made.lines] == [
        ("2026-11-23", "Water works"), ("2026-11-25", "Water works"), ("2026-11-25", "hotline"), ("Total", ""),
    ]  # fmt: skip
    assert made.whole.answered == 6


def test_a_language_that_nobody_chose_comes_last_and_has_a_name() -> None:
    made = table({(0, ""): row(1), (0, "zh"): row(2)}, "whole", by="language")
    assert [line.labels for line in made.lines] == [("zh",), ("Not known",), ("Total",)]


def test_the_whole_without_any_grouping_is_one_row() -> None:
    made = table({(0, ""): row(4)}, "whole")
    assert [(line.labels, line.is_total) for line in made.lines] == [(("Whole time",), True)]


def test_nothing_counted_is_an_empty_table() -> None:
    assert table({}).lines == ()


def test_what_is_left_out_is_said() -> None:
    assert table({}, by="agent").notes == (say("report.scope_agent"),)
    assert table({}, queue="water").notes == (say("report.scope_queue"),)
    assert table({}).notes == ()


def test_every_reason_for_a_pause_has_a_column_beside_the_pauses() -> None:
    whole = Counts(pauses={"rest": 60, "no answer": 5, "lunch": 7})
    found = columns(Asked(DAYS), whole, say)
    names = [column.name for column in found]
    at = names.index("paused")
    assert names[at + 1 : at + 4] == ["pause.lunch", "pause.no answer", "pause.rest"]
    assert [column.label for column in found[at + 1 : at + 4]] == [
        "Paused: lunch",
        "Paused: No answer",
        "Paused: Rest",
    ]
    assert [column.of(whole) for column in found[at : at + 4]] == [72, 7, 5, 60]


def test_the_service_level_says_its_seconds() -> None:
    level = next(
        column for column in columns(Asked(DAYS, within=30), Counts(), say) if column.name == "level"
    )
    assert "within 30 s" in level.what


def test_groups_follow_each_other_once() -> None:
    names = [group for group, _ in table({}).groups]
    assert names == ["Calls", "Answering", "Handling", "Seats", "Told waits"]


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (12345, "count", "12,345"),
        (Share(1, 3), "share", "33.3%"),
        (Share(0, 0), "share", NOTHING),
        (Share(0, 0), "seconds", NOTHING),
        (Share(25, 2), "seconds", "12.5"),
        (Share(-25, 2), "seconds", "\u221212.5"),
        (3723.4, "time", "1:02:03"),
        (0.0, "time", "0:00:00"),
        (3599.6, "time", "1:00:00"),
        (1000 * 3600.0, "time", "1,000:00:00"),
    ],
)
def test_figures_are_read_like_this(value: float | Share, kind: str, shown: str) -> None:
    assert text(value, kind) == shown  # type: ignore[arg-type]


def test_a_share_says_of_what() -> None:
    assert parts(Share(3, 4), say) == "3 of 4"
    assert parts(Share(1234.5, 10), say) == "1,234 of 10"
    assert parts(Share(3600.0, 7200.0), say) == "1.0 h of 2.0 h"
    assert parts(5, say) == ""


def test_an_hour_that_comes_twice_has_two_names() -> None:
    edges = bounds(date(2026, 10, 25), date(2026, 10, 25), "hour", BERLIN)
    names = [label(edges, i, "hour", BERLIN) for i in range(25)]
    assert names[1:5] == [
        "2026-10-25 01:00", "2026-10-25 02:00 (+0200)", "2026-10-25 02:00 (+0100)", "2026-10-25 03:00",
    ]  # fmt: skip
    assert len(set(names)) == 25


def test_a_month_that_is_not_whole_names_its_first_day() -> None:
    edges = bounds(date(2026, 10, 15), date(2026, 11, 30), "month", ZONE)
    assert [label(edges, i, "month", ZONE) for i in (0, 1)] == ["2026-10-15", "2026-11"]


def test_quarter_hours_are_of_the_sites_clock() -> None:
    at = datetime(2026, 11, 24, 8, 15, tzinfo=UTC)
    assert label((at, at + timedelta(minutes=15)), 0, "15min", ZONE) == "2026-11-24 16:15"
