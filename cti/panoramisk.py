"""Panoramisk, tamed: one AMI session that ends when it ends.

Panoramisk 1.4 speaks well. Left alone it damages characters split across two reads, never resolves some actions, takes
a tenth of a millisecond for each row of a list, and after a reconnect sends again what was not answered. So a session
here is used once and never reconnects, and answers are read as `cti.ami` reads events.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from cti.ami import fields

MOST_BYTES = 4 << 20
"""A single message larger than this is no message: the session is ended."""
END = b"\r\n\r\n"


class Lost(Exception):
    """The session ended before the answer was whole."""


class Said(Action):  # type: ignore[misc]
    """An action whose `future` holds all messages of its answer: one response, or that and its list of events.

    A list is what says so itself (``EventList: start``). Panoramisk guesses by the words of the response, and waits
    for ever when it guesses wrong (QueueAdd, Originate, PlayDTMF, Atxfer).
    """

    def __init__(self, action: Mapping[str, str | list[str]]) -> None:
        super().__init__(dict(action))

    def add_message(self, message: Mapping[str, str]) -> bool:
        """Take one message of the answer; True once it is whole."""
        self.responses.append(message)
        listed = self.responses[0].get("EventList", "").lower() == "start"
        if listed and message.get("EventList", "").lower() not in ("complete", "cancelled"):
            return False
        if not self.future.done():
            self.future.set_result(list(self.responses))
        return True


class Protocol(AMIProtocol):  # type: ignore[misc]
    """Panoramisk's protocol, reading bytes: a character split across two reads stays whole."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A session begins."""
        super().connection_made(transport)
        self._bytes = b""
        self._greeted = False

    def data_received(self, data: bytes) -> None:
        """Take what came; a message is complete at its empty line."""
        self._bytes += data
        if not self._greeted and b"\r\n" in self._bytes:
            _banner, _, self._bytes = self._bytes.partition(b"\r\n")
            self._greeted = True
        *whole, self._bytes = self._bytes.split(END)
        if len(self._bytes) > MOST_BYTES:
            self.transport.abort()
        for part in whole:
            message = fields(part)
            # What answers nobody does not concern a mouth.
            asked = self.responses.get(message.get("ActionID", ""))
            if asked is not None and asked.add_message(message):
                self.responses.pop(asked.id, None)

    def connection_lost(self, exc: Exception | None) -> None:
        """The session ended."""
        self.closed = True
        if self.factory is not None:
            self.factory.connection_lost(exc)


class Session(Manager):  # type: ignore[misc]
    """One AMI session from its greeting to its end; `lost` is done once it has ended."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: Protocol) -> None:
        super().__init__(loop=loop, events="off", log=logging.getLogger(__name__))
        self.lost: asyncio.Future[None] = loop.create_future()
        self.protocol = protocol
        protocol.factory = self
        protocol.encoding = "utf8"

    def say(self, action: Said) -> "asyncio.Future[list[dict[str, str]]]":
        """Send an action; the future is its answer, or raises Lost."""
        future: asyncio.Future[list[dict[str, str]]] = action.future
        if self.lost.done():
            future.set_exception(Lost())
        else:
            self.protocol.send(action)
        return future

    def forget(self, action: Said) -> None:
        """Nobody waits for this action's answer any more."""
        self.protocol.responses.pop(action.id, None)
        if not action.future.cancel() and not action.future.cancelled():
            action.future.exception()  # seen: nobody else will look

    def connection_lost(self, exc: Any) -> None:
        """The other side, or `hang_up`, ended it: what was asked is forgotten, and never asked again by itself."""
        asked = list(self.protocol.responses.values())
        self.protocol.responses.clear()
        for action in asked:
            if not action.future.done():
                action.future.set_exception(Lost())
        if not self.lost.done():
            self.lost.set_result(None)

    def hang_up(self) -> None:
        """End it at once."""
        self.protocol.transport.abort()
        self.connection_lost(None)


async def dial(host: str, port: int) -> Session:
    """A new session, not yet logged in. Raises OSError."""
    loop = asyncio.get_running_loop()
    _transport, protocol = await loop.create_connection(Protocol, host, port)
    return Session(loop, protocol)
