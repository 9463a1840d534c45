"""AMI on the wire, read as bytes: a splitter that makes messages of a stream, and the fields of one.

Both are pure. A message is lines of ``Name: value`` ended by an empty line (Asterisk Manager Interface).
"""

from collections.abc import Iterator, Mapping

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


class Fields(Mapping[str, str]):
    """The same fields, each looked for when it is asked for: of thirty in an event the ears want five."""

    __slots__ = ("_message", "_text", "_whole")

    def __init__(self, message: bytes) -> None:
        self._message = message
        self._text = f"\r\n{message.decode('utf-8', 'replace')}\r\n"
        self._whole: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        text, start = self._text, self._text.find(f"\r\n{name}:")
        if start < 0:
            if not name.endswith(")"):
                raise KeyError(name)
            return self._all()[name]  # a channel variable's, or none
        start += len(name) + 3
        return text[start : text.find("\r\n", start)].strip()

    def __contains__(self, name: object) -> bool:
        return f"\r\n{name}:" in self._text or (str(name).endswith(")") and name in self._all())

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, str]:
        if self._whole is None:
            self._whole = fields(self._message)
        return self._whole


def message(named: dict[str, str]) -> bytes:
    """Fields as a message of our own (an action, a note for the tape). Raises ValueError for a line break."""
    for name, value in named.items():
        if any(c in "\r\n\0" for c in name + value):
            raise ValueError(f"{name!r} = {value[:60]!r} does not fit one line")
    return "\r\n".join(f"{name}: {value}" for name, value in named.items()).encode("utf-8")
