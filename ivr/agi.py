"""FastAGI (Asterisk Gateway Interface over TCP) on Twisted: a session per call, a coroutine per script.

A peer that says nothing, says too much, or goes away is dropped after a bounded wait; a hang-up anywhere ends the
script with HungUp and leaves nothing running.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.internet.protocol import ServerFactory
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

HEADER_WAIT = 5.0
ANSWER_WAIT = 30.0
MOST_HEADERS = 100
RESULT = re.compile(
    r"(?P<code>\d{3}) result=(?P<result>-?[^ (]*)(?: \((?P<value>.*)\))?(?: endpos=(?P<end>\d+))?"
)
ANSWER = re.compile(r"\d{3} ")
PLAIN = re.compile(r"[A-Za-z0-9 :._-]*")
log = structlog.get_logger()


class HungUp(Exception):
    """The caller is gone, or the connection with the PBX is."""


class CommandFailed(Exception):
    """The PBX did not carry out an AGI command; the text is its own answer."""


class UnsafeArgument(ValueError):
    """An argument cannot be said in one AGI line."""


class Line(Protocol):
    """What a script can do with a call. A digit is one of 0-9, * and #; "" when none came."""

    async def play(self, file: str, keys: str = "") -> str:
        """Play a sound file (path without ending); a key of `keys` stops it and is returned."""

    async def greet(self, file: str) -> None:
        """Answer the call with the first word of a sound file, and play it to its end."""

    async def wait_key(self, seconds: float) -> str:
        """The next key within `seconds`."""

    async def set_variables(self, values: Mapping[str, str]) -> None:
        """Set channel variables."""

    async def variable(self, name: str) -> str:
        """A channel variable, "" when it is not set."""

    async def tell(self, what: str, **fields: str) -> None:
        """Tell the PBX's listeners: ``UserEvent(Gridline,What: …)``."""


class Session(LineOnlyReceiver):
    """One AGI connection. `script` is called with it and the script's name once the headers are in.

    `gone` is called with it when the connection has ended.
    """

    delimiter = b"\n"
    MAX_LENGTH = 8192

    def __init__(
        self,
        clock: IReactorTime,
        script: Callable[["Session", str], Awaitable[None]],
        gone: Callable[["Session"], None],
    ) -> None:
        self._clock = clock
        self._script = script
        self._tell_gone = gone
        self._headers_done = False
        self._waiting: Deferred[str] | None = None
        self._timer: Any = None
        self._due: tuple[float, str] | None = None
        self._hung_up = False
        self._lost = False
        self.headers: dict[str, str] = {}

    def connectionMade(self) -> None:
        """The PBX connected: its headers must follow soon."""
        self._expect(HEADER_WAIT, "no headers came")

    def lineReceived(self, line: bytes) -> None:
        """A header, the empty line after them, or an answer."""
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        if not self._headers_done:
            self._take_header(text)
        elif text == "HANGUP":
            self._hung_up = True
        elif (waiting := self._waiting) is not None and ANSWER.match(text):
            # Any other line is the middle of a usage text ("520-…") or of a variable with line ends in it: taken
            # for an answer, it would shift every later answer by one.
            self._waiting = self._due = None
            waiting.callback(text)

    def lineLengthExceeded(self, line: bytes) -> None:
        """A peer that is no PBX."""
        self._drop("a line was too long")

    def connectionLost(self, reason: Failure | None = None) -> None:
        """The call is over, or the PBX went away."""
        self._lost = True
        self._tell_gone(self)
        self._stop_timer()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.errback(Failure(HungUp("the connection ended")))

    # -- what a script can do ------------------------------------------------------------------------------

    async def play(self, file: str, keys: str = "") -> str:
        """See Line."""
        return _key(await self.command("STREAM FILE", file, keys, wait=ANSWER_WAIT + 60))

    async def greet(self, file: str) -> None:
        """See Line."""
        await self.command("EXEC", "Playback", file, wait=ANSWER_WAIT + 60)

    async def wait_key(self, seconds: float) -> str:
        """See Line."""
        return _key(
            await self.command("WAIT FOR DIGIT", str(round(seconds * 1000)), wait=seconds + ANSWER_WAIT)
        )

    async def set_variables(self, values: Mapping[str, str]) -> None:
        """See Line. Several are one command where none has a character that MSet reads as its own."""
        if len(values) > 1 and all(PLAIN.fullmatch(value) for value in values.values()):
            pairs = ",".join(f"{name}={value}" for name, value in values.items())
            await self.command("EXEC", "MSet", pairs, after_hang_up=True)
            return
        for name, value in values.items():
            await self.command("SET VARIABLE", name, value, after_hang_up=True)

    async def variable(self, name: str) -> str:
        """See Line."""
        if name == "CALLERID(num)" and (number := self.headers.get("agi_callerid")) is not None:
            # It came along: nothing is asked before the first word.
            return "" if number == "unknown" else number
        _result, value = await self.command("GET VARIABLE", name, after_hang_up=True)
        return value

    async def tell(self, what: str, **fields: str) -> None:
        """See Line."""
        named = {"What": what, "Contact": await self._id("agi_arg_1", "GRIDLINE_CONTACT"),
                 "Call": await self._id("agi_arg_2", "GRIDLINE_CALL"), **fields}  # fmt: skip
        for text in named.values():
            if "," in text:
                raise UnsafeArgument(f"{text[:60]!r} would be read as two fields")
        text = "Gridline," + ",".join(f"{name}: {value}" for name, value in named.items())
        await self.command("EXEC", "UserEvent", text, after_hang_up=True)

    async def command(
        self, *words: str, wait: float = ANSWER_WAIT, after_hang_up: bool = False
    ) -> tuple[str, str]:
        """Give one command; returns (result, value in parentheses). Raises HungUp, CommandFailed, UnsafeArgument.

        `after_hang_up`: the PBX carries it out on a dead channel too, so that a caller who presses a key and hangs
        up at once has still chosen.
        """
        if self._lost or (self._hung_up and not after_hang_up):
            raise HungUp("the caller hung up")
        if self._waiting is not None or self.transport is None:
            raise CommandFailed("a command is still being carried out")
        head, *rest = words
        line = " ".join([head, *(_quoted(word) for word in rest)])
        self._waiting = answer = Deferred[str]()
        self._expect(wait, f"no answer to {head}")
        self._write(line.encode("utf-8") + b"\n")
        text = await answer
        match = RESULT.match(text)
        if match is None or match["code"] != "200":
            if text.startswith("511"):
                raise HungUp("the channel is dead")
            raise CommandFailed(f"{head}: {text[:200]}")
        if match["result"] == "-1":
            raise HungUp("the caller hung up")
        return match["result"], match["value"] or ""

    def _write(self, line: bytes) -> None:
        """Write it now, past the reactor: nothing is on its way before it, and each turn of the reactor costs."""
        assert self.transport is not None
        sent = self.transport.writeSomeData(line)
        left = line[sent:] if isinstance(sent, int) and sent > 0 else line
        if left:
            self.transport.write(left)

    async def _id(self, header: str, variable: str) -> str:
        """An id of the call: the dialplan gives it to the script, which spares asking for it each time."""
        return self.headers.get(header) or await self.variable(variable)

    # -- inside --------------------------------------------------------------------------------------------

    def _take_header(self, text: str) -> None:
        if text:
            name, _, value = text.partition(":")
            self.headers[name.strip()] = value.strip()
            if len(self.headers) > MOST_HEADERS:
                self._drop("too many headers")
            return
        self._headers_done = True
        self._due = None
        name = urlsplit(self.headers.get("agi_request", "")).path.strip("/") or self.headers.get(
            "agi_network_script", ""
        )
        Deferred.fromCoroutine(self._run(name))

    async def _run(self, name: str) -> None:
        try:
            await self._script(self, name)
        except HungUp:
            pass  # the caller may leave at any time
        except Exception:
            log.exception("a voice script failed; the call goes on in the dialplan", script=name,
                          channel=self.headers.get("agi_channel", ""))  # fmt: skip
        finally:
            self._stop_timer()
            if self.transport is not None:
                self.transport.loseConnection()

    def _drop(self, why: str) -> None:
        log.warning(
            "a FastAGI connection was dropped", reason=why, channel=self.headers.get("agi_channel", "")
        )
        if self.transport is not None:
            self.transport.abortConnection()

    def _expect(self, seconds: float, without: str) -> None:
        """Something must come within that time. Most comes soon: one timer looks on, and is not set anew for each."""
        self._due = self._clock.seconds() + seconds, without
        if self._timer is None or self._timer.getTime() > self._due[0]:
            self._stop_timer()
            self._timer = self._clock.callLater(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._due is None:
            return
        left = self._due[0] - self._clock.seconds()
        if left > 0:
            self._timer = self._clock.callLater(left, self._look)
        else:
            self._drop(self._due[1])

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None


class Factory(ServerFactory):
    """Makes a Session per connection and knows which are alive."""

    noisy = False

    def __init__(self, clock: IReactorTime, script: Callable[[Session, str], Awaitable[None]]) -> None:
        self._clock = clock
        self._script = script
        self.sessions: set[Session] = set()

    def close(self) -> None:
        """End every session: their calls go on in the dialplan."""
        for session in list(self.sessions):
            if session.transport is not None:
                session.transport.abortConnection()

    def buildProtocol(self, addr: IAddress | None) -> Session:
        """A fresh session."""
        session = Session(self._clock, self._script, self.sessions.discard)
        session.factory = self
        self.sessions.add(session)
        return session


def _key(answer: tuple[str, str]) -> str:
    result = answer[0]
    return chr(int(result)) if result.isdigit() and int(result) > 0 else ""


def _quoted(word: str) -> str:
    if any(c < " " or c == "\x7f" for c in word):
        raise UnsafeArgument(f"{word[:60]!r} has a control character")
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
