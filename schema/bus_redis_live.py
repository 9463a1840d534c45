"""The reader of the Redis bus that hears live words: shouted to whoever listens, kept nowhere."""

import threading
from typing import Any

from schema.bus_live import Live
from schema.bus_redis_readers import BLOCK, Reader


class LiveReader(Reader):
    """Hears what is shouted on the topics that somebody here listens to."""

    def __init__(self, client: Any, prefix: str, live: Live, stopping: threading.Event) -> None:
        super().__init__("hearer", stopping)
        self._client = client
        self._prefix = prefix
        self._live = live
        self._hearing = threading.Event()
        self._channel: Any = None

    def start(self) -> None:
        """Begin; with Redis there, what is shouted from now on is heard."""
        super().start()
        self._hearing.wait(1.0)

    def _begin(self) -> None:
        self._end()
        self._channel = self._client.pubsub()
        self._channel.subscribe(*(self._prefix + topic for topic in self._live.topics))

    def _turn(self) -> None:
        word = self._channel.get_message(timeout=BLOCK / 1000)
        if word is None:
            return
        if word["type"] == "subscribe":
            self._hearing.set()
        elif word["type"] == "message":
            self._live.pass_on(word["channel"].decode().removeprefix(self._prefix), word["data"])

    def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
