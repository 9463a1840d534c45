"""Tasks on a handset: kept, answered, in order."""

from pathlib import Path
from typing import Any
from uuid import UUID

from demo.tasklist import TaskList
from schema.ids import uuid7


def task(made: str = "2026-11-24T10:00:00Z") -> dict[str, Any]:
    ids = {key: str(uuid7()) for key in ("task", "case", "contact")}
    words = {key: key for key in ("case_no", "title", "text", "address", "note", "kind", "cell")}
    return {"v": 1, **ids, **words, "made": made}


def test_tasks_are_kept_in_the_order_they_were_made(tmp_path: Path) -> None:
    late, early = task("2026-11-24T11:00:00Z"), task("2026-11-24T10:00:00Z")
    tasks = TaskList(tmp_path / "tasks")
    tasks.add(late)
    tasks.add(early)
    assert [str(one.task) for one in TaskList(tmp_path / "tasks").all()] == [early["task"], late["task"]]
    assert tasks.find(None) is None and tasks.find(uuid7()) is None


def test_an_answered_task_stays_answered(tmp_path: Path) -> None:
    message = task()
    tasks = TaskList(tmp_path)
    tasks.add(message)
    tasks.answer(UUID(message["task"]))
    found = TaskList(tmp_path).find(UUID(message["task"]))
    assert found is not None and found.answered and found.contact == UUID(message["contact"])
