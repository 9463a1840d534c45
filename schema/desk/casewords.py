"""The words desk: what a case is found by, written in the transaction that writes the case or its history.

Found are the title, the text, the address, the name the citizen gave, and what every step says: notes, reasons,
findings, and what a worker wrote to photos.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Session

from schema.base import UtcDateTime, table_of
from schema.cases import Case, CaseStep
from schema.casewords import CaseWords
from schema.rules.searchweeks import dated
from schema.rules.searchwords import tokens
from schema.store import UnitOfWork

FULL = 400_000
"""Bytes of words (SQLite: characters; PostgreSQL allows 1 MB) from which on no more are taken: the case stays found by
what it has."""
BATCH = 2_000

_WORDS = table_of(CaseWords)
# Named one by one: a migration fills the words of tables that have none of the columns of later ones.
_CASES = sa.table(
    "cases", sa.column("id", sa.Uuid()), sa.column("citizen", sa.Uuid()), sa.column("made_at", UtcDateTime()),
    *(sa.column(name, sa.Text()) for name in ("title", "text", "address")),
)  # fmt: skip
_CITIZENS = sa.table("citizens", sa.column("id", sa.Uuid()), sa.column("name", sa.Text()))
_STEPS = sa.table("case_steps", sa.column("case", sa.Uuid()), sa.column("text", sa.Text()))


def begin_words(work: UnitOfWork, case: Case, citizen: str) -> None:
    """The words of a new case, written when it is; `citizen` is the name the citizen gave."""
    said = tokens(case.title, case.text, case.address, citizen)
    work.session.write(CaseWords, case=case.id, made_at=case.made_at, words=dated(said, case.made_at))


def add_words(session: Session, case: Case, text: str) -> None:
    """A case is also found by this text."""
    more = tokens(text)
    if not more:
        return
    kept, value = _WORDS.c.words, dated(more, case.made_at)
    longer: sa.ColumnElement[Any]
    if session.get_bind().dialect.name == "postgresql":
        longer, size = kept.op("||")(sa.cast(value, TSVECTOR())), sa.func.pg_column_size(kept)
    else:
        longer, size = kept + " " + value, sa.func.length(kept)
    with session.no_autoflush:
        session.execute(update(_WORDS).where(_WORDS.c.case == case.id, size < FULL).values(words=longer))


def fill_words(on: Connection, told: Callable[[int], None] | None = None) -> int:
    """Write the words of every case that has none, in batches; returns how many. `told` hears how far it is."""
    done, after = 0, None
    while batch := _without(on, after):
        said: dict[UUID, list[str]] = {
            row.id: [row.title, row.text, row.address, row.name or ""] for row in batch
        }
        steps = select(_STEPS.c.case, _STEPS.c.text).where(_STEPS.c.case.in_(list(said)), _STEPS.c.text != "")
        for case, text in on.execute(steps):
            said[case].append(text)
        rows = [
            {"case": row.id, "made_at": row.made_at, "words": dated(tokens(*said[row.id]), row.made_at)}
            for row in batch
        ]
        on.execute(insert(_WORDS), rows)
        done, after = done + len(rows), (batch[-1].made_at, batch[-1].id)
        if told is not None:
            told(done)
    return done


def _without(on: Connection, after: tuple[datetime, UUID] | None) -> Sequence[Any]:
    chosen = (
        select(*(_CASES.c[name] for name in ("id", "made_at", "title", "text", "address")), _CITIZENS.c.name)
        .select_from(_CASES.outerjoin(_CITIZENS, _CITIZENS.c.id == _CASES.c.citizen))
        .where(~sa.exists().where(_WORDS.c.case == _CASES.c.id))
        .order_by(_CASES.c.made_at, _CASES.c.id)
        .limit(BATCH)
    )
    if after is not None:
        at, id = sa.literal(after[0], UtcDateTime()), sa.literal(after[1], sa.Uuid())
        chosen = chosen.where(sa.tuple_(_CASES.c.made_at, _CASES.c.id) > sa.tuple_(at, id))
    return on.execute(chosen).all()


# Steps are looked at by the table above; the class is what they are.
assert _STEPS.name == CaseStep.__tablename__
