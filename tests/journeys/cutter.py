"""A wire between bridge and PBX that can be cut at a word: what an AMI session loses at the worst moment."""

import selectors
import socket
import threading
from contextlib import suppress


class Cutter:
    """Listens on `port` and passes everything on to the AMI port `to`.

    Armed with a word, it cuts the session on which that is said next: "before" the PBX has heard it, or "after", when
    the PBX has all of it but its answer comes nowhere. `cut` counts; new sessions pass.
    """

    def __init__(self, port: int, to: int) -> None:
        self.port, self._to = port, to
        self._word, self._when = b"", ""
        self.cut = 0
        self._stop = threading.Event()
        self._door = socket.create_server(("127.0.0.1", port))
        self._door.settimeout(0.2)
        self._threads: list[threading.Thread] = []
        self._run(self._accept)

    def arm(self, word: str, when: str) -> None:
        """Cut at the next `word`."""
        self._word, self._when = word.encode(), when

    def close(self) -> None:
        """End it, and every session through it."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._door.close()

    def _run(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                near, _ = self._door.accept()
                self._run(self._pass, near)

    def _pass(self, near: socket.socket) -> None:
        with (
            near,
            socket.create_connection(("127.0.0.1", self._to)) as far,
            selectors.DefaultSelector() as both,
        ):
            both.register(near, selectors.EVENT_READ, far)
            both.register(far, selectors.EVENT_READ, near)
            with suppress(OSError):
                while not self._stop.is_set():
                    for key, _ in both.select(0.2):
                        data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                        if not data or not self._on(data, key.data, key.data is far):
                            return

    def _on(self, data: bytes, to: socket.socket, said: bool) -> bool:
        """Pass it on; False when the session is cut. An action comes in one piece: the bridge writes it so."""
        hit = said and self._word and self._word in data
        if hit:
            self._word = b""
            self.cut += 1
        if not hit or self._when == "after":
            to.sendall(data)
        return not hit
