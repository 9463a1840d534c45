"""The mouth: an AMI session that only speaks. Panoramisk carries the bytes; what it lacks is guarded here.

Nothing is ever sent twice: an action whose answer did not come before the link was lost fails with LinkLost, and
whoever asked looks at the PBX before asking again. A value with a line break never leaves this process.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager
from panoramisk.message import Message

Action = Mapping[str, str | Sequence[str]]
State = Literal["down", "up"]

TIMEOUT = 5.0
FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0
PING_EVERY = 5.0
LONGEST_VALUE = 4096
MOST_BYTES = 4 << 20
END = b"\r\n\r\n"


class LinkDown(Exception):
    """There is no session with the PBX now; nothing was sent."""


class LinkLost(Exception):
    """The session ended before the answer: the action may or may not have been carried out."""


class ActionFailed(Exception):
    """The PBX refused the action; the text is its own."""


class UnsafeAction(ValueError):
    """A name or value cannot be said in one line of AMI."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the PBX said: `fields` of the response, and the `events` of a list action, names as the PBX spells them."""

    fields: dict[str, str]
    events: list[dict[str, str]] = field(default_factory=list)

    @property
    def message(self) -> str:
        """The PBX's words."""
        return self.fields.get("Message", "")


class Protocol(AMIProtocol):  # type: ignore[misc]
    """Panoramisk's protocol, reading bytes: a character split across two reads stays whole."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A session begins."""
        super().connection_made(transport)
        self._bytes = b""

    def data_received(self, data: bytes) -> None:
        """Take what came; a message is complete at its empty line."""
        self._bytes += data
        if self.version is None and b"\r\n" in self._bytes:
            banner, _, self._bytes = self._bytes.partition(b"\r\n")
            self.version = banner.decode("ascii", "replace").rpartition("/")[2]
        *whole, self._bytes = self._bytes.split(END)
        if len(self._bytes) > MOST_BYTES:
            self.transport.abort()
        for part in whole:
            message = Message.from_line(part.strip().decode("utf-8", "replace"))
            if message is not None:
                self.handle_message(message)

    def connection_lost(self, exc: Exception | None) -> None:
        """A session ended: forget what was asked, so that it is never asked again by itself."""
        self.closed = True
        self.responses.clear()
        if self.factory is not None:
            self.factory.connection_lost(exc)


class Session(Manager):  # type: ignore[misc]
    """One AMI session; `lost` is called once when it ends. It never reconnects: the mouth makes a new one."""

    def __init__(self, lost: Callable[[], None], **config: Any) -> None:
        super().__init__(protocol_factory=Protocol, events="off", log=logging.getLogger(__name__), **config)
        self._lost = lost

    def connection_lost(self, _exc: Exception | None) -> None:
        """Tell the mouth."""
        if self.pinger:
            self.pinger.cancel()
            self.pinger = None
        lost, self._lost = self._lost, lambda: None
        lost()


class Mouth:
    """Speaks to one PBX, reconnecting by itself. `changed` hears "up" and "down"."""

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        secret: str,
        *,
        changed: Callable[[State], None] = lambda state: None,
        sleep: Callable[[float], Any] = asyncio.sleep,
    ) -> None:
        self._host, self._port, self._user, self._secret = host, port, user, secret
        self._changed = changed
        self._sleep = sleep
        self._session: Session | None = None
        self._lost = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self.state: State = "down"

    async def connect(self) -> None:
        """Begin to keep a session; returns at once, whether or not the PBX is there."""
        if self._keeper is None:
            self._keeper = asyncio.ensure_future(self._keep())

    async def close(self) -> None:
        """End the session for good."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        self._hang_up()

    async def action(self, action: Action, timeout: float = TIMEOUT) -> Answer:
        """Say `action` and return the answer.

        Raises UnsafeAction before anything is sent, LinkDown, LinkLost, TimeoutError after `timeout` seconds,
        ActionFailed when the PBX says no.
        """
        checked = {name: _checked(name, value) for name, value in action.items()}
        session = self._session
        if session is None or self.state != "up":
            raise LinkDown("the PBX does not answer; nothing was sent")
        return await self._ask(session, checked, timeout)

    async def _ask(self, session: Session, action: dict[str, str | list[str]], timeout: float) -> Answer:
        # A list is told from a single answer by its own words, but for the ones whose "queued" would be misread.
        single = str(action["Action"]).lower() in ("originate", "queueadd", "queueremove", "queuepause", "login",
                                                   "playdtmf", "atxfer", "redirect", "hangup")  # fmt: skip
        lost = self._lost
        answer = asyncio.ensure_future(session.send_action(action, as_list=False if single else None))
        gone = asyncio.ensure_future(lost.wait())
        try:
            done, _ = await asyncio.wait({answer, gone}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not answer.done():
                answer.cancel()
        if answer in done:
            return _answer(answer.result())
        if gone in done:
            raise LinkLost(f"the PBX went away before it answered {action['Action']}")
        raise TimeoutError(f"the PBX did not answer {action['Action']} within {timeout:.0f} s")

    async def _keep(self) -> None:
        wait = FIRST_WAIT
        while True:
            if await self._open():
                wait = FIRST_WAIT
                self._set("up")
                await self._watch()
                self._hang_up()
                self._set("down")
            await self._sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _open(self) -> bool:
        loop = asyncio.get_running_loop()
        self._lost = lost = asyncio.Event()
        session = Session(lost.set, host=self._host, port=self._port, loop=loop, ping_delay=86_400)
        try:
            transport, protocol = await asyncio.wait_for(
                loop.create_connection(Protocol, self._host, self._port), timeout=TIMEOUT
            )
        except (OSError, TimeoutError):
            return False
        done: asyncio.Future[Any] = loop.create_future()
        done.set_result((transport, protocol))
        session.connection_made(done)
        self._session = session
        login = {"Action": "Login", "Username": self._user, "Secret": self._secret, "Events": "off"}
        try:
            await self._ask(session, dict(login), TIMEOUT)
        except (ActionFailed, LinkLost, TimeoutError) as error:
            logging.getLogger(__name__).warning("the PBX did not let the mouth in: %s", error)
            self._hang_up()
            return False
        return True

    async def _watch(self) -> None:
        """Returns when the session is lost or a ping goes unanswered."""
        while not self._lost.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._lost.wait(), PING_EVERY)
                return
            session = self._session
            if session is None:
                return
            try:
                await self._ask(session, {"Action": "Ping"}, TIMEOUT)
            except (TimeoutError, LinkLost, ActionFailed):
                return

    def _hang_up(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()
        self._lost.set()

    def _set(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._changed(state)


def _checked(name: str, value: str | Sequence[str]) -> str | list[str]:
    values = [value] if isinstance(value, str) else list(value)
    for text in [name, *values]:
        if any(c < " " or c in "\x7f\x85\u2028\u2029" for c in text) or len(text) > LONGEST_VALUE:
            raise UnsafeAction(f"{name[:40]!r} = {text[:60]!r} cannot be said to the PBX")
    return values[0] if isinstance(value, str) else values


def _answer(said: Any) -> Answer:
    messages = said if isinstance(said, list) else [said]
    fields = {str(name): str(value) for name, value in dict(messages[0]).items() if name != "content"}
    if fields.get("Response", "").lower() not in ("success", "goodbye", "follows", "pong"):
        raise ActionFailed(fields.get("Message", "the PBX refused"))
    rows = [_row(event) for event in messages[1:]]
    return Answer(fields, [row for row in rows if not row.get("Event", "").endswith("Complete")])


def _row(event: Any) -> dict[str, str]:
    return {str(n): ("\n".join(v) if isinstance(v, list) else str(v)) for n, v in dict(event).items()}
