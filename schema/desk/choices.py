"""The choices desk: what supervisors choose for the site, with who chose it and when."""

import math

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.choices import Choice
from schema.desk.errors import Refused
from schema.desk.filing import LOCK_BITS
from schema.desk.moves import allow
from schema.facts import DuplicateThresholdSet
from schema.orders import SetDuplicateThreshold
from schema.rules.duplicates import HIGHEST, LOWEST, THRESHOLD
from schema.store import UnitOfWork, alone

DUPLICATES = "duplicates.threshold"


def set_duplicate_threshold(work: UnitOfWork, order: SetDuplicateThreshold) -> Choice:
    """Choose the score from which a case is shown as a likely duplicate. The same order again changes nothing.

    Raises Refused: not-allowed, bad-field.
    """
    allow(work, order.by, "duplicates.set")
    # The same order twice at once: the second waits here, and then finds what the first chose.
    alone(work.session, order.order.int & LOCK_BITS)
    done = work.session.scalar(select(Choice).where(Choice.order == order.order))
    if done is not None:
        return done
    if not (math.isfinite(order.threshold) and LOWEST <= order.threshold <= HIGHEST):
        raise Refused("bad-field", f"a threshold is from {LOWEST} to {HIGHEST}", "threshold")
    choice = Choice(
        name=DUPLICATES, value=round(order.threshold, 2), order=order.order, by=order.by, at=work.now
    )
    work.session.add(choice)
    work.session.flush()
    work.emit(DuplicateThresholdSet(at=work.now, threshold=choice.value, by=order.by))
    return choice


def duplicate_threshold(session: Session) -> float:
    """The score that counts now: the newest choice, or the rule's own."""
    chosen = session.scalar(
        select(Choice.value).where(Choice.name == DUPLICATES).order_by(Choice.id.desc()).limit(1)
    )
    return THRESHOLD if chosen is None else chosen


def threshold_history(session: Session, limit: int = 50) -> list[Choice]:
    """What was chosen, newest first."""
    return list(
        session.scalars(
            select(Choice).where(Choice.name == DUPLICATES).order_by(Choice.id.desc()).limit(limit)
        )
    )
