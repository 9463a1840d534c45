"""What is open for a handset, over HTTP: a state, answered at once, or as soon as it is another (long poll)."""

import hashlib
from typing import Any

import msgspec
import structlog
from sqlalchemy import select
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall

from field_gateway.door.answers import encode, later
from field_gateway.door.credentials import device_of
from field_gateway.door.natives import Native, Threads, answer, header, peer, refuse
from field_gateway.door.room import Room
from field_gateway.downs import open_items, workers_of
from field_gateway.wire import Status
from schema.cases import Task
from schema.desk import devicestatus
from schema.desk.fieldmessages import message_sent
from schema.desk.handsets import who_holds
from schema.desk.tasksdown import task_sent
from schema.handsets import Handset

LONGEST = 60.0
MOST = 5_000
"""Polls that wait at once; the next is answered at once, and told when to come again."""
LOOK_EVERY = 30.0
"""Seconds after which a poll looks by itself, should word have been lost."""
log = structlog.get_logger()


class Down(Native):
    """GET down: `?wait=25&etag=…` (or If-None-Match) waits that many seconds for another state than that one."""

    def __init__(self, room: Room, threads: Threads) -> None:
        super().__init__()
        self._room, self._threads = room, threads
        self._polls: dict[str, _Poll] = {}

    def render_GET(self, request: Any) -> None:
        """Look, then answer or wait."""
        known = _first(request, b"etag") or header(request, "If-None-Match").strip().removeprefix("W/").strip(
            '"'
        )
        status = header(request, "X-Gridline-Status")
        done = self._threads.do(self._enter, header(request, "Authorization"), peer(request), status)
        done.addCallback(lambda found: self._begin(request, found, known))
        done.addErrback(lambda failure: refuse(request, failure))

    def wake(self, device: str) -> None:
        """Something is another for this device ("": for all)."""
        for poll in [one for one in self._polls.values() if not device or one.device == device]:
            poll.look()

    def wake_worker(self, worker: object) -> None:
        """Something is another for this worker's device."""
        for poll in [one for one in self._polls.values() if one.worker == worker]:
            poll.look()

    def close(self) -> None:
        """Answer everybody who waits."""
        for poll in list(self._polls.values()):
            poll.end()

    def __len__(self) -> int:
        return len(self._polls)

    def _enter(self, authorization: str, ip: str, status: str) -> tuple[Handset, bytes]:
        handset = device_of(self._room, authorization, ip)
        self._note(handset.device, status)
        return handset, self.state(handset.device)

    def _note(self, device: str, status: str) -> None:
        """Write down that the device was seen, and what it says of itself, if that can be read."""
        try:
            said = msgspec.json.decode(status or "{}", type=Status)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            said = Status()
        with self._room.store.work() as work:
            handset = who_holds(work, device)
            if said != Status():
                devicestatus.note(work, handset, **msgspec.structs.asdict(said))

    def state(self, device: str) -> bytes:
        """The state as JSON, with its etag; what goes down for the first time is noted. Raises StoreUnreachable."""
        with self._room.store.read() as session:
            items = open_items(session, device)
            told = {"tasks": items.tasks, "recalled": items.recalled, "messages": items.messages}
            ids = [task.task for task in items.tasks]
            fresh = session.scalars(select(Task.id).where(Task.id.in_(ids), Task.sent_at.is_(None))).all()
        if fresh or items.messages:
            with self._room.store.work() as work:
                for task in fresh:
                    task_sent(work, task, device)
                workers = workers_of(work.session, device) if items.messages else []
                for message in items.messages:
                    message_sent(work, message.id, device, workers)
        plain = encode(told)
        etag = hashlib.sha256(plain).hexdigest()[:16]
        return encode({**told, "etag": etag})

    def _begin(self, request: Any, found: tuple[Handset, bytes], known: str) -> None:
        handset, state = found
        wait = min(LONGEST, _seconds(_first(request, b"wait")))
        if not wait or known != etag_of(state):
            give(request, state, known)
        elif len(self._polls) >= MOST:
            give(request, state, known, {"Retry-After": str(round(later()))})
        elif not request._disconnected:
            old = self._polls.pop(handset.device, None)
            if old is not None:  # a handset waits once: who asks anew has given the other up
                old.end()
            _Poll(self, request, handset, known, state, wait).begin()


class _Poll:
    """One handset that waits."""

    def __init__(
        self, down: Down, request: Any, handset: Handset, known: str, state: bytes, wait: float
    ) -> None:
        self.device, self.worker = handset.device, handset.worker
        self._down, self._request, self._known, self._state = down, request, known, state
        self._reactor = down._threads.reactor
        self._calls: list[IDelayedCall] = []
        self._wait = wait
        self._looking: Deferred[bytes] | None = None
        self._again = False

    def begin(self) -> None:
        """Wait."""
        self._down._polls[self.device] = self
        self._calls.append(self._reactor.callLater(self._wait, self.end))
        if self._wait > LOOK_EVERY:
            self._calls.append(self._reactor.callLater(LOOK_EVERY, self.look))
        self._request.notifyFinish().addBoth(lambda _: self._forget())

    def look(self) -> None:
        """Look whether it is another state; once more if word comes meanwhile."""
        if self._looking is not None:
            self._again = True
            return
        self._looking = self._down._threads.do(self._down.state, self.device)
        self._looking.addCallbacks(self._seen, self._failed)

    def end(self) -> None:
        """Answer with what there is."""
        self._forget()
        give(self._request, self._state, self._known)

    def _seen(self, state: bytes) -> None:
        self._looking, self._state = None, state
        if etag_of(state) != self._known:
            self.end()
        elif self._again:
            self._again = False
            self.look()

    def _failed(self, failure: Any) -> None:
        self._looking = None
        log.warning("a poll could not look", reason=str(failure.value))

    def _forget(self) -> None:
        if self._down._polls.get(self.device) is self:
            del self._down._polls[self.device]
        for call in self._calls:
            if call.active():
                call.cancel()


def give(request: Any, state: bytes, known: str, more: dict[str, str] | None = None) -> None:
    """Send a state; "304 Not Modified" to who asked so and has it."""
    etag = etag_of(state)
    headers = {"Content-Type": "application/json", "ETag": f'"{etag}"', **(more or {})}
    if header(request, "If-None-Match") and known == etag:
        answer(request, 304, headers)
    else:
        answer(request, 200, headers, state)


def etag_of(state: bytes) -> str:
    """The etag that a state ends with."""
    return state[-18:-2].decode("ascii")


def _first(request: Any, name: bytes) -> str:
    found = request.args.get(name, [b""])
    return str(found[0].decode("utf-8", "replace"))


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0
