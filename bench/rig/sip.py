"""A SIP telephone over UDP that says every header itself: tests are refused by name, a bench sees when a packet came.

It has no voice; who gives it a socket for sound (`media_port`) can listen and speak there.
"""

import hashlib
import re
import secrets
import socket
from dataclasses import dataclass

from bench.rig.arrivals import arriving, stamped

LONG = 60.0


@dataclass(frozen=True, slots=True)
class Message:
    """A SIP request or response: its first line, its headers by lower-case name, its body; when it came (s of Unix)."""

    line: str
    headers: dict[str, str]
    body: str
    at: float = 0.0

    @property
    def status(self) -> int:
        """The response's code; 0 for a request."""
        return int(self.line.split()[1]) if self.line.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        """The request's method; of a response, the method it answers."""
        return self.headers["cseq"].split()[1] if self.status else self.line.split()[0]


class Sip:
    """One telephone: `user` is what it calls itself in From, `auth` (user, secret) is what it can prove.

    `media_port` is where it says that sound shall go (0: the port that it signals from). `answered` is the other side's
    answer to its last call.
    """

    def __init__(
        self,
        server: str,
        user: str,
        auth: tuple[str, str] | None,
        *,
        timeout: float = LONG,
        media_port: int = 0,
    ) -> None:
        host, port = server.split(":")
        self.server = server
        self.user = user
        self.auth = auth
        self._socket = stamped(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._socket.bind(("127.0.0.1", 0))
        self._socket.connect((host, int(port)))
        self._socket.settimeout(timeout)
        self.port = int(self._socket.getsockname()[1])
        self._media_port = media_port or self.port
        self.answered: Message | None = None
        self._tag = secrets.token_hex(6)
        self._cseq = 1
        self.call = secrets.token_hex(8)
        self.asked: list[Message] = []
        self._to = ""
        self._target = ""

    def close(self) -> None:
        """Switch it off without a word."""
        self._socket.close()

    def register(self, expires: int = 120) -> int:
        """The status of a registration."""
        self.call = secrets.token_hex(8)
        to = f"<sip:{self.user}@{self.server}>"
        return self._ask(
            "REGISTER", f"sip:{self.server}", to, f"Contact: {self._contact}\r\nExpires: {expires}\r\n"
        ).status

    def dial(self, number: str, *, until: int = 200) -> int:
        """Dial: the first final status, or the first one that is at least `until`; an answer is acknowledged."""
        self.call = secrets.token_hex(8)
        self._target = f"sip:{number}@{self.server}"
        answer = self._ask(
            "INVITE", self._target, f"<{self._target}>", f"Contact: {self._contact}\r\n", self._sdp(), until
        )
        self.answered = answer
        self._to = answer.headers["to"]
        if 200 <= answer.status < 300:
            self._send("ACK", self._target, self._to, self._cseq)
        return answer.status

    def hang_up(self) -> int:
        """End the call that was answered."""
        return self._ask("BYE", self._target, self._to).status

    def ring(self, seconds: float = LONG) -> Message:
        """Wait until somebody calls; it rings. Returns the INVITE."""
        invite = self.wait("INVITE", seconds)
        self.reply(invite, "180 Ringing")
        return invite

    def wait(self, method: str, seconds: float = LONG) -> Message:
        """The next request of a method; others are answered 200."""
        self._socket.settimeout(seconds)
        while True:
            message = self._receive()
            if message.status:
                continue
            if message.method == method:
                return message
            if message.method != "ACK":
                self.reply(message, "200 OK")

    def reply(self, request: Message, status: str, body: str = "") -> None:
        """Answer a request."""
        same = "".join(f"{n}: {request.headers[n]}\r\n" for n in ("via", "from", "call-id", "cseq"))
        to = request.headers["to"] + ("" if "tag=" in request.headers["to"] else f";tag={self._tag}")
        kind = "Content-Type: application/sdp\r\n" if body else ""
        self._socket.send(
            f"SIP/2.0 {status}\r\n{same}To: {to}\r\nContact: {self._contact}\r\n{kind}"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )

    def answer(self, invite: Message) -> None:
        """Take the call."""
        self.reply(invite, "200 OK", self._sdp())

    @property
    def _contact(self) -> str:
        return f"<sip:{self.user}@127.0.0.1:{self.port}>"

    def _sdp(self) -> str:
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {self._media_port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
        )

    def _ask(
        self, method: str, uri: str, to: str, headers: str = "", body: str = "", until: int = 200
    ) -> Message:
        self._cseq += 1
        self._send(method, uri, to, self._cseq, headers, body)
        answer = self._final(method, until)
        if answer.status in (401, 407) and self.auth:
            name = "WWW-Authenticate" if answer.status == 401 else "Proxy-Authenticate"
            proof = self._proof(method, uri, answer.headers[name.lower()])
            if method == "INVITE":
                self._send("ACK", uri, answer.headers["to"], self._cseq)
            self._cseq += 1
            line = "Authorization" if answer.status == 401 else "Proxy-Authorization"
            self._send(method, uri, to, self._cseq, headers + f"{line}: {proof}\r\n", body)
            answer = self._final(method, until)
        if method == "INVITE" and answer.status >= 300:
            self._send("ACK", uri, answer.headers["to"], self._cseq)
        return answer

    def _proof(self, method: str, uri: str, challenge: str) -> str:
        assert self.auth
        user, secret = self.auth
        said = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge))
        md5 = lambda text: hashlib.md5(text.encode()).hexdigest()  # noqa: E731, S324 - RFC 2617
        ha1, ha2 = md5(f"{user}:{said['realm']}:{secret}"), md5(f"{method}:{uri}")
        response = md5(f"{ha1}:{said['nonce']}:00000001:abcdef:auth:{ha2}")
        return (
            f'Digest username="{user}", realm="{said["realm"]}", nonce="{said["nonce"]}", uri="{uri}", '
            f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abcdef"'
            + (f', opaque="{said["opaque"]}"' if "opaque" in said else "")
        )

    def _send(self, method: str, uri: str, to: str, cseq: int, headers: str = "", body: str = "") -> None:
        kind = "Content-Type: application/sdp\r\n" if body else ""
        lines = (
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{secrets.token_hex(6)};rport",
            "Max-Forwards: 70",
            f"From: <sip:{self.user}@127.0.0.1>;tag={self._tag}",
            f"To: {to}",
            f"Call-ID: {self.call}",
            f"CSeq: {cseq} {method}",
            f"{headers}{kind}Content-Length: {len(body)}",
        )
        self._socket.send(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def _final(self, method: str, until: int) -> Message:
        while True:
            message = self._receive()
            if (
                message.status >= until
                and message.method == method
                and message.headers["call-id"] == self.call
            ):
                return message
            if not message.status:
                self.asked.append(message)
                self.reply(message, "200 OK")

    def _receive(self) -> Message:
        packet, at = arriving(self._socket, 65535)
        text = packet.decode("utf-8", "replace")
        head, _, body = text.partition("\r\n\r\n")
        line, *rest = head.split("\r\n")
        headers: dict[str, str] = {}
        for each in rest:
            name, _, value = each.partition(":")
            headers.setdefault(name.strip().lower(), value.strip())
        return Message(line, headers, body, at)
