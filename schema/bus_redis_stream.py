"""One Redis stream of letters, entry id ``<seq>-0``, and what is asked of it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import redis

from schema.bus import Letter
from schema.bus_group import NEW_GROUP_GETS

log = logging.getLogger(__name__)

Entry = tuple[bytes, dict[bytes, bytes] | None]


class Stream:
    """The stream under `key`: at most `longest` entries, and at least the last `kept` whoever handled them.

    Everything raises redis.RedisError when Redis is away.
    """

    def __init__(self, client: Any, key: str, longest: int, *, kept: int = NEW_GROUP_GETS) -> None:
        self.client = client
        self.key = key
        self.longest = longest
        self._kept = kept
        self._overtaken: set[str] = set()

    def top(self) -> int:
        """The highest place ever used, 0 for a stream that is not there."""
        try:
            return seq_of(self.client.xinfo_stream(self.key)["last-generated-id"])
        except redis.ResponseError as error:
            if "no such key" in str(error):
                return 0
            raise

    def first(self) -> int:
        """The place of the first entry held, 0 when there is none."""
        entries: list[Entry] = self.client.xrange(self.key, count=1)
        return seq_of(entries[0][0]) if entries else 0

    def add(self, letters: Sequence[Letter]) -> None:
        """Append these, all or none."""
        with self.client.pipeline(transaction=True) as pipe:
            for letter in letters:
                pipe.xadd(self.key, _fields(letter), id=f"{letter.seq}-0")
            pipe.execute()

    def groups(self) -> dict[str, int]:
        """The consumer groups, and the last place delivered to each."""
        try:
            found = self.client.xinfo_groups(self.key)
        except redis.ResponseError as error:
            if "no such key" in str(error):
                return {}
            raise
        return {one["name"].decode(): seq_of(one["last-delivered-id"]) for one in found}

    def handled(self) -> dict[str, int]:
        """How far each group has handled everything: just before its oldest pending entry."""
        result = {}
        for name, delivered in self.groups().items():
            oldest = self.client.xpending(self.key, name)["min"]
            result[name] = seq_of(oldest) - 1 if oldest else delivered
        return result

    def trim(self, handled: Mapping[str, int]) -> None:
        """Drop what every group has handled, but for the last ones kept; and whatever is beyond the limit."""
        done = min([self.top() - self._kept, *handled.values()])
        if done > 0:
            self.client.xtrim(self.key, minid=f"{done + 1}-0", approximate=True)
        if self.client.xlen(self.key) > self.longest:
            self.client.xtrim(self.key, maxlen=self.longest, approximate=False)
            first = self.first()
            late = {name for name, seq in handled.items() if seq < first - 1}
            if late - self._overtaken:
                log.error("the stream is full: groups %s are further behind than it holds", sorted(late))
            self._overtaken = late


def letters_of(entries: Iterable[Entry]) -> list[tuple[bytes, Letter | None]]:
    """Entries as letters; None for one that was trimmed away while pending, or is not ours."""
    return [(entry_id, _letter(entry_id, fields)) for entry_id, fields in entries]


def seq_of(entry_id: bytes | str) -> int:
    """The place that an entry's id says."""
    text = entry_id.decode() if isinstance(entry_id, bytes) else entry_id
    return int(text.partition("-")[0])


def _fields(letter: Letter) -> dict[str, str | bytes]:
    return {
        "key": letter.key.hex,
        "name": letter.name,
        "at": letter.at.isoformat(),
        "body": msgspec.json.encode(letter.body),
    }


def _letter(entry_id: bytes, fields: dict[bytes, bytes] | None) -> Letter | None:
    if not fields:
        return None
    try:
        return Letter(
            seq_of(entry_id),
            UUID(fields[b"key"].decode()),
            fields[b"name"].decode(),
            datetime.fromisoformat(fields[b"at"].decode()),
            msgspec.json.decode(fields[b"body"], type=dict[str, Any]),
        )
    except (KeyError, ValueError, msgspec.DecodeError):
        log.error("entry %r on the stream is no letter of ours; passed over", entry_id)
        return None
