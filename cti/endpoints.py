"""Seats at the PBX: endpoints that come and go at run time, pushed through ARI, with no reload.

An endpoint is three objects of the PBX's own store: auth (the seat's digest), aor, endpoint, all named ``seat101``.
The client is a few lines on asyncio's streams: one short JSON exchange on loopback needs no HTTP library.
"""

import asyncio
import base64
import json
from typing import Any

from cti.speaks import seat_channel

TIMEOUT = 5.0
REALM = "gridline"


class EndpointRefused(Exception):
    """The PBX did not take or give an endpoint; the text says which and why."""


class Endpoints:
    """The seats of one PBX. Every call is bounded; OSError and TimeoutError mean that the PBX is away."""

    def __init__(self, host: str, port: int, secret: str, user: str = "gridline") -> None:
        self._host, self._port = host, port
        self._authorization = base64.b64encode(f"{user}:{secret}".encode()).decode("ascii")

    async def open(self, seat: str, digest: str, name: str) -> None:
        """Make the seat's endpoint, or give an existing one a new digest. Raises EndpointRefused."""
        user = _user(seat)
        if len(digest) != 32 or not all(c in "0123456789abcdef" for c in digest):
            raise EndpointRefused(f"{user}: the digest is not 32 hexadecimal digits")
        caller = "".join(c for c in name if c.isprintable() and c not in '<>"') or seat
        await self._put("auth", user, auth_type="digest", username=user, realm=REALM, password_digest=f"MD5:{digest}")
        await self._put("aor", user, max_contacts="1", remove_existing="yes", qualify_frequency="15",
                        minimum_expiration="30", default_expiration="60", maximum_expiration="120")  # fmt: skip
        await self._put(
            "endpoint", user, auth=user, aors=user, context="from-seat", webrtc="yes",
            dtls_auto_generate_cert="yes", disallow="all", allow="alaw,ulaw", direct_media="no",
            allow_transfer="no", allow_subscribe="no", rtp_timeout="30", rtp_timeout_hold="600",
            callerid=f'"{caller}" <{seat}>', device_state_busy_at="1", identify_by="username,auth_username",
        )  # fmt: skip

    async def close(self, seat: str) -> None:
        """Take the seat's endpoint away, so that its secret is good for nothing. Not there is fine."""
        for kind in ("endpoint", "aor", "auth"):
            status, body = await self._ask("DELETE", kind, _user(seat))
            if status not in (200, 204, 404):
                raise EndpointRefused(f"{_user(seat)}: the PBX answered {status} {body[:100]}")

    async def exists(self, seat: str) -> bool:
        """Whether the PBX has the seat's endpoint."""
        status, _ = await self._ask("GET", "endpoint", _user(seat))
        return status == 200

    async def _put(self, kind: str, name: str, **fields: str) -> None:
        body = {"fields": [{"attribute": key, "value": value} for key, value in fields.items()]}
        status, text = await self._ask("PUT", kind, name, json.dumps(body, ensure_ascii=False).encode())
        if status != 200:
            raise EndpointRefused(f"{name}: the PBX did not take its {kind} ({status} {text[:100]})")

    async def _ask(self, method: str, kind: str, name: str, body: bytes = b"") -> tuple[int, str]:
        return await asyncio.wait_for(self._exchange(method, kind, name, body), TIMEOUT)

    async def _exchange(self, method: str, kind: str, name: str, body: bytes) -> tuple[int, str]:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            head = (
                f"{method} /ari/asterisk/config/dynamic/res_pjsip/{kind}/{name} HTTP/1.1\r\nHost: {self._host}\r\n"
                f"Authorization: Basic {self._authorization}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            writer.write(head.encode("ascii") + body)
            await writer.drain()
            answer: Any = await reader.read()
        finally:
            writer.close()
        status, _, rest = answer.partition(b"\r\n")
        words = status.split()
        if len(words) < 2 or not words[1].isdigit():
            raise EndpointRefused(f"{name}: the PBX's answer is no HTTP: {status[:60]!r}")
        return int(words[1]), rest.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")


def _user(seat: str) -> str:
    return seat_channel(seat).removeprefix("PJSIP/")
