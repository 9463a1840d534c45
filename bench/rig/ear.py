"""A plain ear on a PBX: keeps what AMI says with the moment it came, and makes sense of it only afterwards."""

import socket
import threading
import time
from contextlib import suppress

Event = dict[str, str]


def fields(message: bytes) -> Event:
    """A message's headers; a channel variable is named as what it is, for its header's name comes many times."""
    found = {}
    for line in message.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(": ")
        if name == "ChanVariable":
            name, _, value = value.partition("=")
        found[name] = value
    return found


class Ear:
    """One AMI session that only listens. `events` is asked when the load is over, so that listening costs little."""

    def __init__(self, port: int, secret: str, user: str = "ears") -> None:
        self._chunks: list[tuple[float, bytes]] = []
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._socket.settimeout(None)
        self._socket.sendall(
            f"Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\nEvents: on\r\n\r\n".encode()
        )
        self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        with suppress(OSError):  # the PBX may have hung up first
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._socket.close()

    def events(self) -> list[tuple[float, Event]]:
        """Each message with the monotonic second at which its last byte came."""
        found, rest = [], b""
        for at, chunk in self._chunks:
            *whole, rest = (rest + chunk).split(b"\r\n\r\n")
            for message in whole:
                found.append((at, fields(message)))
        return found

    def _listen(self) -> None:
        while chunk := self._receive():
            self._chunks.append((time.monotonic(), chunk))

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(1 << 20)
        except OSError:
            return b""


class Mouth:
    """One AMI session that asks, one question at a time."""

    def __init__(self, port: int, secret: str, user: str = "mouth") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._rest = b""
        try:
            self.ask(Action="Login", Username=user, Secret=secret, Events="off")
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Ask no more."""
        self._socket.close()

    def ask(self, **action: str) -> list[Event]:
        """The response and what follows it, up to the list's end. Raises OSError when there is no answer."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in action.items())
        self._socket.sendall(f"{lines}ActionID: bench\r\n\r\n".encode())
        answer: list[Event] = []
        while True:
            while b"\r\n\r\n" not in self._rest:
                data = self._socket.recv(1 << 16)
                if not data:
                    raise ConnectionError("the PBX hung up")
                self._rest += data
            message, _, self._rest = self._rest.partition(b"\r\n\r\n")
            answer.append(fields(message))
            if answer[0].get("EventList") != "start" or answer[-1].get("EventList") == "Complete":
                return answer
