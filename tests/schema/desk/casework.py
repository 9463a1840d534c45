"""What the tests of the case desks share: people, two cells, and cases brought as far as a test wants them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import select

from schema.cases import Case, CaseStep, Task
from schema.desk.cases import check_case, close_case, dispatch_case, file_case, handle_case, rate_case
from schema.ids import CaseId, TaskId, uuid7
from schema.orders import CheckCase, CloseCase, DispatchCase, FileCase, HandleCase, RateCase
from schema.outbox import OutboxRow
from schema.people import Department, User
from schema.places import GridCell
from schema.store import Store, UnitOfWork

CELL = "330106001001001"
RING = [[120.15, 30.26], [120.16, 30.26], [120.16, 30.27], [120.15, 30.27]]
NUMBER = "13900000002"
STATES = ("filed", "dispatched", "handled", "checked", "closed", "rated")


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody of every post, and two workers; ids. The one with the post department works in `unit`.

    `section` is below `unit`, `other` beside it.
    """

    store: Store
    agent: UUID
    supervisor: UUID
    expert: UUID
    worker: UUID
    worker2: UUID
    clerk: UUID
    admin: UUID
    department: UUID
    leader: UUID
    unit: UUID
    section: UUID
    other: UUID

    def filing(self, **changes: Any) -> FileCase:
        """An order to file a plain case."""
        order = FileCase(
            by=self.agent, class_="government", kind="complaint", title="路灯不亮", text="三天没有亮。",
            cell=CELL, number=NUMBER, citizen="刘女士",
        )  # fmt: skip
        return replace(order, **changes)

    def case(self, state: str = "filed", **changes: Any) -> Case:
        """A case in a state, brought there by its orders, each in its own commit."""
        with self.store.work() as work:
            case = file_case(work, self.filing(**changes))
        for step in STATES[1 : STATES.index(state) + 1]:
            with self.store.work() as work:
                self.move(work, case, step)
        return self.look(case.id)

    def move(self, work: UnitOfWork, case: Case, to: str) -> None:
        """The next order on the straight way."""
        who, id = self.agent, CaseId(case.id)
        if to == "dispatched":
            dispatch_case(work, DispatchCase(by=who, case=id, worker=self.worker, note="请带梯子"))
        elif to == "handled":
            task = work.session.scalars(select(Task).where(Task.case == case.id, Task.state != "done")).one()
            handle_case(
                work, HandleCase(by=self.worker, case=id, text="已修好", task=TaskId(task.id), report=uuid7())
            )
        elif to == "checked":
            check_case(work, CheckCase(by=who, case=id, passed=True))
        elif to == "closed":
            close_case(work, CloseCase(by=who, case=id))
        elif to == "rated":
            rate_case(work, RateCase(case=id, score=1))

    def look(self, case: UUID) -> Case:
        """The case as committed."""
        with self.store.read() as session:
            return session.get_one(Case, case)

    def steps(self, case: UUID) -> list[CaseStep]:
        """The case's history."""
        with self.store.read() as session:
            return list(session.scalars(select(CaseStep).where(CaseStep.case == case).order_by(CaseStep.id)))

    def tasks(self, case: UUID) -> list[Task]:
        """The case's tasks, oldest first."""
        with self.store.read() as session:
            return list(
                session.scalars(select(Task).where(Task.case == case).order_by(Task.made_at, Task.id))
            )

    def said(self) -> list[OutboxRow]:
        """Everything in the outbox."""
        with self.store.read() as session:
            return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def open_office(store: Store) -> Office:
    """People and cells in an empty store. (Their passwords are nobody's: no test here logs in.)"""
    ids: dict[str, UUID] = {}
    with store.work() as work:
        for code in ("unit", "section", "other"):
            row = Department(
                code=code, name=f"name of {code}", parent=ids.get("unit") if code == "section" else None
            )
            work.session.add(row)
            work.session.flush()
            ids[code] = row.id
        for login in (
            "agent",
            "supervisor",
            "expert",
            "worker",
            "worker2",
            "clerk",
            "admin",
            "department",
            "leader",
        ):
            user = User(
                login=login, name=f"name of {login}", post=login.rstrip("2"), password="!", locked_until=None,
                department=ids["unit"] if login == "department" else None,
            )  # fmt: skip
            work.session.add(user)
            work.session.flush()
            ids[login] = user.id
        work.session.add(GridCell(code=CELL, name="一", ring=RING, worker=ids["worker"]))
        ring = [[round(lon + 0.01, 6), lat] for lon, lat in RING]
        work.session.add(GridCell(code="330106001001002", name="二", ring=ring, worker=ids["worker2"]))
    return Office(store=store, **ids)
