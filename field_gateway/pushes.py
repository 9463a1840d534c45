"""The pushes: a thread that sends tasks down to devices on duty, again until they were shown."""

import threading
import time
from collections.abc import Callable
from datetime import UTC
from uuid import UUID

import msgspec
import structlog

from field_gateway.errands import Errands
from field_gateway.wire import TaskDown, encode
from schema.cases import Case, Task
from schema.desk.duty import devices_on_duty
from schema.desk.field import tasks_to_show
from schema.store import Store, StoreUnreachable

SWEEP = 15.0
"""Seconds between looks at the store for what no fact has told."""

log = structlog.get_logger()

Send = Callable[[str, bytes, int, UUID], None]


class Pushes:
    """`send` gets (device, body, seconds of life, task). What is open is read from the store, never remembered."""

    def __init__(
        self,
        store: Store,
        send: Send,
        *,
        errands: Errands | None = None,
        sweep: float = SWEEP,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._send = send
        self._errands = errands or Errands()
        self._sweep = sweep
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pushes", daemon=True)

    def start(self) -> None:
        """Begin with what the store says is open."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def look(self, worker: UUID, *, afresh: bool = False) -> None:
        """Something changed for a worker: send what is new (all that is open, if `afresh`). Raises StoreUnreachable."""
        with self._store.read() as session:
            tasks = [task.id for task, _ in tasks_to_show(session, worker)]
            devices = [device for _, device in devices_on_duty(session, worker)]
        with self._lock:
            for device in devices:
                self._errands.want(device, tasks, self._monotonic(), afresh=afresh)
        self._wake.set()

    def sweep(self) -> None:
        """Compare what is open with the store. Raises StoreUnreachable."""
        with self._store.read() as session:
            on_duty = devices_on_duty(session)
            tasks = {worker: [t.id for t, _ in tasks_to_show(session, worker)] for worker, _ in on_duty}
        now = self._monotonic()
        with self._lock:
            for device in self._errands.devices() - {device for _, device in on_duty}:
                self._errands.want(device, [], now)
            for worker, device in on_duty:
                self._errands.want(device, tasks[worker], now)

    def send_due(self) -> None:
        """Send what is due and still to be shown. Raises StoreUnreachable."""
        with self._lock:
            due = self._errands.take_due(self._monotonic())
        for device, task_id, life in due:
            with self._store.read() as session:
                workers = [worker for worker, on in devices_on_duty(session) if on == device]
                found = [
                    (task, case)
                    for worker in workers
                    for task, case in tasks_to_show(session, worker)
                    if task.id == task_id
                ]
            for task, case in found:
                self._send(device, encode(as_message(task, case)), life, task.id)

    def _run(self) -> None:
        swept = -self._sweep
        while not self._stopping.is_set():
            try:
                if self._monotonic() - swept >= self._sweep:
                    self.sweep()
                    swept = self._monotonic()
                self.send_due()
            except StoreUnreachable as away:
                log.warning("tasks wait", reason=str(away))
            except Exception:
                log.exception("sending tasks down failed; it goes on")
            self._wake.wait(1.0)
            self._wake.clear()


def as_message(task: Task, case: Case) -> TaskDown:
    """A task as the handset gets it."""
    return TaskDown(
        task=task.id,
        case=case.id,
        case_no=case.case_no,
        contact=task.contact,
        kind=task.kind,
        title=case.title,
        text=case.text,
        address=case.address,
        cell=case.cell,
        note=task.note,
        made=task.made_at.astimezone(UTC),
        lon=case.lon if case.lon is not None else msgspec.UNSET,
        lat=case.lat if case.lat is not None else msgspec.UNSET,
        expires=case.due_at if case.due_at is not None else msgspec.UNSET,
    )
