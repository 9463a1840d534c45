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
from demo.outbox import KEPT, Entry, Outbox
from demo.tasklist import TaskList, TaskSeen
from demo.wire import CHUNK, Wire
from schema.ids import uuid7

RESEND = 10.0
"""Seconds without a receipt after which a message is sent again."""
PASSING = ("offset", "chunk-damaged")


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
        self._sent: dict[str, float] = {}
        self._statuses: dict[str, list[str]] = {}
        self._ended = False
        self.receipts: deque[dict[str, Any]] = deque(maxlen=1000)
        self._wire = Wire(device, secret, host, port, self._on_down, self._on_change)
        self._sender = threading.Thread(target=self._send_on, name=f"handset {device}", daemon=True)
        self._sender.start()

    # -- the network comes and goes ------------------------------------------------------------------------

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

    # -- what the worker does ------------------------------------------------------------------------------

    def clock_on(self) -> UUID:
        """Clock on (上班打卡)."""
        return self._add("clock", {"made": self._now(), "on": True})

    def clock_off(self) -> UUID:
        """Clock off (打卡下班)."""
        return self._add("clock", {"made": self._now(), "on": False})

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
        known = self._tasks.find(task)
        if task is not None:
            content["task"] = str(task)
        if known is not None:
            content |= {"case": str(known.case), "contact": str(known.contact)}
        if lon is not None and lat is not None:
            content["place"] = {
                "lon": lon,
                "lat": lat,
                "accuracy": 8.0,
                "source": "gps",
                "fixed_at": at.isoformat(),
            }
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
        self._wire.publish(f"up/{entry.topic}", entry.body.encode())
        self._until(lambda: len(self._statuses.get(entry.id, [])) > before, seconds)
        with self._changed:
            return (self._statuses.get(entry.id, [])[before:] or [""])[-1]

    # -- what the worker sees ------------------------------------------------------------------------------

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

    # -- sending -------------------------------------------------------------------------------------------

    def _add(self, topic: str, content: dict[str, Any], photos: Sequence[tuple[UUID, Path]] = ()) -> UUID:
        id = uuid7()
        with self._changed:
            self._outbox.add(topic, id, content, list(photos))
            self._changed.notify_all()
        return id

    def _send_on(self) -> None:
        while True:
            with self._changed:
                if self._ended:
                    return
                if self._wire.is_connected:
                    self._send_words()
                    self._send_chunk()
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
                self._send_once(entry.id, f"up/{entry.topic}", body)
                if entry.topic == "clock":
                    return  # what follows depends on being on duty: it waits for this receipt

    def _send_chunk(self) -> None:
        for entry in self._outbox.in_order():
            for photo in entry.photos:
                if entry.is_kept and photo.state == "due":
                    data = Path(photo.file).read_bytes()[photo.received : photo.received + self._chunk]
                    self._send_once(photo.id, f"up/media/{photo.id}", data, offset=photo.received)
                    return  # one at a time, so that words never wait behind more than one chunk

    def _send_once(self, id: str, topic: str, body: bytes, offset: int | None = None) -> None:
        if time.monotonic() - self._sent.get(id, -self._resend) >= self._resend:
            self._sent[id] = time.monotonic()
            self._wire.publish(topic, body, offset=offset)

    # -- what comes down -----------------------------------------------------------------------------------

    def _on_change(self) -> None:
        with self._changed:
            if not self._wire.is_connected:
                self._sent.clear()
            self._changed.notify_all()

    def _on_down(self, what: str, body: bytes) -> None:
        message = json.loads(body)
        with self._changed:
            if what == "task":
                self._show(message)
            elif what == "receipt":
                self.receipts.append(message)
                self._statuses.setdefault(str(message["id"]), []).append(message["status"])
                self._heed(message)
            self._changed.notify_all()

    def _heed(self, receipt: dict[str, Any]) -> None:
        id = str(receipt["id"])
        self._sent.pop(id, None)
        entry = self._outbox.waiting.get(id)
        if entry is not None:
            if entry.topic == "position" and receipt["status"] == "refused":
                self._outbox.drop(entry)  # made off duty: nobody keeps it
                return
            entry.receipt = receipt
        else:
            entry = next((e for e in self._outbox.waiting.values() for p in e.photos if p.id == id), None)
            if entry is None:
                return
        self._heed_photos(entry, receipt)
        self._outbox.settle(entry)

    def _heed_photos(self, entry: Entry, receipt: dict[str, Any]) -> None:
        states = {one["id"]: one["received"] for one in receipt.get("media", [])}
        for photo in entry.photos:
            if photo.id in states:
                photo.received = states[photo.id]
                if receipt["status"] in KEPT and photo.received >= photo.size:
                    photo.state = "whole"
            if (
                photo.id == receipt["id"]
                and receipt["status"] == "refused"
                and receipt.get("code") not in PASSING
            ):
                photo.state = "failed"

    def _show(self, message: dict[str, Any]) -> None:
        if self._tasks.find(UUID(message["task"])):
            return  # sent again before our acknowledgement arrived, which is on its way
        self._outbox.add("task", uuid7(), {"made": self._now(), "task": message["task"], "what": "shown"})
        self._tasks.add(message)

    # -- helpers -------------------------------------------------------------------------------------------

    def _now(self) -> str:
        return self._clock().isoformat()

    def _until(self, true: Callable[[], bool], seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(true, seconds)


if __name__ == "__main__":
    from demo.handset_program import main

    raise SystemExit(main())
