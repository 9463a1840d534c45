"""The audit desk: one row for every log-in and every sensitive look or act, in a chain of hashes.

Rows are only ever added, by `note`, and get their number and hash as the last thing before the commit (see
`schema.store.UnitOfWork.last`), one unit of work at a time over all processes of the site. `schema.rules.auditchain`
says what the chain proves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.people import AuditRow
from schema.rules.auditchain import START, Entry, Head, Verdict, check, hash_of
from schema.store import AUDIT_LOCK, Store, UnitOfWork, alone

PAGE = 5000
_FIELDS = ("id", "at", "who", "login", "ip", "what", "subject", "allowed", "reason")
_COLUMNS = tuple(getattr(AuditRow, name) for name in (*_FIELDS, "hash"))


def note(
    work: UnitOfWork,
    what: str,
    subject: str = "",
    *,
    who: UUID | None,
    login: str = "",
    ip: str = "",
    allowed: bool = True,
    reason: str = "",
) -> None:
    """Write down that `who` did (or was refused) `what` on `subject`."""
    work.last.setdefault(_chain, []).append(
        {
            "at": work.now,
            "who": who,
            "login": _text(login, 60),
            "ip": _text(ip, 45),
            "what": _text(what, 40),
            "subject": _text(subject, 120),
            "allowed": allowed,
            "reason": _text(reason, 300),
        }
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are wanted; what is empty or None is not asked for.

    `kinds` are what was done, `also` how further kinds begin; times are UTC, `until` exclusive.
    """

    login: str = ""
    kinds: tuple[str, ...] = ()
    also: str = ""
    subject: str = ""
    allowed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


def find(session: Session, asked: Asked, *, before: int = 0, limit: int = 100) -> list[AuditRow]:
    """The rows that are asked for, newest first, from below number `before` on (0: from the newest)."""
    chosen = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if before:
        chosen = chosen.where(AuditRow.id < before)
    if asked.login:
        chosen = chosen.where(AuditRow.login == asked.login)
    if asked.kinds:
        kinds = AuditRow.what.in_(asked.kinds)
        chosen = chosen.where(or_(kinds, AuditRow.what.startswith(asked.also)) if asked.also else kinds)
    if asked.subject:
        chosen = chosen.where(AuditRow.subject == asked.subject)
    if asked.allowed is not None:
        chosen = chosen.where(AuditRow.allowed == asked.allowed)
    if asked.since is not None:
        chosen = chosen.where(AuditRow.at >= asked.since)
    if asked.until is not None:
        chosen = chosen.where(AuditRow.at < asked.until)
    return list(session.scalars(chosen))


def head(session: Session) -> Head:
    """The newest row's number and hash: noted elsewhere, it proves later that nothing before it was changed."""
    found = session.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first()
    return Head(*found) if found else Head(0, START)


def verify(store: Store, noted: Sequence[Head] = ()) -> Verdict:
    """Read the whole chain, a page at a time, and say whether it holds. Raises StoreUnreachable."""
    return check(_entries(store), noted)


def _entries(store: Store) -> Iterator[tuple[Entry, str]]:
    last = 0
    while True:
        # From the smallest number on, whatever it is: a row slipped in before the first one is seen too.
        after = select(*_COLUMNS).order_by(AuditRow.id).limit(PAGE)
        with store.read() as session:
            rows = session.execute(after.where(AuditRow.id > last) if last else after).all()
        for row in rows:
            yield Entry(*row[:-1]), row[-1]
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def _chain(work: UnitOfWork, given: list[dict[str, object]]) -> None:
    """Give the rows their places behind what everybody else has committed."""
    alone(work.session, AUDIT_LOCK)
    end = head(work.session)
    for row in given:
        entry = Entry(end.number + 1, **row)  # type: ignore[arg-type]
        end = Head(entry.number, hash_of(end.hash, entry))
        row |= {"id": end.number, "hash": end.hash}
    work.session.execute(insert(table_of(AuditRow)), given)


def _text(text: str, length: int) -> str:
    """Cut to size, and as the database will give it back: PostgreSQL keeps no NUL, UTF-8 no half of a pair."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")[:length]
