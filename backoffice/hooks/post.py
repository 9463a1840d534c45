"""One POST to somebody else's server: to an address that was looked at, no redirects, bounded in time and size."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from backoffice.hooks.target import NotAllowed, Resolve, reachable, resolved
from schema.desk.webhooks import EXCERPT, Outcome

READ = 2_000
"""Bytes of an answer that are looked at; what follows is left unread."""


class Post:
    """Sends, each time on a connection of its own that lives `within` seconds in all."""

    def __init__(
        self, allowed: Collection[str], within: float, resolve: Resolve = resolved, tls: ssl.SSLContext | None = None
    ) -> None:  # fmt: skip
        self._allowed, self._within, self._resolve = allowed, within, resolve
        self._tls = tls or ssl.create_default_context()

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Send; whatever goes wrong is an outcome."""
        began = time.monotonic()
        status, text, reason, after = None, "", "", None
        try:
            status, text, after = self._send(url, body, headers)
        except NotAllowed as no:
            reason = str(no)
        except TimeoutError:
            reason = f"no answer within {self._within:g} s"
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() - began >= self._within
            reason = f"no answer within {self._within:g} s" if late else f"{type(error).__name__}: {error}"
        if status is not None and 300 <= status < 400:
            reason = "redirects are not followed"
        return Outcome(status, round((time.monotonic() - began) * 1000), text, reason, after)

    def _send(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, float | None]:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = reachable(host, port, self._allowed, self._resolve)
        raw = socket.create_connection((address, port), self._within)
        # A server that sends a byte now and then would otherwise keep us for ever.
        end = threading.Timer(self._within, _cut, [raw])
        end.daemon = True
        end.start()
        try:
            sock = self._tls.wrap_socket(raw, server_hostname=host) if parts.scheme == "https" else raw
            with sock:
                wire = http.client.HTTPConnection(host, port)
                wire.sock = sock
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                wire.request("POST", path, body, dict(headers))
                answer = wire.getresponse()
                text = answer.read(READ).decode("utf-8", "replace")
                return answer.status, _readable(text), _seconds(answer.getheader("Retry-After"))
        finally:
            end.cancel()
            raw.close()


def _cut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is closed already


def _readable(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)[:EXCERPT].strip()


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() and len(header) < 8 else None
