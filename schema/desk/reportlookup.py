"""What has to be known of reports before they are kept, looked up for many of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.base import Base
from schema.cases import Case, Task
from schema.fieldmessages import ReportVersion
from schema.handsets import Report


class Asked(Protocol):
    """What of a report is looked up."""

    @property
    def id(self) -> UUID:
        """Its own id."""

    @property
    def task(self) -> UUID | None:
        """The task it answers."""

    @property
    def case(self) -> UUID | None:
        """The case it adds to."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """`taken`: ids that reports or edits have; `dispatched`: (case, worker) with a task. `held` keeps cases and tasks
    in the session, so that they are asked for once."""

    taken: frozenset[UUID] = frozenset()
    dispatched: frozenset[tuple[UUID, UUID]] = frozenset()
    held: tuple[Base, ...] = ()


def look_up(session: Session, reports: Sequence[tuple[UUID, Asked]]) -> LookedUp:
    """What is known of these reports, each with the worker whose it is."""
    if not reports:
        return LookedUp()
    ids = [one.id for _, one in reports]
    kept = select(Report.id).where(Report.id.in_(ids))
    edited = select(ReportVersion.id).where(ReportVersion.id.in_(ids))
    taken = frozenset(session.scalars(kept.union_all(edited)))
    held: list[Base] = []
    if tasks := [one.task for _, one in reports if one.task is not None]:
        answered = session.scalars(select(Task).where(Task.id.in_(tasks))).all()
        held += answered
        held += session.scalars(select(Case).where(Case.id.in_({task.case for task in answered})))
    dispatched: frozenset[tuple[UUID, UUID]] = frozenset()
    # A task says which case it is of.
    if cases := [(one.case, worker) for worker, one in reports if one.case is not None and one.task is None]:
        named = {case for case, _ in cases}
        held += session.scalars(select(Case).where(Case.id.in_(named)))
        whose = select(Task.case, Task.worker).where(
            Task.case.in_(named), Task.worker.in_({worker for _, worker in cases})
        )
        dispatched = frozenset((case, worker) for case, worker in session.execute(whose))
    return LookedUp(taken, dispatched, tuple(held))
