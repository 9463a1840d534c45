"""A receiver of webhooks: a real HTTP server that answers as it is told, and keeps what it was sent."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """Answers with `answers` one after the other, the last one for ever: a status, or what is done instead."""

    answers: list[int | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=lambda: [200])
    got: list[tuple[str, Message, bytes]] = field(default_factory=list)
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?a=1"

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        """Take one message."""
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.got.append((request.path, request.headers, body))
        if callable(answer):
            answer(request)
            return
        request.send_response(answer)
        if 300 <= answer < 400:
            request.send_header("Location", self.url)
        if answer == 429:
            request.send_header("Retry-After", "120")
        request.end_headers()
        request.wfile.write(f"answer {answer}".encode())

    def hang(self, _request: BaseHTTPRequestHandler) -> None:
        """Say nothing until the test is over."""
        self.over.wait(30)

    def drip(self, request: BaseHTTPRequestHandler) -> None:
        """A byte now and then, for ever."""
        try:
            while not self.over.wait(0.05):
                request.wfile.write(b"H")
                request.wfile.flush()
        except OSError:
            pass  # the sender has had enough

    def flood(self, request: BaseHTTPRequestHandler) -> None:
        """More than anybody wants to read."""
        request.send_response(200)
        request.end_headers()
        try:
            while not self.over.is_set():
                request.wfile.write(b"x\x00\n" * 20_000)
        except OSError:
            pass


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.handle(self)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
