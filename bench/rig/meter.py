"""A meter on the way to a server: hands bytes to and fro on the loopback, counts those from the server."""

import socket
import threading
from contextlib import suppress


class Meter:
    """Listens on a free port of the loopback (`port`) and passes everything on to another (`to`)."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._count = 0
        self._lock = threading.Lock()
        self._lines: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def bytes_down(self) -> int:
        """Bytes that came from the server, headers included."""
        with self._lock:
            return self._count

    def close(self) -> None:
        """Nobody comes through any more."""
        self._door.close()
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return  # closed, or the server is gone
            with self._lock:
                self._lines += [near, far]
            threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if counted:
                    with self._lock:
                        self._count += len(data)
                target.sendall(data)
        for line in (source, target):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
