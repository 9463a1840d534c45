"""What is shown of campaigns: each with how far it is, its progress by agent, and its results one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from schema.campaigns import Campaign
from schema.cases import Case
from schema.desk.scope import Who, visible_cases
from schema.desk.visitlists import Row, is_live
from schema.people import User
from schema.visits import Visit

PER_PAGE = 50
MOST_CAMPAIGNS = 100
PARTS = ("todo", "later", "reached", "declined", "not-reached", "wrong-number", "overtaken")
"""待拨, 稍后再拨, 接通, 拒绝, 未接通, 号码错误, 无需回访: of each visit exactly one."""
FILTERS = (
    "",
    "reached",
    "unsolved",
    "dissatisfied",
    "declined",
    "not-reached",
    "wrong-number",
    "open",
    "unread",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many visits are at each of `PARTS`; `agent` None: the voice script's, or nobody's."""

    agent: UUID | None
    name: str
    parts: dict[str, int]

    @property
    def all(self) -> int:
        """Every visit."""
        return sum(self.parts.values())


def campaigns(session: Session) -> list[tuple[Campaign, str, int]]:
    """The newest campaigns, each with who made it and how many of its visits are over."""
    counts = (
        select(Visit.campaign, func.count())
        .where(Visit.campaign.is_not(None), Visit.ended != "")
        .group_by(Visit.campaign)
    )
    done = {id: number for id, number in session.execute(counts)}
    plain = (
        select(Campaign, User.name)
        .outerjoin(User, User.id == Campaign.by)
        .order_by(Campaign.at.desc(), Campaign.id.desc())
        .limit(MOST_CAMPAIGNS)
    )
    return [(row, name or "", done.get(row.id, 0)) for row, name in session.execute(plain)]


def progress(session: Session, campaign: UUID, now: datetime) -> list[Progress]:
    """How far a campaign is, by agent, by name."""
    of: dict[str, ColumnElement[bool]] = {
        "todo": and_(is_live(), Visit.next_at <= now),
        "later": and_(is_live(), Visit.next_at > now),
        **{end: Visit.ended == end for end in ("reached", "declined", "not-reached", "wrong-number")},
        "overtaken": and_(Visit.ended == "", ~is_live()),
    }
    query = (
        select(
            Visit.agent,
            User.name,
            *(func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in of.values()),
        )
        .join(Case, Case.id == Visit.case)
        .outerjoin(User, User.id == Visit.agent)
        .where(Visit.campaign == campaign)
        .group_by(Visit.agent, User.name)
        .order_by(User.name)
    )
    return [
        Progress(agent, name or "", dict(zip(of, map(int, numbers), strict=True)))
        for agent, name, *numbers in session.execute(query)
    ]


def whole(rows: Sequence[Progress]) -> Progress:
    """All agents together."""
    return Progress(None, "", {part: sum(row.parts[part] for row in rows) for part in PARTS})


def chosen(name: str) -> ColumnElement[bool]:
    """The results of a filter of `FILTERS`."""
    if name == "open":
        return Visit.ended == ""
    if name == "unsolved":
        return Visit.solved.is_(False)
    if name == "dissatisfied":
        return or_(Visit.reception >= 4, Visit.department >= 4)
    if name == "unread":
        return and_(Visit.ended != "", Visit.reviewed != "passed")
    return Visit.ended == name if name else Visit.id.is_not(None)


def results(
    session: Session,
    who: Who,
    campaign: UUID,
    name: str = "",
    after: UUID | None = None,
    limit: int = PER_PAGE,
) -> tuple[list[Row], UUID | None]:
    """A page of a campaign's visits that `who` may see, and the place of the next."""
    query = (
        select(Visit, Case, User.name)
        .join(Case, Case.id == Visit.case)
        .outerjoin(User, User.id == Visit.agent)
        .where(Visit.campaign == campaign, visible_cases(session, who), chosen(name))
        .order_by(Visit.id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(Visit.id > after)
    found = [Row(*row) for row in session.execute(query)]
    return (found, None) if len(found) <= limit else (found[:limit], found[limit - 1].visit.id)


def walk(session: Session, who: Who, campaign: UUID, name: str = "", limit: int = 500) -> Iterator[list[Row]]:
    """All of them, some at a time."""
    after: UUID | None = None
    while True:
        rows, after = results(session, who, campaign, name, after, limit)
        if rows:
            yield rows
        if after is None:
            return
