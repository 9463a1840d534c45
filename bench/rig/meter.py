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
        self._threads: list[threading.Thread] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def bytes_down(self) -> int:
        """Bytes that came from the server, headers included."""
        with self._lock:
            return self._count

    def close(self) -> None:
        """Nobody comes through any more."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # wakes who listens
        self._door.close()
        with self._lock:
            lines, threads = list(self._lines), list(self._threads)
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in (self._listener, *threads):
            thread.join(5)

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return  # closed
            try:
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()
                continue  # the server is gone
            thread = threading.Thread(target=self._connect, args=(near, far), daemon=True)
            with self._lock:
                self._lines += [near, far]
                self._threads.append(thread)
            thread.start()

    def _connect(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            other = threading.Thread(target=self._pass, args=(near, far, False), daemon=True)
            other.start()
            self._pass(far, near, True)
            other.join()

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
