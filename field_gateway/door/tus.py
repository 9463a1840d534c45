"""Photos and voice notes over HTTP, by tus 1.0 (https://tus.io): creation, resuming, checksums.

The photo's report announces it first, with its size and its SHA-256; an upload only fills what was announced.
"""

import base64
import binascii
import hashlib
from typing import Any
from uuid import UUID

from twisted.internet.defer import Deferred, succeed
from twisted.python.failure import Failure
from twisted.web.server import NOT_DONE_YET

from field_gateway.door.answers import Problem, busy
from field_gateway.door.credentials import device_of
from field_gateway.door.natives import Native, Threads, answer, as_problem, header, peer, refuse
from field_gateway.door.room import Room
from field_gateway.door.uploads import Checksum, Opened, Upload
from field_gateway.wire import MEDIA_MAX
from schema.desk import media
from schema.desk.errors import Refused
from schema.handsets import Media as MediaRow

VERSION = "1.0.0"
PLACE = b"/field/v1/media"
MOST = 64
"""Uploads at once; each holds two pieces of memory at most."""
CHECKSUMS = {"sha1": 20, "sha256": 32}
_STATUS = {
    "later": 503,
    "offset": 409,
    "chunk-damaged": 460,
    "too-long": 413,
    "unknown-media": 404,
    "blocked": 403,
    "worker-out": 403,
    "unknown-device": 401,
}
TUS = {"Tus-Resumable": VERSION}
ABOUT = {
    **TUS,
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,checksum",
    "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
    "Tus-Max-Size": str(MEDIA_MAX),
}


class Media(Native):
    """OPTIONS and POST of /field/v1/media, HEAD and PATCH of what is below it."""

    def __init__(self, room: Room, threads: Threads) -> None:
        super().__init__()
        self.room, self.threads = room, threads
        self.uploads: dict[tuple[str, UUID | None], Upload] = {}
        self._open: set[Upload] = set()

    def render(self, request: Any) -> int:
        """As the method says, or the header that stands for it with clients that cannot say PATCH."""
        if meant := header(request, "X-HTTP-Method-Override"):
            request.method = meant.upper().encode("ascii", "replace")
        if (
            request.upload is None
            and request.method != b"OPTIONS"
            and header(request, "Tus-Resumable") != VERSION
        ):
            wrong = _wrong_version()
            answer(request, wrong.status, {**wrong.headers, **ABOUT}, wrong.body)
            return NOT_DONE_YET
        return super().render(request)

    def render_OPTIONS(self, request: Any) -> None:
        """What there is of tus."""
        answer(request, 204, ABOUT)

    def render_POST(self, request: Any) -> None:
        """Begin an upload that a report announced."""
        given = {
            name: header(request, name) for name in ("Authorization", "Upload-Length", "Upload-Metadata")
        }
        done = self.threads.do(self._create, given, peer(request))
        done.addCallback(lambda id: answer(request, 201, {**TUS, "Location": f"{PLACE.decode()}/{id}"}))
        done.addErrback(lambda failure: refuse(request, failure, TUS))

    def render_HEAD(self, request: Any) -> None:
        """How far an upload has come. Who asks has given up what is on its way, so that is ended first."""
        way = _Way(self, header(request, "Authorization"), peer(request), request.path)
        done = self.threads.do(way.enter)
        done.addCallback(
            lambda device: way.alone(device).addCallback(lambda _: self.threads.do(way.look, device))
        )
        done.addCallbacks(
            lambda found: answer(request, 200, {**TUS, **_lengths(found)}),
            lambda failure: refuse(request, failure, TUS),
        )

    def render_PATCH(self, request: Any) -> None:
        """The body is whole; the answer follows when all of it is taken."""
        if request.upload is not None:
            request.upload.end()
        else:
            refuse(request, Failure(Problem(404, "unknown-media", "there is no upload here")), TUS)

    def upload_for(self, request: Any, length: int | None) -> Upload | None:
        """What takes the body of a request, from its headers on; None when it is no upload."""
        channel = request.channel
        method = header(request, "X-HTTP-Method-Override").upper() or channel._command.decode(
            "ascii", "replace"
        )
        path = channel._path.partition(b"?")[0]
        if method != "PATCH" or not path.startswith(PLACE + b"/"):
            return None
        way = _Way(self, header(request, "Authorization"), peer(request), path)
        made = Upload(request, self.threads, way)
        made.done.addCallbacks(
            lambda offset: answer(request, 204, {**TUS, "Upload-Offset": str(offset)}),
            lambda failure: self._refused(request, made, failure),
        )
        try:
            made.checksum(_checksum(header(request, "Upload-Checksum")))
            way.begin(request, made, length)
        except Problem:
            made.give_up(Failure())
            return made
        self._open.add(made)
        made.done.addBoth(lambda _: self._forget(made))
        made.begin()
        return made

    def _refused(self, request: Any, upload: Upload, failure: Failure) -> None:
        if upload.ended:
            refuse(request, failure, TUS)
        else:  # the rest of the body is not waited for
            request.refuse(as_problem(failure), TUS)

    def _forget(self, upload: Upload) -> None:
        self._open.discard(upload)
        for key in [key for key, one in self.uploads.items() if one is upload]:
            del self.uploads[key]

    def is_full(self) -> bool:
        """Whether one more would be too many."""
        return len(self._open) >= MOST

    def _create(self, given: dict[str, str], ip: str) -> UUID:
        device = device_of(self.room, given["Authorization"], ip).device
        told = _metadata(given["Upload-Metadata"])
        id = _as_id(told.get("id", ""))
        if id is None:
            raise Problem(400, "bad-field", "Upload-Metadata has no id of a photo")
        if not given["Upload-Length"].isascii() or not given["Upload-Length"].isdigit():
            raise Problem(400, "bad-field", "Upload-Length is no count of bytes")
        if int(given["Upload-Length"]) > MEDIA_MAX:
            raise Problem(413, "too-long", f"a photo has at most {MEDIA_MAX} bytes")
        row = find(self.room, device, id)
        said = {"size": int(given["Upload-Length"]), "sha256": told.get("sha256"), "type": told.get("type")}
        if any(value not in (None, getattr(row, name)) for name, value in said.items()):
            raise Problem(409, "conflict", "its report announced another size, SHA-256 or type")
        if row.state == "refused":
            raise Problem(422, "no-photo", row.reason)
        return id


class _Way:
    """The way of one upload, or of a look at one."""

    def __init__(self, media: Media, authorization: str, ip: str, path: bytes) -> None:
        self._media, self._authorization, self._ip = media, authorization, ip
        self._id = _as_id(path.removeprefix(PLACE + b"/").decode("ascii", "replace"))
        self._upload: Upload | None = None
        self._from = 0
        self._length: int | None = None

    def begin(self, request: Any, upload: Upload, length: int | None) -> None:
        """Look at the headers of a PATCH. Raises Problem."""
        if header(request, "Tus-Resumable") != VERSION:
            raise _wrong_version()
        if header(request, "Content-Type") != "application/offset+octet-stream":
            raise Problem(415, "bad-field", "a PATCH has the type application/offset+octet-stream")
        begins = header(request, "Upload-Offset")
        if not (begins.isascii() and begins.isdigit() and len(begins) <= 12):
            raise Problem(400, "bad-field", "Upload-Offset is no count of bytes")
        if self._media.is_full():
            raise busy("too many photos are on their way; send it again later")
        self._upload, self._from, self._length = upload, int(begins), length

    def enter(self) -> str:
        """The device."""
        return device_of(self._media.room, self._authorization, self._ip).device

    def alone(self, device: str) -> "Deferred[None]":
        """End another upload of the same photo by this device; then this is the one."""
        key = (device, self._id)
        before = self._media.uploads.get(key)
        if self._upload is not None:
            self._media.uploads[key] = self._upload
        return before.stop() if before is not None else succeed(None)

    def look(self, device: str) -> Opened:
        """How far it has come."""
        if self._id is None:
            raise Problem(404, "unknown-media", "there is no upload here")
        row = find(self._media.room, device, self._id)
        if row.state == "refused":
            raise Problem(410, "no-photo", row.reason)
        have = row.size if row.state == "whole" else min(row.received, self._media.room.shelf.length(row.id))
        return Opened(device, have, row.size)

    def open(self, device: str) -> Opened:
        """How far it has come, if that is where the body begins."""
        found = self.look(device)
        if self._from != found.offset:
            raise Problem(409, "offset", f"the upload goes on at {found.offset}, not at {self._from}")
        if self._length is not None and self._from + self._length > found.size:
            raise Problem(413, "too-long", "the body goes beyond the end that was announced")
        return found

    def take(self, device: str, offset: int, data: bytes) -> int:
        """A piece, as a chunk that came by MQTT."""
        topic = f"gridline/{device}/up/media/{self._id}"
        beside = [("offset", str(offset)), ("sha256", hashlib.sha256(data).hexdigest())]
        taken = self._media.room.intake.take(topic, data, beside)
        if taken is None:
            raise Problem(404, "unknown-media", "there is no upload here")
        receipt = taken.receipt
        if receipt.status in ("kept", "again") and receipt.media:
            return receipt.media[0].received
        raise Problem(_STATUS.get(str(receipt.code), 422), str(receipt.code), str(receipt.reason))


def find(room: Room, device: str, id: UUID) -> MediaRow:
    """A photo that a report of this device announced. Raises Problem, StoreUnreachable."""
    try:
        with room.store.read() as session:
            return media.find_media(session, device, id)
    except Refused as refused:
        raise Problem(404, refused.code, refused.text) from None


def _lengths(found: Opened) -> dict[str, str]:
    return {"Upload-Offset": str(found.offset), "Upload-Length": str(found.size)}


def _wrong_version() -> Problem:
    return Problem(412, "bad-version", f"this is tus {VERSION}")


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _metadata(text: str) -> dict[str, str]:
    """Upload-Metadata: names, each with a value in base64. Raises Problem."""
    found = {}
    try:
        for one in text.split(",") if text.strip() else ():
            name, _, value = one.strip().partition(" ")
            found[name] = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Problem(400, "bad-field", "Upload-Metadata is not as tus has it") from None
    return found


def _checksum(text: str) -> Checksum | None:
    """Upload-Checksum: an algorithm and a digest in base64; None without. Raises Problem."""
    if not text:
        return None
    kind, _, value = text.strip().partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != CHECKSUMS.get(kind, -1):
        raise Problem(400, "bad-field", f"Upload-Checksum is none of {', '.join(CHECKSUMS)}")
    return Checksum(kind, digest)
