"""The charts of a report as SVG: stacked bars and lines, drawn here so that page, print and PDF show the same.

Every mark has its colour as an attribute (for paper) and a class (for the page's light and dark). Colours are those of
Okabe and Ito, which colour-blind people can tell apart; marks are outlined, lines differ in dash and points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TypeVar

from markupsafe import Markup

from backoffice.reporttable import Line, Table
from schema.rules.callstats import FIGURES, Counts, total, worth

MOST = 124
"""Rows in one chart."""
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 220, 52, 26, 12
INK, SOFT, RULE = "#1c2326", "#55626a", "#d3d9d8"
TARGET = 95
Row = TypeVar("Row")
_OF = {figure.name: figure.of for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: a figure's `name`, its words' key is ``figure.<name>``."""

    name: str
    colour: str
    dash: str = ""


WAITS = (
    Series("answered", "#0072b2"),
    Series("abandoned", "#d55e00"),
    Series("overflowed", "#f0e442"),
    Series("called_back", "#56b4e9"),
    Series("waiting", "#999999"),
)
TIMES = (Series("talk", "#0072b2"), Series("hold", "#f0e442"), Series("wrapup", "#cc79a7"))
LEVELS = (Series("level", "#0072b2"), Series("connect", "#d55e00", "7 4"))


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: `title` is the key of its words."""

    title: str
    series: tuple[Series, ...]
    svg: Markup
    is_lines: bool = False


def draw(table: Table, is_timed: bool, of_agents: bool) -> list[Chart]:
    """The charts of a table, of its first MOST rows; lines only where time goes on."""
    rows = _rows(table)[:MOST]
    if not rows:
        return []
    charts = []
    if not of_agents:
        charts.append(Chart("report.chart_waits", WAITS, _bars(rows, WAITS, lambda c, s: _number(c, s.name))))
        if is_timed and len(rows) > 1:
            charts.append(Chart("report.chart_level", LEVELS, _lines(rows), is_lines=True))
    hours = _bars(rows, TIMES, lambda c, s: _number(c, s.name) / 3600)
    charts.append(Chart("report.chart_time", TIMES, hours))
    return charts


def shown(table: Table) -> tuple[int, int]:
    """How many rows the charts show, and how many there are."""
    there = len(_rows(table))
    return min(there, MOST), there


def _rows(table: Table) -> list[tuple[str, Counts]]:
    """What a chart has along its foot: the intervals, with all that is in each added up, or whatever rows there are."""
    found: dict[str, list[Line]] = {}
    lines = [line for line in table.lines if not line.is_total] or list(table.lines)
    for line in lines:
        found.setdefault(line.labels[0], []).append(line)
    return [(label, total(line.counts for line in same)) for label, same in found.items()]


def _number(counts: Counts, name: str) -> float:
    return worth(_OF[name](counts)) or 0.0


def columns(rows: Sequence[tuple[str, float]], series: Series) -> Markup:
    """One column for each label and number."""
    return _bars(rows, (series,), lambda value, _: value)


def stacked(
    rows: Sequence[tuple[str, Row]], series: Sequence[Series], of: Callable[[Row, Series], float]
) -> Markup:
    """One bar for each label, with a part for each series."""
    return _bars(rows[:MOST], series, of)


def _bars(
    rows: Sequence[tuple[str, Row]], series: Sequence[Series], of: Callable[[Row, Series], float]
) -> Markup:
    top = max((sum(of(counts, each) for each in series) for _, counts in rows), default=0)
    ticks = nice(top)
    if all(float(of(counts, each)).is_integer() for _, counts in rows for each in series):
        ticks = [tick for tick in ticks if float(tick).is_integer()]
    step = (WIDTH - LEFT) / len(rows)
    wide = min(step * 0.8, 60)
    marks = [_axes(ticks, "")]
    for n, (label, counts) in enumerate(rows):
        left, foot = LEFT + step * (n + 0.5) - wide / 2, 0.0
        for each in series:
            value = of(counts, each)
            if value:
                high = _y(foot, ticks[-1]) - _y(foot + value, ticks[-1])
                marks.append(
                    Markup('<rect class="s-{}" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" '
                           'stroke-width="0.5"><title>{}: {}</title></rect>').format(
                        each.name, _n(left), _n(_y(foot + value, ticks[-1])), _n(wide), _n(high), each.colour, INK,
                        label, _short(value),
                    )
                )  # fmt: skip
                foot += value
    return _svg([*marks, *_labels([label for label, _ in rows], step)])


def _lines(rows: Sequence[tuple[str, Counts]]) -> Markup:
    step = (WIDTH - LEFT) / len(rows)
    marks = [_axes([0, 25, 50, 75, 100], "%")]
    marks.append(
        Markup(
            '<line class="c-target" x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="{}" stroke-dasharray="2 3"/>'
        ).format(LEFT, WIDTH, SOFT, y=_n(_y(TARGET, 100)))
    )
    for each in LEVELS:
        runs: list[list[tuple[float, float]]] = [[]]
        for n, (label, counts) in enumerate(rows):
            value = worth(_OF[each.name](counts))
            if value is None:
                runs.append([])
                continue
            x, y = LEFT + step * (n + 0.5), _y(value * 100, 100)
            runs[-1].append((x, y))
            if each.dash:
                shape = Markup(
                    '<rect class="s-{}" x="{}" y="{}" width="6" height="6" fill="{}"><title>{}</title></rect>'
                )
                x, y = x - 3, y - 3
            else:
                shape = Markup(
                    '<circle class="s-{}" cx="{}" cy="{}" r="3" fill="{}"><title>{}</title></circle>'
                )
            marks.append(shape.format(each.name, _n(x), _n(y), each.colour, f"{label}: {value * 100:.1f}%"))
        for run in runs:
            path = " ".join(f"{_n(x)},{_n(y)}" for x, y in run)
            marks.append(
                Markup('<polyline class="l-{}" points="{}" fill="none" stroke="{}" stroke-width="2" '
                       'stroke-dasharray="{}"/>').format(each.name, path, each.colour, each.dash or "none")
            )  # fmt: skip
    return _svg([*marks, *_labels([label for label, _ in rows], step)])


def nice(top: float) -> list[float]:
    """Where the rules of a scale from 0 to at least `top` are: at 1, 2 or 5 times a power of ten."""
    if top < 1e-9:
        return [0, 1]
    rough = top / 4
    power = 10 ** floor(log10(rough))
    step = next(step for step in (1, 2, 5, 10) if step * power >= rough * 0.999) * power
    return [step * n for n in range(ceil(top / step - 1e-9) + 1)]


def _axes(ticks: Sequence[float], unit: str) -> Markup:
    marks = Markup("")
    for tick in ticks:
        y = _n(_y(tick, ticks[-1]))
        marks += Markup('<line class="c-rule" x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="{}"/>').format(
            LEFT, WIDTH, RULE, y=y
        )
        marks += Markup('<text class="c-text" x="{}" y="{}" text-anchor="end" fill="{}">{}</text>').format(
            LEFT - 6, _n(float(y) + 4), SOFT, _short(tick) + unit
        )
    return marks


def _labels(labels: Sequence[str], step: float) -> list[Markup]:
    """The rows' names, as many as there is room for; of dates of the same year or day the part that differs."""
    cut = _same(labels)
    room = max(len(label) - cut for label in labels) * 7 + 14
    each = max(1, ceil(room / step))
    text = '<text class="c-text" x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>'
    return [
        Markup(text).format(_n(LEFT + step * (n + 0.5)), HEIGHT - 6, SOFT, label[cut:][:24])
        for n, label in enumerate(labels)
        if n % each == 0
    ]


def _same(labels: Sequence[str]) -> int:
    """How many characters all dates begin with: "2026-" or "2026-11-24 "."""
    if len(labels) > 1 and all(label[:4].isdigit() and label[4:5] == "-" for label in labels):
        if len({label[:10] for label in labels}) == 1 and len(labels[0]) > 11:
            return 11
        if len({label[:4] for label in labels}) == 1:
            return 5
    return 0


def _svg(marks: Sequence[Markup]) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" font-size="13" aria-hidden="true">{}</svg>').format(
        WIDTH, HEIGHT, Markup("").join(marks)
    )


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"
