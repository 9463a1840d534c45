"""The mouth: an AMI session that only speaks. Panoramisk carries the bytes; what it lacks is guarded here.

Nothing is ever sent twice: an action whose answer did not come before the link was lost fails with LinkLost, and
whoever asked looks at the PBX before asking again. A value with a line break never leaves this process.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from cti.panoramisk import Lost, Said, Session, dial

Action = Mapping[str, str | Sequence[str]]
State = Literal["down", "up"]

TIMEOUT = 5.0
FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0
PING_EVERY = 5.0
LONGEST_LINE = 1000
"""Bytes of one header, name included: Asterisk reads AMI in lines of 1,024 and drops what is longer."""
MOST_LINES = 120
"""Headers of one action: Asterisk ignores those beyond 128."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_SAID_YES = ("success", "goodbye", "follows", "pong")
log = logging.getLogger(__name__)


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


class Mouth:
    """Speaks to one PBX, reconnecting by itself. `changed` hears "up" and "down"; `state` is the present one.

    `sleep` waits between attempts (0.25 s, doubling to 5 s); `ping_every` is the silence in seconds after which
    the PBX is asked whether it still lives.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        secret: str,
        *,
        changed: Callable[[State], None] = lambda state: None,
        sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
        ping_every: float = PING_EVERY,
    ) -> None:
        self._host, self._port, self._user, self._secret = host, port, user, secret
        self._changed = changed
        self._sleep = sleep
        self._ping_every = ping_every
        self._session: Session | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._refused = ""
        self.state: State = "down"

    async def connect(self) -> None:
        """Begin to keep a session; returns at once, whether or not the PBX is there."""
        if self._keeper is None:
            self._keeper = asyncio.get_running_loop().create_task(self._keep(), name="AMI mouth")

    async def close(self) -> None:
        """End the session for good; what waits for an answer fails with LinkLost."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        self._hang_up()
        self._set("down")

    async def action(self, action: Action, timeout: float = TIMEOUT) -> Answer:
        """Say `action` and return the answer.

        Raises UnsafeAction before anything is sent, LinkDown, LinkLost, TimeoutError after `timeout` seconds (it may
        or may not have been carried out), ActionFailed when the PBX says no.
        """
        said = checked(action)
        session = self._session
        if session is None or self.state != "up":
            raise LinkDown("the PBX does not answer; nothing was sent")
        return await self._ask(session, said, timeout)

    async def _ask(self, session: Session, action: Mapping[str, str | list[str]], timeout: float) -> Answer:
        said = Said(action)
        try:
            async with asyncio.timeout(timeout):
                return read(await session.say(said))
        except Lost:
            raise LinkLost(f"the PBX went away before it answered {action['Action']}") from None
        except TimeoutError:
            raise TimeoutError(f"the PBX did not answer {action['Action']} within {timeout:g} s") from None
        finally:
            session.forget(said)

    async def _keep(self) -> None:
        wait = FIRST_WAIT
        while True:
            session = await self._open()
            if session is not None:
                wait, self._refused = FIRST_WAIT, ""
                self._set("up")
                await self._watch(session)
                self._set("down")
                self._hang_up()
            await self._sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _open(self) -> Session | None:
        try:
            async with asyncio.timeout(TIMEOUT):
                self._session = session = await dial(self._host, self._port)
            login = {"Action": "Login", "Username": self._user, "Secret": self._secret, "Events": "off"}
            await self._ask(session, login, TIMEOUT)
        except (OSError, TimeoutError, LinkLost, ActionFailed) as error:
            if str(error) != self._refused:  # said once, not at every attempt
                log.warning("no AMI session with %s:%d: %s", self._host, self._port, error)
                self._refused = str(error)
            self._hang_up()
            return None
        return session

    async def _watch(self, session: Session) -> None:
        """Returns when the session is lost or a ping goes unanswered."""
        while True:
            done, _ = await asyncio.wait({session.lost}, timeout=self._ping_every)
            if done:
                return
            try:
                await self._ask(session, {"Action": "Ping"}, TIMEOUT)
            except (TimeoutError, LinkLost, ActionFailed):
                return

    def _hang_up(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.hang_up()

    def _set(self, state: State) -> None:
        if state != self.state:
            self.state = state
            try:
                self._changed(state)
            except Exception:  # whoever listens must not end the link
                log.exception("who listens to the mouth's state failed")


def checked(action: Action) -> dict[str, str | list[str]]:
    """The action as it may be sent. Raises UnsafeAction for what could be read as anything else than meant."""
    said: dict[str, str | list[str]] = {}
    if not isinstance(action.get("Action"), str):
        raise UnsafeAction("an action has exactly one name")
    for name, value in action.items():
        if not _NAME.fullmatch(name) or name.lower() in ("actionid", "commandid"):
            raise UnsafeAction(f"{name[:40]!r} is no name of a field that may be said")
        values = [value] if isinstance(value, str) else list(value)
        for text in values:
            _check_value(name, text)
        said[name] = value if isinstance(value, str) else values
    if sum(1 if isinstance(value, str) else len(value) for value in said.values()) > MOST_LINES:
        raise UnsafeAction(f"{action['Action']!s:.40} has more than {MOST_LINES} lines")
    return said


def _check_value(name: str, text: str) -> None:
    if any(c < " " or c in "\x7f\x85\u2028\u2029" for c in text):
        raise UnsafeAction(f"{name} = {text[:60]!r} has a control character")
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise UnsafeAction(f"{name} = {text[:60]!r} is no text") from error
    if len(name) + 2 + size > LONGEST_LINE:
        raise UnsafeAction(f"{name} is {size} bytes long; a line of AMI takes {LONGEST_LINE}")


def read(messages: Sequence[dict[str, str]]) -> Answer:
    """The answer in a response and the events that followed it. Raises ActionFailed."""
    response, *rest = messages
    if response.get("Response", "").lower() not in _SAID_YES:
        raise ActionFailed(response.get("Message", "the PBX refused"))
    return Answer(response, [row for row in rest if not row.get("Event", "").endswith("Complete")])
