"""Questions to the store that are made once and asked often: about columns of tables, by a key, with one row at most.

Such a question costs a third of one that is made anew for objects, as nothing is made anew but its answer. Several of
them can be asked at once (`foreseen`): one statement, one round trip; whoever asks in the block need not know of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVarTuple

from sqlalchemy import FromClause, Select, literal_column, select, true
from sqlalchemy.orm import Session

Ts = TypeVarTuple("Ts")
Asked = tuple[Select[*tuple[Any, ...]], dict[str, Any]]
"""A question and what is given with it, by name; of those that are asked at once no two have a name in common."""

_FORESEEN = "foreseen"


def ask(session: Session, question: Select[*Ts], /, **given: Any) -> tuple[*Ts] | None:
    """The row that answers, None without one. What waits to be written is written first, as for any question."""
    answers = session.info.get(_FORESEEN)
    if answers is not None and (key := (question, frozenset(given.items()))) in answers:
        found: tuple[*Ts] | None = answers[key]
        return found
    if session.autoflush:
        session.flush()
    return session.connection().execute(question, given).first()


@contextmanager
def foreseen(session: Session, *asked: Asked) -> Iterator[None]:
    """Ask all of these now; in the block they are answered as they stood when it began.

    For what the block itself does not change, or asks only before it does.
    """
    if session.autoflush:
        session.flush()
    given = {name: value for _, values in asked for name, value in values.items()}
    row = iter(session.connection().execute(_at_once(tuple(question for question, _ in asked)), given).one())
    answers: dict[Any, Any] = {}
    for question, values in asked:
        is_there, *answer = (next(row) for _ in range(len(question.selected_columns) + 1))
        answers[question, frozenset(values.items())] = tuple(answer) if is_there else None
    before = session.info.get(_FORESEEN)
    session.info[_FORESEEN] = answers
    try:
        yield
    finally:
        session.info[_FORESEEN] = before


@lru_cache(maxsize=64)
def _at_once(questions: tuple[Select[*tuple[Any, ...]], ...]) -> Select[*tuple[Any, ...]]:
    """One row with the answers side by side, before each whether it is there."""
    found = [
        question.add_columns(literal_column("1").label("is_there")).subquery(f"q{n}")
        for n, question in enumerate(questions)
    ]
    start: FromClause = select(literal_column("1").label("one")).subquery("start")
    for one in found:
        start = start.outerjoin(one, true())
    columns = [
        column for one in found for column in (one.c.is_there, *(c for c in one.c if c.key != "is_there"))
    ]
    return select(*columns).select_from(start)
