"""Live words: passed on to whoever listens now, kept by nobody."""

import logging
import threading
from collections import deque
from collections.abc import Callable

from schema.bus import LiveHandler

HELD = 1_000
"""Words that may wait to be passed on; the oldest go first when there are more."""

log = logging.getLogger(__name__)


class Live:
    """A bounded queue of words and the thread that passes them on: to the hearers here, or to `away`."""

    def __init__(self, away: Callable[[str, bytes], None] | None = None) -> None:
        self._away = away
        self._hearers: dict[str, list[LiveHandler]] = {}
        self._words: deque[tuple[str, bytes]] = deque(maxlen=HELD)
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="bus live", daemon=True)

    @property
    def topics(self) -> list[str]:
        """What somebody here listens to."""
        return list(self._hearers)

    def hear(self, topic: str, handler: LiveHandler) -> None:
        """Call `handler` with each payload on `topic`."""
        self._hearers.setdefault(topic, []).append(handler)

    def say(self, topic: str, payload: bytes) -> None:
        """Pass on soon; never waits, never raises."""
        with self._changed:
            self._words.append((topic, payload))
            self._changed.notify()

    def pass_on(self, topic: str, payload: bytes) -> None:
        """Call the hearers of `topic` here; one that raises does not keep the others from hearing."""
        for handler in self._hearers.get(topic, ()):
            try:
                handler(payload)
            except Exception:
                log.exception("a hearer of %s failed", topic)

    def start(self) -> None:
        """Begin to pass on."""
        self._thread.start()

    def stop(self) -> None:
        """Pass on nothing more; 2 s at most."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(2)

    def _run(self) -> None:
        deliver = self._away or self.pass_on
        while True:
            with self._changed:
                while not self._words and not self._stopping:
                    self._changed.wait()
                if self._stopping:
                    return
                topic, payload = self._words.popleft()
            deliver(topic, payload)
