"""The handset's outbox: what was written, on disk at once, until the server says it has it.

``outbox/`` waits, ``history/`` was delivered (words only, photos are gone), ``failed/`` was refused and is kept
for the worker to look at. One JSON file a message, written whole and synced.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

KEPT = ("kept", "again")


@dataclass
class Photo:
    """A photo on the handset: `received` bytes are at the server; `state` due, whole or failed."""

    id: str
    file: str
    type: str
    size: int
    sha256: str
    received: int = 0
    state: str = "due"

    def read(self, begin: int, end: int) -> bytes:
        """These bytes of it."""
        with open(self.file, "rb") as file:
            file.seek(begin)
            return file.read(end - begin)


@dataclass
class Entry:
    """A message: `topic` its last words, `body` exactly as it is sent, every time."""

    seq: int
    id: str
    topic: str
    body: str
    photos: list[Photo] = field(default_factory=list)
    receipt: dict[str, Any] | None = None

    @property
    def is_kept(self) -> bool:
        """The server has the message itself."""
        return bool(self.receipt and self.receipt["status"] in KEPT)

    @property
    def is_delivered(self) -> bool:
        """The server has everything."""
        return self.is_kept and all(photo.state == "whole" for photo in self.photos)

    @property
    def has_failed(self) -> bool:
        """The server will not have it as it is."""
        return bool(self.receipt and not self.is_kept) or any(
            photo.state == "failed" for photo in self.photos
        )

    @property
    def name(self) -> str:
        """The file's name: in the order of writing."""
        return f"{self.seq:010d}-{self.id}.json"


class Outbox:
    """The messages of one handset in its folder. Not thread-safe: its owner holds a lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("outbox", "history", "failed", "photos"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.waiting: dict[str, Entry] = {e.id: e for e in self._read("outbox")}
        self._last_seq = max(
            (int(p.name[:10]) for n in ("outbox", "history", "failed") for p in self._files(n)), default=0
        )

    def add(
        self, topic: str, id: UUID, content: dict[str, Any], photos: Sequence[tuple[UUID, Path]] = ()
    ) -> Entry:
        """Write a message down; when this returns it survives a power cut."""
        seq = self._last_seq + 1
        shown = [_as_photo(photo, file) for photo, file in photos]
        body: dict[str, Any] = {"v": 1, "type": topic, "id": str(id), "seq": seq, **content}
        if shown:
            body["media"] = [{"id": p.id, "type": p.type, "size": p.size, "sha256": p.sha256} for p in shown]
        entry = Entry(seq, str(id), topic, json.dumps(body, ensure_ascii=False), shown)
        self.save(entry)
        self._last_seq = seq
        self.waiting[entry.id] = entry
        return entry

    def save(self, entry: Entry) -> None:
        """Write an entry's state down."""
        write_synced(self._folder / "outbox" / entry.name, asdict(entry))

    def settle(self, entry: Entry) -> None:
        """Move an entry out of the outbox when it is delivered or has failed; save it otherwise."""
        if entry.is_delivered:
            self._move(entry, "history")
            for photo in entry.photos:
                Path(photo.file).unlink(missing_ok=True)
        elif entry.has_failed:
            self._move(entry, "failed")
        else:
            self.save(entry)

    def drop(self, entry: Entry) -> None:
        """Forget an entry that must not be kept."""
        self.waiting.pop(entry.id, None)
        (self._folder / "outbox" / entry.name).unlink(missing_ok=True)

    def forget(self) -> None:
        """Forget everything that was written, and what waits, for ever."""
        self.waiting.clear()
        for name in ("outbox", "history", "failed", "photos"):
            for file in (self._folder / name).iterdir():
                file.unlink(missing_ok=True)

    def in_order(self) -> list[Entry]:
        """What waits, oldest first."""
        return sorted(self.waiting.values(), key=lambda entry: entry.seq)

    def find(self, id: str) -> Entry | None:
        """An entry, wherever it is."""
        if id in self.waiting:
            return self.waiting[id]
        return next((e for n in ("history", "failed") for e in self._read(n, f"*-{id}.json")), None)

    def failed(self) -> list[Entry]:
        """What was refused, oldest first."""
        return self._read("failed")

    def photo_file(self, id: UUID) -> Path:
        """Where a new photo goes."""
        return self._folder / "photos" / f"{id}.jpg"

    def _move(self, entry: Entry, where: str) -> None:
        write_synced(self._folder / where / entry.name, asdict(entry))
        self.drop(entry)

    def _files(self, where: str, pattern: str = "*.json") -> list[Path]:
        return sorted((self._folder / where).glob(pattern))

    def _read(self, where: str, pattern: str = "*.json") -> list[Entry]:
        entries = []
        for file in self._files(where, pattern):
            saved = json.loads(file.read_text("utf-8"))
            entries.append(Entry(**{**saved, "photos": [Photo(**photo) for photo in saved["photos"]]}))
        return entries


def write_synced(file: Path, content: Any) -> None:
    """Write JSON so that after a power cut there is the old file or the new one, never half of it."""
    draft = file.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as out:
        json.dump(content, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _as_photo(id: UUID, file: Path) -> Photo:
    data = file.read_bytes()
    return Photo(str(id), str(file), "image/jpeg", len(data), hashlib.sha256(data).hexdigest())
