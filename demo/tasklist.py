"""The tasks on a handset, as files: what came down, and whether the worker has written a report for it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from demo.outbox import write_synced


@dataclass(frozen=True)
class TaskSeen:
    """A task as it came down; `answered` once a report for it was written."""

    task: UUID
    case: UUID
    case_no: str
    contact: UUID
    title: str
    text: str
    address: str
    note: str
    made: str
    answered: bool


class TaskList:
    """The tasks in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, message: dict[str, Any]) -> None:
        """Keep a task as it came down."""
        write_synced(self._file(UUID(message["task"])), {**message, "answered": False})

    def drop(self, task: UUID) -> None:
        """It is no longer ours."""
        self._file(task).unlink(missing_ok=True)

    def forget(self) -> None:
        """Drop all."""
        for file in self._folder.glob("*.json"):
            file.unlink(missing_ok=True)

    def answer(self, task: UUID) -> None:
        """A report for it is written."""
        file = self._file(task)
        write_synced(file, {**json.loads(file.read_text("utf-8")), "answered": True})

    def find(self, task: UUID | None) -> TaskSeen | None:
        """A task, if it came down here."""
        file = self._file(task) if task is not None else None
        return _read(file) if file is not None and file.exists() else None

    def all(self) -> list[TaskSeen]:
        """Every task, oldest first."""
        return sorted(
            (_read(file) for file in self._folder.glob("*.json")), key=lambda one: (one.made, one.task)
        )

    def _file(self, task: UUID) -> Path:
        return self._folder / f"{task}.json"


def _read(file: Path) -> TaskSeen:
    saved = json.loads(file.read_text("utf-8"))
    return TaskSeen(
        task=UUID(saved["task"]),
        case=UUID(saved["case"]),
        case_no=saved["case_no"],
        contact=UUID(saved["contact"]),
        title=saved["title"],
        text=saved["text"],
        address=saved["address"],
        note=saved["note"],
        made=saved["made"],
        answered=saved["answered"],
    )
