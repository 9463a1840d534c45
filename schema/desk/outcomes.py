"""What a call that we placed came to, read off its rows: answered, busy, no answer, wrong number, refused, failed."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.calls import CallRow, LegRow
from schema.rules.outcomes import ANSWERED, outcome_of


def outcome_of_call(session: Session, call: UUID, *, over: bool = False) -> str:
    """The outcome by the citizen's leg; "" while it rings (`over`: while it goes on), and for one that is not there."""
    row = session.get(CallRow, call)
    if row is None or row.direction != "out" or (over and not row.outcome):
        return ""
    if row.answered_at is not None:
        return ANSWERED
    if not row.outcome:
        return ""
    theirs = select(LegRow).where(LegRow.call == call, LegRow.kind == "citizen")
    leg = session.scalars(theirs.order_by(LegRow.started_at.desc()).limit(1)).first()
    return outcome_of(leg.cause, leg.result) if leg is not None else outcome_of(row.cause)
