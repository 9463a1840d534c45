"""One listener's stream of server-sent events: numbered, bounded, whole again after an overflow. No I/O."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import msgspec

from schema.desk.sessions import Visitor

LIMIT = 256
Event = tuple[str, Any]


class Stream:
    """Events waiting for one browser. `whole` gives the events that make a screen whole from nothing.

    When more than `limit` wait, they are dropped, and what comes next is "resync" and everything whole.
    """

    def __init__(
        self,
        who: Visitor,
        whole: Callable[[Visitor], Iterable[Event]],
        contact: UUID | None = None,
        limit: int = LIMIT,
    ) -> None:
        self.who = who
        self.contact = contact
        self._whole = whole
        self._limit = limit
        self._number = 0
        self._waiting: deque[Event] = deque()
        self._lost = False

    def begin(self) -> None:
        """Queue what a fresh screen needs."""
        self._waiting.extend(self._whole(self.who))

    def belongs(self, who: Visitor) -> None:
        """Whose screen it is, as they are now. With other rights or another seat, everything is sent whole again."""
        other = (who.actor, who.seat) != (self.who.actor, self.who.seat)
        self.who = who
        if other:
            self._waiting.clear()
            self._lost = True

    def put(self, event: str, data: Any) -> None:
        """Queue one event."""
        if self._lost:
            return
        if len(self._waiting) >= self._limit:
            self._waiting.clear()
            self._lost = True
            return
        self._waiting.append((event, data))

    def take(self) -> bytes:
        """The frames of everything that waits (WHATWG HTML section 9.2), each with the next number."""
        if self._lost:
            self._lost = False
            self._waiting.clear()
            self._waiting.append(("resync", {}))
            self._waiting.extend(self._whole(self.who))
        frames = []
        while self._waiting:
            event, data = self._waiting.popleft()
            self._number += 1
            body = msgspec.json.encode(data)
            frames.append(b"id: %d\nevent: %s\ndata: %s\n\n" % (self._number, event.encode(), body))
        return b"".join(frames)

    @property
    def idle(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting and not self._lost
