"""Labelled pairs of requests, made from `tuning.jsonl` and `heldout.jsonl` beside this file.

A line is one incident of an invented city: its `problem`, its `place` (metres east and north of a corner), and what
people said of it, each [caller, hours since a Monday, metres off the place or null for no point, kind, title, text,
address]; `closed` is the hour its cases were closed. Two reports of one incident are a positive pair. Negative are the
pairs of two incidents that are hard to tell apart: within 600 m of each other, of the same problem, or with a caller in
common. Incidents of the same place and problem, months apart, are two. No incident is in both halves.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import floor, hypot
from pathlib import Path

from schema.desk.duplicates import CLOSED_WITHIN
from schema.geodesy import distance, from_grid
from schema.rules.duplicates import Apart, Request

HALVES = ("tuning", "heldout")
MONDAY = datetime(2026, 3, 2, 0, tzinfo=UTC)
CORNER = (40_515_000.0, 3_349_000.0)
CELL = 300
NEAR = 600


@dataclass(frozen=True)
class Report:
    """A request with what the label is made from; `spot` is in metres."""

    request: Request
    incident: str
    problem: str
    caller: str
    spot: tuple[float, float]
    point: tuple[float, float] | None
    square: tuple[int, int]
    closed: datetime | None


@dataclass(frozen=True)
class Pair:
    """Two reports, and whether they are about the same thing."""

    one: Report
    two: Report
    same: bool
    apart: Apart

    @property
    def looked_at(self) -> bool:
        """Whether the desk would compare them: not when one was closed long before the other came in."""
        first, last = sorted((self.one, self.two), key=lambda report: report.request.at)
        return first.closed is None or last.request.at - first.closed <= CLOSED_WITHIN


def reports(half: str) -> list[Report]:
    """Everything said in one half."""
    lines = (Path(__file__).parent / f"{half}.jsonl").read_text("utf-8").splitlines()
    return [
        _report(json.loads(line), number)
        for line in lines
        for number in range(len(json.loads(line)["reports"]))
    ]


def pairs(half: str) -> list[Pair]:
    """The labelled pairs of one half."""
    return [
        Pair(one, two, one.incident == two.incident, _apart(one, two))
        for one, two in combinations(reports(half), 2)
        if one.incident == two.incident or _hard(one, two)
    ]


def _hard(one: Report, two: Report) -> bool:
    near = hypot(one.spot[0] - two.spot[0], one.spot[1] - two.spot[1]) < NEAR
    return near or one.problem == two.problem or one.caller == two.caller


def _report(line: dict, number: int) -> Report:  # type: ignore[type-arg]
    caller, hours, off, kind, title, text, address = line["reports"][number]
    east, north = line["place"]
    if off:
        east, north = east + off[0], north + off[1]
    square = (floor(east / CELL), floor(north / CELL))
    request = Request(
        title=title, text=text, at=MONDAY + timedelta(hours=hours), kind=kind, class_="social", address=address,
        cell=f"330106{50 + square[1]:03d}001{50 + square[0]:03d}",
        phone=f"139{sum(map(ord, caller[:1])):04d}{int(caller[1:]):04d}",
    )  # fmt: skip
    point = from_grid(CORNER[0] + east, CORNER[1] + north) if off else None
    closed = MONDAY + timedelta(hours=line["closed"]) if "closed" in line else None
    return Report(request, line["incident"], line["problem"], caller, (east, north), point, square, closed)


def _apart(one: Report, two: Report) -> Apart:
    near = max(abs(one.square[0] - two.square[0]), abs(one.square[1] - two.square[1])) <= 1
    if one.point is None or two.point is None:
        return Apart(near=near)
    return Apart(distance(*one.point, *two.point), near)
