"""A real SMTP server on loopback (aiosmtpd) for the tests of notices: takes, refuses, is slow, dies and comes back."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from conf.ports import free_ports

USER, PASSWORD = "gridline", "a password of the post"


class Post:
    """What came in, in order; `answers` gives an address the reply to RCPT, `gate` holds back the reply to DATA."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: dict[str, str] = {}
        self.gate = threading.Event()
        self.gate.set()
        self.sealed: list[bool] = []

    async def handle_RCPT(
        self, _server: Any, session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take the receiver, or answer as told."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take the letter."""
        if not self.gate.is_set():
            await server.loop.run_in_executor(None, self.gate.wait, 10)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        self.sealed.append(session.ssl is not None)
        return "250 taken"


def authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that vouches for itself, and the server's side of it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


@contextmanager
def real_smtp(post: Post, port: int = 0, **more: Any) -> Iterator[int]:
    """The server, on a port of its own or the one given; gives the port. `more` is aiosmtpd's."""
    port = port or free_ports(1)[0]
    controller = Controller(post, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    """Lets in who knows the password."""
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (
        USER.encode(), PASSWORD.encode(),
    )  # fmt: skip
    return AuthResult(success=right, handled=False)
