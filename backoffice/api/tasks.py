"""Tasks of grid workers: found and read. A case's orders make them and end them."""

from msgspec import UNSET
from sqlalchemy import select

from backoffice.api import caseasks, caseshapes
from backoffice.api.cases import named
from backoffice.api.insight import case_in, seen
from backoffice.api.pages import moment, page
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.office import office
from schema.cases import Case, Task
from schema.desk.tasks import OPEN


def listing(ask: Ask) -> caseshapes.TaskPage:
    """A page of tasks."""
    asked, since, until = ask.query, moment(ask.query.since), moment(ask.query.until)
    with office().store.read() as session:
        query = select(Task).where(Task.case.in_(seen(session, ask).with_only_columns(Case.id)))
        if since is not None:
            query = query.where(Task.made_at >= since)
        if until is not None:
            query = query.where(Task.made_at < until)
        if asked.state is not UNSET:
            query = query.where(Task.state.in_(OPEN if asked.state == "open" else (asked.state,)))
        if asked.kind is not UNSET:
            query = query.where(Task.kind == asked.kind)
        if asked.worker is not UNSET:
            query = query.where(Task.worker == asked.worker)
        if asked.case is not UNSET:
            query = query.where(Task.case == case_in(session, ask, asked.case).id)
        rows, following = page(session, query, Task.made_at, Task.id, asked)
        numbers = {
            id: number
            for id, number in session.execute(
                select(Case.id, Case.case_no).where(Case.id.in_({row.case for row in rows}))
            )
        }
        people = named(session, (row.worker for row in rows))
    items = [_shown(row, numbers[row.case], people[row.worker]) for row in rows]
    return caseshapes.TaskPage(items=items, next=following)


def one(ask: Ask) -> caseshapes.Task:
    """One task."""
    with office().store.read() as session:
        row = session.get(Task, ask.path["task"])
        case = None if row is None else session.scalar(seen(session, ask).where(Case.id == row.case))
        if row is None or case is None:
            raise Problem("not-found", "there is no such task")
        return _shown(row, case.case_no, named(session, [row.worker])[row.worker])


def _shown(row: Task, case_no: str, worker: caseshapes.Who) -> caseshapes.Task:
    plain = {
        name: getattr(row, name)
        for name in caseshapes.Task.__struct_fields__
        if name not in ("case", "worker")
    }
    return caseshapes.Task(case=case_no, worker=worker, **plain)


ROUTES = (
    Route(
        method="GET", path="/tasks", name="tasks", tag="tasks", right="task.read", does=listing, query=caseasks.Tasks,
        summary="Tasks, newest first", gives=caseshapes.TaskPage, fails=("not-found",),
    ),
    Route(
        method="GET", path="/tasks/{task}", name="task", tag="tasks", right="task.read", does=one, summary="One task",
        gives=caseshapes.Task,
    ),
)  # fmt: skip
