import re
from datetime import date
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.reportcharts import BOTTOM, HEIGHT, MOST, TOP, Chart, draw, nice, shown
from backoffice.reporttable import Table, make
from backoffice.words import Words
from schema.desk.callstats import Asked
from schema.rules.callstats import Counts
from schema.rules.intervals import bounds

ZONE = ZoneInfo("Asia/Shanghai")
WORDS = Words.read()


def table(
    counted: dict[tuple[int, str], Counts],
    days: int = 3,
    by: str = "",
    every: str = "day",
    names: dict[str, str] | None = None,
) -> Table:
    edges = bounds(date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days - 1), every, ZONE)
    return make(
        counted, Asked(edges, by), lambda key, **v: WORDS.say("en", key, **v), ZONE, every, names or {}
    )


def marks(chart: Chart, tag: str) -> list[ElementTree.Element]:
    return [node for node in ElementTree.fromstring(str(chart.svg)).iter(tag)]  # our own drawing


def test_bars_are_as_high_as_what_they_count() -> None:
    counted = {(0, ""): Counts(offered=10, answered=8, abandoned=2), (1, ""): Counts(offered=4, answered=4)}
    charts = draw(table(counted), True, False)
    bars = marks(charts[0], "rect")
    assert [bar.get("class") for bar in bars] == ["s-answered", "s-abandoned", "s-answered"]
    high = [float(bar.get("height") or 0) for bar in bars]
    assert high[0] == pytest.approx(4 * high[1], abs=0.5) and high[0] == pytest.approx(2 * high[2], abs=0.5)
    first, second = (float(bar.get("y") or 0) for bar in bars[:2])
    assert first == pytest.approx(second + high[1], abs=0.2), "one stands on the other"
    assert [bar.findtext("title") for bar in bars[:2]] == ["2026-01-01: 8", "2026-01-01: 2"]


def test_a_line_has_a_gap_where_there_is_nothing_to_tell() -> None:
    full = Counts(offered=2, answered=2, in_time=1)
    lines = draw(table({(0, ""): full, (2, ""): full}), True, False)[1]
    assert lines.is_lines
    levels = [line for line in marks(lines, "polyline") if line.get("class") == "l-level"]
    assert [len((line.get("points") or "").split()) for line in levels] == [1, 1], (
        "two runs of one point each"
    )
    assert len(marks(lines, "circle")) == 2


def test_rows_of_one_interval_are_one_bar() -> None:
    made = table(
        {(0, "a"): Counts(answered=1), (0, "b"): Counts(answered=2), (1, "a"): Counts(answered=3)}, by="queue"
    )
    bars = marks(draw(made, True, False)[0], "rect")
    assert [bar.findtext("title") for bar in bars] == ["2026-01-01: 3", "2026-01-02: 3"]


def test_of_agents_there_is_handling_alone() -> None:
    charts = draw(table({(0, ""): Counts(talk=7200, wrapup=3600)}), True, True)
    assert [chart.title for chart in charts] == ["report.chart_time"]
    assert [bar.findtext("title") for bar in marks(charts[0], "rect")] == ["2026-01-01: 2", "2026-01-01: 1"]


def test_a_long_table_is_drawn_in_part_and_that_is_known() -> None:
    made = table({(0, ""): Counts(answered=1)}, days=200)
    assert shown(made) == (MOST, 200)
    assert "2026-01-01" in str(draw(made, True, False)[0].svg)


def test_the_scale_of_a_count_has_no_halves() -> None:
    for count in (1, 2, 3, 7):
        made = table({(0, ""): Counts(answered=count, talk=900)}, days=1)
        waits, times = (
            re.findall(r'text-anchor="end"[^>]*>([^<]*)<', str(one.svg)) for one in draw(made, True, False)
        )
        assert all(tick.isdigit() for tick in waits) and int(waits[-1]) >= count
        assert any("." in tick for tick in times), "hours are parted"


def test_an_empty_table_has_no_charts() -> None:
    assert draw(table({}), True, False) == []


def test_a_name_with_markup_stays_a_name() -> None:
    made = table({(0, "x"): Counts(answered=1)}, days=1, by="queue", names={"x": "<script>&"}, every="whole")
    svg = str(draw(made, False, False)[0].svg)
    assert "<script>" not in svg and "&lt;script&gt;&amp;" in svg


def test_drawings_bring_no_styles_of_their_own() -> None:
    for chart in draw(table({(0, ""): Counts(answered=1)}), True, False):
        assert "style" not in str(chart.svg), "the page's policy would refuse them"


@given(st.floats(0, 1e9))
def test_a_scale_holds_its_highest_and_has_few_rules(top: float) -> None:
    ticks = nice(top)
    assert ticks[0] == 0 and ticks[-1] >= top * (1 - 1e-6)
    assert 2 <= len(ticks) <= 6
    assert (
        re.fullmatch(r"[125]0*(\.0)?|0\.0*[125]|[125]e[+-]\d+", f"{ticks[1]:.3g}".replace(",", ""))
        or top < 1e-3
    )


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_nothing_is_drawn_outside(answered: list[int]) -> None:
    made = table({(n, ""): Counts(answered=count) for n, count in enumerate(answered)}, days=len(answered))
    for bar in marks(draw(made, True, False)[0], "rect"):
        y, high = float(bar.get("y") or 0), float(bar.get("height") or 0)
        assert y >= TOP - 0.2 and y + high <= HEIGHT - BOTTOM + 0.2
