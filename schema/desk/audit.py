"""The audit desk: one row for every log-in and every sensitive look or act. Rows are only ever added."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.people import AuditRow
from schema.store import UnitOfWork


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
    work.session.add(
        AuditRow(
            at=work.now,
            who=who,
            login=login[:60],
            ip=ip[:45],
            what=what[:40],
            subject=subject[:120],
            allowed=allowed,
            reason=reason[:300],
        )
    )


def newest(session: Session, limit: int = 100) -> list[AuditRow]:
    """The latest rows, newest first."""
    return list(session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)))
