"""Cases a stretch of time after the other, until there are enough: those that have the words, or all.

How long a stretch is goes by what the ones before it held (`schema.rules.searchpace`), so that a page costs about what
it shows, however many cases there are. On PostgreSQL the cases with the words are asked for first, from `case_words`
alone, then looked up by their ids. SQLite joins, a span of weeks at a time.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Text,
    any_,
    cast,
    extract,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from schema.cases import Case
from schema.casewords import INDEX, CaseWords, fts
from schema.rules.searchpace import BY_WEEKS, FIRST, GROWS, Pace, Stretch, after, is_over, stretch
from schema.rules.searchweeks import fts5, spans, tsqueries, week_of, week_span
from schema.rules.searchwords import Asked

TICK, WEEK = timedelta(microseconds=1), timedelta(weeks=1)
MOST = 5_000
"""More cases with the words than that are not taken from a stretch that can be shorter."""
SHORTEST = timedelta(hours=1)
BITMAPS = "finds by bitmaps"


def with_words(
    session: Session,
    asked: Asked,
    chosen: Select[Case],
    rest: Stretch,
    pace: Pace,
    *,
    down: bool,
    narrow: bool,
) -> Iterator[Select[Case]]:
    """`chosen` (cases in order, newest first when `down`) among those with the words, one after the other.

    Who reads them tells the pace what they took. `narrow`: an index has those that are chosen, in order.
    """
    if session.get_bind().dialect.name == "postgresql":
        yield from _by_time(session, asked, chosen, rest, pace, down=down, narrow=narrow)
        return
    first, last = _weeks(rest)
    for span in spans(last, first, asked.size, newest_first=down):
        begins, ends = week_span(*span)
        question = fts.c[INDEX].op("MATCH")(fts5(asked, *span))
        pace.last = (first if down else last) in span
        yield (
            chosen.join(CaseWords, CaseWords.case == Case.id)
            .join(fts, fts.c.rowid == CaseWords.id)
            .where(question, Case.made_at >= begins, Case.made_at < ends)
        )


def by_made(
    session: Session, chosen: Select[Case], rest: Stretch, pace: Pace, first: int, *, down: bool
) -> Iterator[Select[Case]]:
    """`chosen` one stretch after the other, of which the first holds so many cases, chosen or not."""
    covered = timedelta()
    one = _until(rest, session.scalar(select(_edge(Case.made_at, rest, first, down=down))), down=down)
    while not is_over(rest):
        covered += one[1] - one[0]
        rest = after(rest, one, down=down)
        pace.last = is_over(rest)
        yield chosen.where(Case.made_at >= one[0], Case.made_at < one[1])
        one = stretch(rest, pace.step(covered), 1, down=down)


def _edge(
    made: InstrumentedAttribute[datetime], rest: Stretch, count: int, *, down: bool
) -> ScalarSelect[datetime]:
    """When the last of so many cases was made, from where the rest is begun; nothing when it has fewer."""
    times = select(made).where(made >= rest[0], made < rest[1]).order_by(made.desc() if down else made)
    return times.offset(count - 1).limit(1).scalar_subquery()


def _until(rest: Stretch, at: datetime | None, *, down: bool) -> Stretch:
    """The part of the rest up to that edge, all of it without one."""
    if at is None:
        return rest
    return (at, rest[1]) if down else (rest[0], at + TICK)


def _by_time(
    session: Session,
    asked: Asked,
    chosen: Select[Case],
    rest: Stretch,
    pace: Pace,
    *,
    down: bool,
    narrow: bool,
) -> Iterator[Select[Case]]:
    if session.info.get(BITMAPS):  # the page before this one, in the same transaction
        session.execute(select(*_plan("on")))
    edge = _edge(CaseWords.made_at, rest, FIRST, down=down)
    at, *_ = session.execute(select(edge, *_plan("off"))).one()
    session.info[BITMAPS] = True
    covered = timedelta()
    one = _until(rest, at, down=down)
    length = one[1] - one[0]
    while not is_over(rest):
        ids = _having(session, asked, one, down=down)
        if ids is None:
            one = stretch(one, (one[1] - one[0]) / GROWS, asked.size, down=down)
            continue
        covered += one[1] - one[0]
        rest = after(rest, one, down=down)
        while ids:
            some, ids = ids[: pace.batch], ids[pace.batch :]
            pace.looked += len(some)
            pace.last = not ids and is_over(rest)
            yield chosen.where(Case.id == any_(literal(some, ARRAY(Case.id.type))))
        among = FIRST * (covered / length)
        if not is_over(rest) and pace.rather_by_choice(among, narrow=narrow):
            session.execute(select(*_plan("on")))
            pace.last = True
            yield _each(asked, chosen, rest)
            return
        one = stretch(rest, pace.step(covered), asked.size, down=down)


def _having(session: Session, asked: Asked, one: Stretch, *, down: bool) -> list[UUID] | None:
    """The cases of a stretch that have the words, in order; None when they are too many and it can be shorter."""
    begin, end = one
    # A question for each week: in one for all of them the index would hold every week's words against each other.
    # As a select of its own it is not known to the planner, who would take it for very rare (no word of one week is
    # among the common ones) and read all of a week for an hour of it.
    asks = select(cast(literal(tsqueries(asked, *_weeks(one)), ARRAY(Text())), ARRAY(TSQUERY())))
    question: Any = any_(cast(asks.scalar_subquery(), ARRAY(TSQUERY())))
    found = select(CaseWords.made_at, CaseWords.case).where(CaseWords.words.op("@@")(question))
    if end - begin < BY_WEEKS:
        found = found.where(CaseWords.made_at >= begin, CaseWords.made_at < end)
    short = end - begin <= SHORTEST
    rows = session.execute(found if short else found.limit(MOST + 1)).all()
    if len(rows) > MOST and not short:
        return None
    return [
        case
        for made, case in sorted(((row.made_at, row.case) for row in rows), reverse=down)
        if begin <= made < end
    ]


def _each(asked: Asked, chosen: Select[Case], rest: Stretch) -> Select[Case]:
    """Those chosen of which each by itself has the words: it is held against the question of its own week."""
    first, last = _weeks(rest)
    begins = week_span(first, first)[1] - WEEK  # week 0 has no beginning of its own
    weeks = (extract("epoch", CaseWords.made_at) - begins.timestamp()) / WEEK.total_seconds()
    at = func.greatest(cast(func.floor(weeks), Integer), 0) + 1
    asks = select(
        cast(literal(tsqueries(asked, first, last), ARRAY(Text())), ARRAY(TSQUERY()))
    ).scalar_subquery()
    return chosen.join(CaseWords, CaseWords.case == Case.id).where(
        Case.made_at >= rest[0], Case.made_at < rest[1], CaseWords.words.op("@@")(asks[at])
    )


def _weeks(rest: Stretch) -> tuple[int, int]:
    return week_of(rest[0]), week_of(max(rest[0], rest[1] - TICK))


def _plan(indexscan: str) -> Iterator[ColumnElement[str]]:
    """What says how the rest of the transaction finds rows: with the scan of indexes "off", by bitmaps of them.

    Pages in a bitmap, scattered over a table that no memory holds, are read side by side; but bitmaps have no order.
    Every question is planned anew: stretches of time are not alike.
    """
    for name, value in (
        ("enable_seqscan", "off"), ("enable_indexscan", indexscan), ("effective_io_concurrency", "64"),
        ("plan_cache_mode", "force_custom_plan"),
    ):  # fmt: skip
        yield func.set_config(name, value, True)
