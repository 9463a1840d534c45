"""AMI on the wire, read as bytes: a splitter that makes messages of a stream, and a parser that makes fields of one.

Both are pure. A message is lines of ``Name: value`` ended by an empty line (Asterisk Manager Interface).
"""

END = b"\r\n\r\n"
MOST_BYTES = 1 << 20


class TooLong(Exception):
    """A message grew past a megabyte: the peer is no AMI."""


class Splitter:
    """Makes whole messages of whatever pieces arrive. The greeting line is kept as `banner`."""

    __slots__ = ("_rest", "banner")

    def __init__(self) -> None:
        self._rest = b""
        self.banner = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that `data` completes, without their empty line. Raises TooLong."""
        whole = self._rest + data
        if not self.banner:
            line, found, rest = whole.partition(b"\r\n")
            if not found:
                self._rest = whole
                return self._bounded([])
            self.banner, whole = line, rest
        *messages, self._rest = whole.split(END)
        return self._bounded(messages)

    def _bounded(self, messages: list[bytes]) -> list[bytes]:
        if len(self._rest) > MOST_BYTES or any(len(message) > MOST_BYTES for message in messages):
            raise TooLong(f"more than {MOST_BYTES} bytes in one message")
        return messages


def kind(message: bytes) -> str:
    """The event's name, "" for what is no event: enough to pass over most of them unread."""
    if not message.startswith(b"Event:"):
        return ""
    return message[6:].partition(b"\r\n")[0].strip().decode("ascii", "replace")


def fields(message: bytes) -> dict[str, str]:
    """The fields of a message. ``ChanVariable: NAME=x`` becomes the field ``ChanVariable(NAME)``.

    Of a field that comes twice the first one counts, for what a caller can put into a value comes later; a line
    without a colon is passed over.
    """
    found: dict[str, str] = {}
    for line in message.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            continue
        value = value.strip()
        if name.endswith("ChanVariable"):
            variable, _, value = value.partition("=")
            name = f"{name}({variable})"
        found.setdefault(name, value)
    return found


def message(named: dict[str, str]) -> bytes:
    """Fields as a message of our own (an action, a note for the tape). Raises ValueError for a line break."""
    for name, value in named.items():
        if any(c in "\r\n\0" for c in name + value):
            raise ValueError(f"{name!r} = {value[:60]!r} does not fit one line")
    return "\r\n".join(f"{name}: {value}" for name, value in named.items()).encode("utf-8")
