"""The weeks by which full text is kept, so that a search looks at the newest first and stops when it has enough. Pure.

Every token carries the week its case was made in ("8y1路灯"): a word that is in a tenth of all cases then costs what it
costs in a week, however many cases there are. A search asks for one week, then for three before it, twelve, and so on.
"""

import string
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from schema.rules.searchwords import Asked, Key

FIRST = datetime(2000, 1, 3, tzinfo=UTC)
"""Week 0 begins; whatever is older belongs to it."""
GROWS, MOST_KEYS = 4, 1536
"""Each span of weeks is so many times the one before, as long as it comes to no more keys."""
_DIGITS = string.digits + string.ascii_lowercase


def week_of(at: datetime) -> int:
    """The week of a moment (aware), from 0."""
    return max(0, (at - FIRST) // timedelta(weeks=1))


def code(week: int) -> str:
    """The week as three characters, before every token."""
    return _DIGITS[week // 1296 % 36] + _DIGITS[week // 36 % 36] + _DIGITS[week % 36]


def week_span(first: int, last: int) -> tuple[datetime, datetime]:
    """From when until when the weeks `first` to `last` are; week 0 has no beginning."""
    begins = FIRST + timedelta(weeks=first) if first else datetime(1, 1, 2, tzinfo=UTC)
    return begins, FIRST + timedelta(weeks=last + 1)


def spans(newest: int, oldest: int, keys: int, *, newest_first: bool = True) -> Iterator[tuple[int, int]]:
    """Spans of weeks (first, last), one beside the other, each longer than the one before."""
    size, most = 1, max(1, MOST_KEYS // max(1, keys))
    while newest >= oldest:
        many = min(size, most)
        if newest_first:
            yield max(oldest, newest - many + 1), newest
            newest -= many
        else:
            yield oldest, min(newest, oldest + many - 1)
            oldest += many
        size *= GROWS


def dated(tokens: Iterable[str], made: datetime) -> str:
    """The tokens of a case made at that time, as they are kept: one text, a space between."""
    week = code(week_of(made))
    return " ".join(week + token for token in tokens)


def tsqueries(asked: Asked, first: int, last: int) -> list[str]:
    """The questions for PostgreSQL (each a tsquery) about these weeks, one for each."""
    return [_tsquery(asked, code(week)) for week in range(first, last + 1)]


def fts5(asked: Asked, first: int, last: int) -> str:
    """The question for SQLite's FTS5 about these weeks."""
    return " OR ".join(_fts5(asked, code(week)) for week in range(first, last + 1))


# Tokens hold letters, digits and "_" alone (see `searchwords`), so nothing in them ends a quote.


def _tsquery(asked: Asked, week: str) -> str:
    def one(key: Key) -> str:
        return f"'{week}{key.token}'" + (":*" if key.begins else "")

    wanted = [one(key) for key in asked.wanted]
    wanted += [f"!({' & '.join(map(one, group))})" for group in asked.unwanted]
    return f"({' & '.join(wanted)})"


def _fts5(asked: Asked, week: str) -> str:
    def one(key: Key) -> str:
        return f'"{week}{key.token}"' + (" *" if key.begins else "")

    found = " AND ".join(map(one, asked.wanted))
    without = " OR ".join(f"({' AND '.join(map(one, group))})" for group in asked.unwanted)
    return f"(({found}) NOT ({without}))" if without else f"({found})"
