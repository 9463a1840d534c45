"""Trends of quality inspection (质检趋势): reviews with a score, by week, agent, team or item, each with what it is of.

Counted are reviews of samples in the weeks that are asked for (the week of the call), with the score that counts now;
calibrations are not. docs/quality.md defines every figure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from schema.desk.qualitylists import Row, heard, rows
from schema.desk.scope import Who
from schema.people import Department, User
from schema.quality import QualityMark, QualityReview, ScoreSheet
from schema.rules.reviews import APPEALED, CHANGED, COUNTED, UPHELD
from schema.rules.scoresheet import Sheet, read_sheet

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """The weeks asked for, by their Mondays (both in it), and, if wanted, one agent, one team, one sheet's code."""

    first: date
    last: date
    agent: UUID | None = None
    department: UUID | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of reviews with a score. `points` is the sum of their per cents; the rest is how many of `scored`."""

    scored: int = 0
    points: float = 0.0
    good: int = 0
    fatal: int = 0
    appealed: int = 0
    changed: int = 0

    @property
    def mean(self) -> float | None:
        """The mean score in per cent; None of nothing."""
        return self.points / self.scored if self.scored else None


@dataclass(frozen=True, slots=True)
class Line:
    """Figures under a name; `key` is what they are of."""

    key: Any
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item: on how many reviews it was marked, to how many it applied, what share of its points they got.

    `failed`: it got nothing. `sheet` is the code of the sheet.
    """

    sheet: str
    code: str
    names: dict[str, str]
    fatal: bool
    marked: int
    applied: int
    shares: float
    failed: int

    @property
    def mean(self) -> float | None:
        """The mean share where it applied, 0 to 1."""
        return self.shares / self.applied if self.applied else None


def whole(session: Session, asked: Asked) -> Figures:
    """Everything together."""
    row = session.execute(select(*_sums()).where(_asked(asked))).one()
    return _figures(row)


def by_week(session: Session, asked: Asked) -> list[Line]:
    """Week by week, those in which something was scored."""
    query = select(QualityReview.week, *_sums()).where(_asked(asked))
    found = session.execute(query.group_by(QualityReview.week).order_by(QualityReview.week))
    return [Line(week, week.isoformat(), _figures(sums)) for week, *sums in found]


def by_agent(session: Session, asked: Asked) -> list[Line]:
    """Agent by agent, by name."""
    query = select(QualityReview.agent, User.name, *_sums()).join(User, User.id == QualityReview.agent)
    found = session.execute(
        query.where(_asked(asked))
        .group_by(QualityReview.agent, User.name)
        .order_by(User.name, QualityReview.agent)
    )
    return [Line(agent, name, _figures(sums)) for agent, name, *sums in found]


def by_team(session: Session, asked: Asked) -> list[Line]:
    """Team by team: the departments that agents were in when the call was drawn, None: in none."""
    query = select(QualityReview.department, Department.name, *_sums()).outerjoin(
        Department, Department.id == QualityReview.department
    )
    found = session.execute(
        query.where(_asked(asked))
        .group_by(QualityReview.department, Department.name)
        .order_by(Department.name)
    )
    return [Line(team, name or "", _figures(sums)) for team, name, *sums in found]


def by_item(session: Session, asked: Asked) -> list[ItemLine]:
    """Item by item in the order of the sheets; an item is the same in every version of its sheet, by its code."""
    zero = case((and_(QualityMark.share.is_not(None), QualityMark.share == 0), 1), else_=0)
    counts = session.execute(
        select(QualityReview.sheet, QualityMark.item, func.count(), func.count(QualityMark.share),
               func.coalesce(func.sum(QualityMark.share), 0.0), func.coalesce(func.sum(zero), 0))
        .join(QualityMark, QualityMark.step == QualityReview.step)
        .where(_asked(asked))
        .group_by(QualityReview.sheet, QualityMark.item)
    ).all()  # fmt: skip
    sheets = _sheets(session, {key for key, *_ in counts})
    found: dict[tuple[str, str], ItemLine] = {}
    for key, sheet in sorted(sheets.items(), key=lambda one: one[1].code):
        counted = {item: rest for of, item, *rest in counts if of == key}
        for item in sheet.items():
            if item.code in counted:
                marked, applied, shares, failed = counted[item.code]
                same = found.get((sheet.code, item.code)) or ItemLine(
                    sheet.code, item.code, dict(item.names), item.fatal, 0, 0, 0.0, 0
                )
                found[sheet.code, item.code] = replace(
                    same, marked=same.marked + marked, applied=same.applied + applied,
                    shares=same.shares + float(shares), failed=same.failed + int(failed),
                )  # fmt: skip
    return list(found.values())


def reviews(
    session: Session, who: Who, asked: Asked
) -> Iterator[Sequence[tuple[Row, dict[str, QualityMark], Sheet]]]:
    """The reviews one by one, some at a time: each with its marks and sheet; only of calls that one may hear."""
    after: UUID | None = None
    while True:
        query = rows().where(_asked(asked), heard(session, who)).order_by(QualityReview.id).limit(AT_ONCE)
        if after is not None:
            query = query.where(QualityReview.id > after)
        found = [Row(*row) for row in session.execute(query)]
        if not found:
            return
        steps = [row.review.step for row in found]
        marks: dict[int, dict[str, QualityMark]] = {}
        for mark in session.scalars(select(QualityMark).where(QualityMark.step.in_(steps))):
            marks.setdefault(mark.step, {})[mark.item] = mark
        sheets = _sheets(session, {row.review.sheet for row in found})
        yield [(row, marks.get(row.review.step or 0, {}), sheets[row.review.sheet]) for row in found]
        after = found[-1].review.id


def _sheets(session: Session, keys: set[str]) -> dict[str, Sheet]:
    found = session.scalars(select(ScoreSheet).where(ScoreSheet.key.in_(keys)))
    return {row.key: read_sheet(row.body) for row in found}


def _asked(asked: Asked) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [QualityReview.calibration.is_(None), QualityReview.state.in_(COUNTED),
             QualityReview.week.between(asked.first, asked.last)]  # fmt: skip
    if asked.agent is not None:
        found.append(QualityReview.agent == asked.agent)
    if asked.department is not None:
        found.append(QualityReview.department == asked.department)
    if asked.sheet:
        found.append(QualityReview.sheet.in_(select(ScoreSheet.key).where(ScoreSheet.code == asked.sheet)))
    return and_(*found)


def _sums() -> list[ColumnElement[Any]]:
    def some(condition: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return [
        func.count(QualityReview.id),
        func.coalesce(func.sum(QualityReview.percent), 0.0),
        some(QualityReview.good.is_(True)),
        some(QualityReview.fatal.is_(True)),
        some(QualityReview.state.in_((APPEALED, UPHELD, CHANGED))),
        some(QualityReview.state == CHANGED),
    ]


def _figures(sums: Sequence[Any]) -> Figures:
    scored, points, *rest = sums
    return Figures(int(scored), float(points), *map(int, rest))
