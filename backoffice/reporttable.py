"""A report as a table in a language: what the page, the workbook and the printed report are all made from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from schema.desk.callstats import Asked, Key
from schema.rules.callstats import Counts, Figure, Kind, Share, Value, figures, total, worth

NOTHING = "–"
Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `what` is the definition in words."""

    name: str
    label: str
    group: str
    kind: Kind
    what: str
    of: Callable[[Counts], Value]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it is of, in as many labels as the table has, its counts, and whether it is the total."""

    labels: tuple[str, ...]
    counts: Counts
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The report. `heads` name the labels, `notes` say what is left out and why; without `lines` it is empty."""

    heads: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...] = ()
    whole: Counts = field(default_factory=Counts)
    notes: tuple[str, ...] = ()

    @property
    def groups(self) -> list[tuple[str, list[Column]]]:
        """The columns by their group, in order."""
        return [(group, list(found)) for group, found in groupby(self.columns, key=lambda each: each.group)]


def make(
    counted: Mapping[Key, Counts],
    asked: Asked,
    say: Say,
    zone: ZoneInfo,
    every: str,
    names: Mapping[str, str],
) -> Table:
    """The table. `names` has what a queue, agent or language is called; one that is not in it keeps its own name."""
    whole = total(counted.values())
    timed = every != "whole"
    heads = (*([say(f"report.{every}")] if timed else []), *([say(f"report.{asked.by}")] if asked.by else []))
    lines = [
        Line(
            (*([label(asked.edges, i, every, zone)] if timed else []), *([name] if asked.by else [])), counts
        )
        for i, name, counts in _rows(counted, asked, names, say)
    ]
    if lines and (timed or asked.by):
        lines.append(Line((say("report.total"), *[""] * (len(heads) - 1)), whole, is_total=True))
    elif lines:
        lines = [Line((say("report.whole"),), whole, is_total=True)]
    notes = []
    if asked.of_agents:
        notes.append(say("report.scope_agent"))
    if asked.of_queues:
        notes.append(say("report.scope_queue"))
    return Table(
        heads or (say("report.every"),), columns(asked, whole, say), tuple(lines), whole, tuple(notes)
    )


def _rows(
    counted: Mapping[Key, Counts], asked: Asked, names: Mapping[str, str], say: Say
) -> Iterator[tuple[int, str, Counts]]:
    """Every interval, also one in which nothing happened; by queue, agent or language those that had something."""
    if not counted:
        return
    nobody = say("report.nobody")
    called = {key: names.get(key, key) or nobody for _, key in counted}
    ranked = sorted(called, key=lambda key: (key == "", called[key]))
    for i in range(len(asked.edges) - 1):
        for key in ranked or [""]:
            if (i, key) in counted or not asked.by:
                yield i, called.get(key, ""), counted.get((i, key), Counts())


def columns(asked: Asked, whole: Counts, say: Say) -> tuple[Column, ...]:
    """The columns, and one for every reason for which seats were paused."""
    found = []
    for figure in figures(queues=asked.of_queues, agents=asked.of_agents):
        found.append(_column(figure, asked, say))
        if figure.name == "paused":
            found += [_pause(reason, say) for reason in sorted(whole.pauses)]
    return tuple(found)


def _column(figure: Figure, asked: Asked, say: Say) -> Column:
    words = f"figure.{figure.name}"
    what = (
        say(f"{words}.what", within=f"{asked.within:g}") if figure.name == "level" else say(f"{words}.what")
    )
    group = say(f"figure.group.{figure.group}")
    return Column(figure.name, say(words), group, figure.kind, what, figure.of)


def _pause(reason: str, say: Say) -> Column:
    key = f"reason.{reason.replace(' ', '_')}"
    called = say(key)
    name = reason if called == key else called
    label = say("figure.paused") + say("punct.colon") + name if reason else say("report.nobody")
    return Column(
        f"pause.{reason}", label, say("figure.group.seats"), "time", say("figure.paused.what"),
        lambda counts: counts.pauses.get(reason, 0.0),
    )  # fmt: skip


def label(edges: Sequence[datetime], i: int, every: str, zone: ZoneInfo) -> str:
    """When an interval begins, on the site's clocks; in an hour that comes twice with the offset from UTC."""
    begins = edges[i].astimezone(zone)
    if every == "month":
        return f"{begins:%Y-%m}" if begins.day == 1 else f"{begins:%Y-%m-%d}"
    if every == "day":
        return f"{begins:%Y-%m-%d}"
    text = f"{begins:%Y-%m-%d %H:%M}"
    twice = begins.replace(fold=0).utcoffset() != begins.replace(fold=1).utcoffset()
    return text + (f" ({begins:%z})" if twice else "")


def text(value: Value, kind: Kind) -> str:
    """A figure as it is read: 1,234; 95.3%; 12.3; 1:02:03."""
    number = worth(value)
    if number is None:
        return NOTHING
    if kind == "count":
        return f"{number:,.0f}"
    if kind == "share":
        return f"{number * 100:.1f}%"
    if kind == "seconds":
        return f"{number:,.1f}".replace("-", "\u2212")
    whole = round(number)
    return f"{whole // 3600:,}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def parts(value: Value, say: Say) -> str:
    """What a share is a share of; "" for what is none."""
    if not isinstance(value, Share):
        return ""
    if isinstance(value.part, int) and isinstance(value.whole, int):
        return say("report.of", part=f"{value.part:,}", whole=f"{value.whole:,}")
    if isinstance(value.whole, int):
        return say("report.of", part=f"{value.part:,.0f}", whole=f"{value.whole:,}")
    return say("report.in_hours", part=f"{value.part / 3600:,.1f}", whole=f"{value.whole / 3600:,.1f}")
