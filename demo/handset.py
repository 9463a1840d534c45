"""A grid worker's handset: offline first, over MQTT 5. A report is on disk at once and leaves it on our receipt only.

Also a program: ``python -m demo.handset --help``.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from demo.camera import take_photo
from demo.heeding import heed
from demo.keys import Key
from demo.outbox import Outbox
from demo.pieces import Pieces
from demo.stamps import Stamps
from demo.tasklist import TaskList, TaskSeen
from demo.wire import CHUNK, Wire
from schema.ids import uuid7

RESEND = 10.0
"""Seconds without a receipt after which a message is sent again."""


class Handset:
    """One device of one worker. `folder` holds all it knows and survives the program; `clock` gives aware UTC."""

    def __init__(
        self,
        device: str,
        secret: str,
        host: str,
        port: int,
        folder: Path,
        *,
        resend: float = RESEND,
        chunk: int = CHUNK,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.device = device
        self._folder = folder
        self._resend = resend
        self._chunk = chunk
        self._clock = clock
        self._changed = threading.Condition(threading.RLock())
        self._outbox = Outbox(folder)
        self._tasks = TaskList(folder / "tasks")
        self.key = Key(folder)
        self._stamps = Stamps(self.key, clock)
        self._sent: dict[str, float] = {}
        self._pieces = Pieces(chunk, resend)
        self._tried: set[str] = set()
        self._heard: set[str] = set()
        self.messages: list[dict[str, Any]] = []
        self._statuses: dict[str, list[str]] = {}
        self._ended = False
        self.receipts: deque[dict[str, Any]] = deque(maxlen=1000)
        self._wire = Wire(device, secret, host, port, self._on_down, self._on_change)
        self._sender = threading.Thread(target=self._send_on, name=f"handset {device}", daemon=True)
        self._sender.start()

    def go_online(self, seconds: float = 10) -> bool:
        """Look for the network, from now on until `go_offline`; whether it was found within `seconds`."""
        self._wire.start()
        return (
            self._until(lambda: self._wire.is_connected or bool(self._wire.refusal), seconds)
            and not self.refusal
        )

    def go_offline(self) -> None:
        """Leave the network. What the server has for us waits there."""
        self._wire.stop()
        with self._changed:
            self._sent.clear()
            self._pieces.forget()

    def close(self) -> None:
        """Switch off. Everything stays in the folder."""
        self._wire.stop()
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._sender.join(5)

    @property
    def is_online(self) -> bool:
        """Whether the broker has let us in."""
        return self._wire.is_connected

    @property
    def refusal(self) -> str:
        """Why the broker does not let us in, or threw us out; empty when it did not."""
        return self._wire.refusal

    def clock_on(self) -> UUID:
        """Clock on (上班打卡)."""
        return self._add("clock", {"on": True})

    def clock_off(self) -> UUID:
        """Clock off (打卡下班)."""
        return self._add("clock", {"on": False})

    def report(
        self,
        *,
        text: str,
        task: UUID | None = None,
        lon: float | None = None,
        lat: float | None = None,
        photo: bool | Path = False,
        made: datetime | None = None,
    ) -> UUID:
        """Write a report, with a photo taken now (or the one given), and return its id; it is kept on disk."""
        at = made or self._clock()
        content: dict[str, Any] = {"made": at.isoformat(), "text": text}
        if task is not None:
            content["task"] = str(task)
        if (known := self._tasks.find(task)) is not None:
            content |= {"case": str(known.case), "contact": str(known.contact)}
        if lon is not None and lat is not None:
            fix = {"accuracy": 8.0, "source": "gps", "fixed_at": at.isoformat()}
            content["place"] = {"lon": lon, "lat": lat, **fix}
        photos = []
        if photo:
            id = uuid7()
            file = self._outbox.photo_file(id)
            if isinstance(photo, Path):
                file.write_bytes(photo.read_bytes())
            else:
                take_photo(file, words=self.device, lon=lon, lat=lat, at=at)
            photos.append((id, file))
        made_id = self._add("report", content, photos)
        if known is not None:
            self._tasks.answer(known.task)
        return made_id

    def edit(self, report: UUID, *, text: str, base: int = 1) -> UUID:
        """Change a report that was sent, from its version `base`; the id of the edit."""
        return self._add("report", {"text": text, "edits": str(report), "base": base})

    def tell_desk(self, text: str) -> UUID:
        """Write to the dispatch desk."""
        return self._add("message", {"text": text, "to": "desk"})

    def positions(self, points: Sequence[tuple[datetime, float, float]]) -> UUID:
        """Send fixes: (time, lon, lat) each."""
        fixes = [
            {"fixed_at": at.isoformat(), "lon": lon, "lat": lat, "accuracy": 8.0} for at, lon, lat in points
        ]
        return self._add("position", {"points": fixes})

    def send_again(self, report: UUID, seconds: float = 10) -> str:
        """Send a message again, delivered or not, byte for byte; returns the status it is answered with ("" none)."""
        entry = self._outbox.find(str(report))
        if entry is None:
            raise KeyError(f"this handset never wrote {report}")
        with self._changed:
            before = len(self._statuses.get(entry.id, []))
        self._publish(entry.id, entry.topic, entry.body.encode())
        self._until(lambda: len(self._statuses.get(entry.id, [])) > before, seconds)
        with self._changed:
            return (self._statuses.get(entry.id, [])[before:] or [""])[-1]

    def waiting(self) -> list[UUID]:
        """Ids of what the server does not have yet (photos included), oldest first."""
        with self._changed:
            return [UUID(entry.id) for entry in self._outbox.in_order()]

    def failed(self) -> dict[UUID, str]:
        """What was refused, and why."""
        with self._changed:
            return {UUID(e.id): (e.receipt or {}).get("reason", "") for e in self._outbox.failed()}

    def tasks(self) -> list[TaskSeen]:
        """Tasks that no report was written for yet, in the order in which they came."""
        return [one for one in self._tasks.all() if not one.answered]

    def wait_delivered(self, seconds: float = 30) -> bool:
        """Wait until nothing waits."""
        return self._until(lambda: not self._outbox.waiting, seconds)

    def _add(self, topic: str, content: dict[str, Any], photos: Sequence[tuple[UUID, Path]] = ()) -> UUID:
        with self._changed:
            self._changed.notify_all()
            return self._outbox_add(topic, content, photos)

    def _outbox_add(
        self, topic: str, content: dict[str, Any], photos: Sequence[tuple[UUID, Path]] = ()
    ) -> UUID:
        id = uuid7()
        made = {} if topic == "position" else {"made": self._now()}
        self._outbox.add(topic, id, {**self._stamps.made(), **made, **content}, list(photos))
        return id

    def _send_on(self) -> None:
        while True:
            with self._changed:
                if self._ended:
                    return
                if self._wire.is_connected:
                    self._send_words()
                    while self._send_chunk():
                        pass
                self._changed.wait(0.5)

    def _send_words(self) -> None:
        for entry in self._outbox.in_order():
            if entry.receipt is None:
                body = entry.body.encode()
                if len(body) + 512 > self._wire.max_packet:
                    reason = "larger than the broker takes"
                    entry.receipt = {"status": "refused", "code": "too-long", "reason": reason}
                    self._outbox.settle(entry)
                    self._changed.notify_all()
                    continue
                if time.monotonic() - self._sent.get(entry.id, -self._resend) >= self._resend:
                    self._publish(entry.id, entry.topic, body)
                if entry.topic == "clock":
                    return  # what follows depends on being on duty: it waits for this receipt

    def _send_chunk(self) -> bool:
        """Send a piece of the first photo there is; whether there was one to send."""
        for photo in [one for entry in self._outbox.in_order() if entry.is_kept for one in entry.photos]:
            if photo.state == "due":
                piece = self._pieces.take(photo.id, photo.received, photo.size, time.monotonic())
                if piece is not None:
                    self._wire.publish(f"up/media/{photo.id}", photo.read(*piece), offset=piece[0])
                return piece is not None
        return False

    def _publish(self, id: str, topic: str, body: bytes) -> None:
        # What was sent before and not answered may be there: its receipt may have been lost, and those of others too.
        low = min((e.seq for e in self._outbox.waiting.values()), default=None) if id in self._tried else None
        self._tried.add(id)
        self._sent[id] = time.monotonic()
        beside = self._stamps.sent(f"gridline/{self.device}/up/{topic}", body, low)
        self._wire.publish(f"up/{topic}", body, beside=beside)

    def _on_change(self) -> None:
        with self._changed:
            if not self._wire.is_connected:
                self._sent.clear()
                self._pieces.forget()
            self._changed.notify_all()

    def _on_down(self, what: str, body: bytes) -> None:
        message = json.loads(body)
        with self._changed:
            if what == "task":
                self._show(message)
            elif what == "message":
                self._hear(message)
            elif what == "receipt":
                self.receipts.append(message)
                self._statuses.setdefault(str(message["id"]), []).append(message["status"])
                id, after = str(message["id"]), message.get("retry_after", 0)
                self._sent.pop(id, None)
                self._pieces.answered(id, message["status"], time.monotonic(), after)
                if message["status"] == "later":
                    self._sent[id] = time.monotonic() + after - self._resend
                heed(self._outbox, message)
            self._changed.notify_all()

    def _show(self, message: dict[str, Any]) -> None:
        task = UUID(message["task"])
        if message.get("recalled"):
            self._tasks.drop(task)
            self._outbox_add("task", {"task": message["task"], "what": "gone"})
        elif not self._tasks.find(task):  # else our acknowledgement is on its way
            self._outbox_add("task", {"task": message["task"], "what": "shown"})
            self._tasks.add(message)

    def _hear(self, message: dict[str, Any]) -> None:
        if message["id"] in self._heard:
            return
        self._heard.add(message["id"])
        if message["type"] == "wipe":
            self._outbox.forget()
            self._tasks.forget()
        else:
            self.messages.append(message)
        self._outbox_add("message", {"message": message["id"], "what": "shown"})

    def _now(self) -> str:
        return self._clock().isoformat()

    def _until(self, true: Callable[[], bool], seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(true, seconds)


if __name__ == "__main__":
    from demo.handset_program import main

    raise SystemExit(main())
