"""Seats at the PBX: endpoints that come and go at run time, pushed in over ARI, with no reload.

A seat is three objects of the PBX's own store, auth (the seat's digest), aor and endpoint, all named ``seat101``.
The HTTP client is the standard library's, in a worker thread: a seat opens a few times a day, `http.client` reads
HTTP right, every wait is bounded by the socket's timeout, and the reactor is never held up.
"""

import asyncio
import base64
import http.client
import json
import re
import threading
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from conf.settings import Pbx
from cti.speaks import seat_channel

REALM = "gridline"
CODECS = "!all,alaw,ulaw,opus"
TIMEOUT = 3.0
SILENCE = Pbx().silence
POLL = 0.01
MOST_BYTES = 1_000_000
"""Of one answer; the list of a thousand seats is 80 kB."""
_SEAT = re.compile(r"seat([0-9]{2,8})")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_OBJECTS = "/ari/asterisk/config/dynamic/res_pjsip"


class PbxAway(OSError):
    """The PBX does not answer on ARI, or not in time."""


class EndpointRefused(Exception):
    """The PBX did not take or give an endpoint; the text says which and why."""


@dataclass(frozen=True, slots=True)
class SeatAtPbx:
    """A seat the PBX knows. `online`: a softphone is registered. `channels` are uniqueids of its live legs."""

    seat: str
    online: bool
    channels: tuple[str, ...]


class Endpoints:
    """The seats of one PBX. `timeout` is seconds for each of the few requests that an operation takes, `silence` after
    how many of a browser's line is broken (see `Pbx`)."""

    def __init__(
        self, host: str, port: int, secret: str, user: str = "gridline", *, timeout: float = TIMEOUT,
        silence: int = SILENCE,
    ) -> None:  # fmt: skip
        self._host = host
        self._port = port
        self._authorization = "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()
        self._timeout, self._silence = timeout, silence
        self._one_at_a_time = threading.Lock()
        self._there: set[str] = set()  # seats that were seen there, and not taken away by us since

    @classmethod
    def of(cls, pbx: Pbx) -> "Endpoints":
        """The seats of the PBX that these settings describe (ARI is on the loopback alone)."""
        return cls("127.0.0.1", pbx.http_port, pbx.ari_secret, silence=pbx.silence)

    async def open(self, seat: str, digest: str, name: str, *, webrtc: bool = True) -> None:
        """Make the seat's endpoint with this SIP HA1 (MD5 of ``seat<seat>:gridline:<secret>``, lower hex).

        Whatever was registered or talking under an earlier digest is ended first. `webrtc` False makes a seat for
        an ordinary SIP telephone. Raises cti.speaks.Unspeakable for a bad seat, EndpointRefused, PbxAway.
        """
        seat_channel(seat)
        if not _DIGEST.fullmatch(digest):
            raise EndpointRefused(f"seat{seat}: the digest is not 32 lower hexadecimal digits")
        objects = seat_objects(seat, digest, name, silence=self._silence, webrtc=webrtc)
        await asyncio.to_thread(self._open, seat, objects)

    async def close(self, seat: str) -> None:
        """Take the seat away: its calls end, its softphone is unregistered, its secret is worth nothing.

        A seat that is not there is no error. Raises cti.speaks.Unspeakable, EndpointRefused, PbxAway.
        """
        seat_channel(seat)
        await asyncio.to_thread(self._close, seat)

    async def list(self) -> tuple[SeatAtPbx, ...]:
        """The seats the PBX knows now, by number. Raises EndpointRefused, PbxAway."""
        return await asyncio.to_thread(self._list)

    async def exists(self, seat: str) -> bool:
        """Whether the PBX has the seat's endpoint. Raises like `list`."""
        seat_channel(seat)
        return (
            await asyncio.to_thread(self._ask, "GET", f"{_OBJECTS}/endpoint/seat{seat}", missing_ok=True)
            is not None
        )

    def _open(self, seat: str, objects: Mapping[str, Mapping[str, str]]) -> None:
        # An endpoint that is there is changed, never made anew: of one that goes, Asterisk clears things away a moment
        # later, and if the next one is there by then, it is cleared away with it. The auth comes first: from here on
        # the earlier digest is worth nothing.
        with self._one_at_a_time:
            known = self._known(seat)
            for kind, values in objects.items():
                if kind == "aor" and known.get("state") == "online":
                    self._unregister(seat)
                fields = [{"attribute": name, "value": value} for name, value in values.items()]
                self._ask("PUT", f"{_OBJECTS}/{kind}/seat{seat}", {"fields": fields})
            self._hang_up(known)

    def _close(self, seat: str) -> None:
        with self._one_at_a_time:
            self._there.discard(seat)
            # The endpoint first: from here on nobody can call or register; then what still hangs on to it.
            known = self._known(seat)
            for kind in ("endpoint", "auth", "aor"):
                self._ask("DELETE", f"{_OBJECTS}/{kind}/seat{seat}", missing_ok=True)
            self._hang_up(known)

    def _unregister(self, seat: str) -> None:
        """Drop the AOR, and wait until what was registered with it is gone: else the next one's would go too."""
        self._ask("DELETE", f"{_OBJECTS}/aor/seat{seat}", missing_ok=True)
        end = time.monotonic() + self._timeout
        while self._known(seat).get("state") == "online" and time.monotonic() < end:
            time.sleep(POLL)

    def _hang_up(self, known: Mapping[str, Any]) -> None:
        for channel in known.get("channel_ids", ()):
            self._ask("DELETE", f"/ari/channels/{quote(str(channel), safe='')}", missing_ok=True)

    def _list(self) -> tuple[SeatAtPbx, ...]:
        found = []
        with closing(self._link()) as link:
            for endpoint in self._ask("GET", "/ari/endpoints/PJSIP", missing_ok=True, link=link) or ():
                if match := _SEAT.fullmatch(str(endpoint.get("resource", ""))):
                    # Asterisk remembers an endpoint's name for good, and even tells that one is online when it was
                    # taken away in a call; whether it is still there has to be asked, unless we know.
                    online = endpoint.get("state") == "online"
                    if not (online and match[1] in self._there) and not self._look(match[1], link):
                        continue
                    legs = tuple(str(channel) for channel in endpoint.get("channel_ids", ()))
                    found.append(SeatAtPbx(match[1], online, legs))
        return tuple(sorted(found, key=lambda known: known.seat))

    def _look(self, seat: str, link: http.client.HTTPConnection) -> bool:
        with self._one_at_a_time:
            if self._ask("GET", f"{_OBJECTS}/endpoint/seat{seat}", missing_ok=True, link=link) is None:
                return False
            self._there.add(seat)
            return True

    def _known(self, seat: str) -> Mapping[str, Any]:
        found = self._ask("GET", f"/ari/endpoints/PJSIP/seat{seat}", missing_ok=True)
        return found if isinstance(found, dict) else {}

    def _link(self) -> http.client.HTTPConnection:
        """A connection; it is made with the first request, and again when the PBX has ended it meanwhile."""
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)

    def _ask(
        self, method: str, path: str, body: Any = None, *, missing_ok: bool = False,
        link: http.client.HTTPConnection | None = None,
    ) -> Any:  # fmt: skip
        """One request: on `link`, which stays open for more, or on a connection of its own."""
        headers = {"Authorization": self._authorization, "Connection": "keep-alive" if link else "close"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        own = link or self._link()
        try:
            own.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = own.getresponse()
            data = answer.read(MOST_BYTES)
        except (OSError, http.client.HTTPException) as error:
            own.close()
            raise PbxAway(f"the PBX does not answer on ARI: {error or type(error).__name__}") from error
        finally:
            if link is None:
                own.close()
        content: Any = None
        with suppress(ValueError):
            content = json.loads(data)
        if answer.status == 404 and missing_ok:
            return None
        if not 200 <= answer.status < 300:
            said = content.get("message", content.get("error", "")) if isinstance(content, dict) else ""
            raise EndpointRefused(
                f"{method} {path.partition('?')[0]}: {answer.status} {said or answer.reason}"
            )
        return content


def seat_objects(
    seat: str, digest: str, name: str, *, silence: int = SILENCE, webrtc: bool = True
) -> dict[str, dict[str, str]]:
    """What makes a seat, in the order to make it: auth, aor, endpoint; each a table of PJSIP settings."""
    user = f"seat{seat}"
    auth = {"auth_type": "md5", "username": user, "md5_cred": digest, "realm": REALM}
    aor = {
        "max_contacts": "1",
        "remove_existing": "yes",
        "minimum_expiration": "30",
        "default_expiration": "60",
        # A machine that vanished is missed within a minute. No OPTIONS beside it: Asterisk would call a softphone
        # unreachable until the first, which it sends up to an interval late.
        "maximum_expiration": "60",
        "qualify_frequency": "0",
    }
    endpoint = {
        "context": "from-seat",
        "auth": user,
        "aors": user,
        # What a request proves, never what its From claims.
        "identify_by": "auth_username",
        "callerid": f'"{shown(name) or seat}" <{seat}>',
        "allow": CODECS,
        "direct_media": "no",
        "allow_transfer": "no",
        "allow_subscribe": "no",
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "rewrite_contact": "yes",
        "device_state_busy_at": "1",
        # A telephone may send nothing while nobody speaks; half a minute of that ends its leg.
        "rtp_timeout": "30",
        "rtp_timeout_hold": "600",
        "dtmf_mode": "rfc4733",
    }
    if webrtc:
        # A browser sends all the time, muted too: one that falls silent is dead, or off the network.
        endpoint |= {"webrtc": "yes", "dtls_auto_generate_cert": "yes", "rtp_timeout": str(silence)}
    return {"auth": auth, "aor": aor, "endpoint": endpoint}


def shown(name: str) -> str:
    """A person's name as it may stand between quotes in a SIP header: no controls, quotes or brackets, ≤ 60 signs."""
    return "".join(c for c in name if c.isprintable() and c not in '"\\<>;,')[:60].strip()
