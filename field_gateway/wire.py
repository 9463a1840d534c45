"""The field protocol as structs: one for each topic, every field bounded, decoded once at the edge.

See docs/field-protocol.md. JSON in UTF-8; times are RFC 3339 with a zone; ids are UUIDs; degrees are WGS-84.
"""

import hashlib
import unicodedata
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

CHUNK_MAX = 64 * 1024
"""Bytes of a media chunk that are taken; a handset on a slow network sends 12 KiB (4 s at 30 kbit/s)."""
MEDIA_MAX = 32 * 1024 * 1024

Version = Literal[1]
Time = Annotated[datetime, Meta(tz=True)]
Number = Annotated[int, Meta(ge=0, le=2**53)]
Lon = Annotated[float, Meta(ge=-180, le=180)]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Metres = Annotated[float, Meta(ge=0, le=1_000_000)]
Source = Literal["gps", "cell", "finger"]
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Device = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,39}\Z")]
MediaType = Literal["image/jpeg", "image/png", "image/webp"]


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Where: by satellite, by radio cell, or by a finger on the map."""

    lon: Lon
    lat: Lat
    accuracy: Metres | None = None
    source: Source = "gps"
    fixed_at: Time | None = None


class MediaDue(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo that will follow in chunks: its type, size in bytes, and SHA-256 in lower-case hex."""

    id: UUID
    type: MediaType
    size: Annotated[int, Meta(ge=1, le=MEDIA_MAX)]
    sha256: Sha256


class ReportUp(Struct, frozen=True, forbid_unknown_fields=True):
    """What a worker reports, with what follows it. On up/report."""

    v: Version
    id: UUID
    seq: Number
    made: Time
    kind: Literal["report"]
    text: Annotated[str, Meta(min_length=1, max_length=4000)]
    task: UUID | None = None
    case: UUID | None = None
    contact: UUID | None = None
    place: Place | None = None
    media: Annotated[tuple[MediaDue, ...], Meta(max_length=12)] = ()


class ClockUp(Struct, frozen=True, forbid_unknown_fields=True):
    """The worker clocks on or off. On up/clock."""

    v: Version
    id: UUID
    seq: Number
    made: Time
    on: bool


class TaskUp(Struct, frozen=True, forbid_unknown_fields=True):
    """The handset showed a task to the worker. On up/task."""

    v: Version
    id: UUID
    seq: Number
    made: Time
    task: UUID
    what: Literal["shown"]


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """One position fix."""

    fixed_at: Time
    lon: Lon
    lat: Lat
    accuracy: Metres | None = None
    source: Literal["gps", "cell"] = "gps"


class PositionUp(Struct, frozen=True, forbid_unknown_fields=True):
    """Positions since the last such message. On up/position."""

    v: Version
    id: UUID
    seq: Number
    points: Annotated[tuple[Point, ...], Meta(min_length=1, max_length=500)]


class Chunk(Struct, frozen=True):
    """A piece of a photo, from up/media/{media id}: `offset` and `sha256` of the piece are user properties."""

    id: UUID
    offset: int
    data: bytes
    sha256: str


Up = ReportUp | ClockUp | TaskUp | PositionUp
SHAPES: dict[str, type[Up]] = {"report": ReportUp, "clock": ClockUp, "task": TaskUp, "position": PositionUp}


class MediaState(Struct, frozen=True):
    """How many bytes of a photo are kept: where the next chunk begins."""

    id: UUID
    received: int


class Receipt(Struct, frozen=True):
    """What became of the message (or, for a chunk, the photo) `id`; null when it could not be read.

    `kept`: committed. `again`: it already was, nothing changed. `conflict`: the id was used with another body.
    `refused`: not taken; `code` for programs, `reason` for people.
    """

    id: UUID | None
    status: Literal["kept", "again", "conflict", "refused"]
    v: int = 1
    code: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    case_no: str | UnsetType = UNSET
    row_hash: str | UnsetType = UNSET
    media: tuple[MediaState, ...] | UnsetType = UNSET


class TaskDown(Struct, frozen=True):
    """A task for the worker. `cell` is a grid cell code; the degrees are where the problem is."""

    task: UUID
    case: UUID
    case_no: str
    contact: UUID
    kind: str
    title: str
    text: str
    address: str
    cell: str
    note: str
    made: datetime
    v: int = 1
    lon: float | UnsetType = UNSET
    lat: float | UnsetType = UNSET
    expires: datetime | UnsetType = UNSET


class BadMessage(Exception):
    """A message is not as the protocol says. `code` for programs, `reason` for people; `id` if it could be read."""

    def __init__(self, code: str, reason: str, id: UUID | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason[:300]
        self.id = id


class _OnlyId(Struct):
    id: UUID


_decoders = {name: msgspec.json.Decoder(shape) for name, shape in SHAPES.items()}
_only_id = msgspec.json.Decoder(_OnlyId)
_encoder = msgspec.json.Encoder()


def split_topic(topic: str) -> tuple[str, str, str]:
    """A topic as (device, what, rest): rest is the media id for "media", else empty. Raises BadMessage."""
    words = topic.split("/")
    try:
        if len(words) < 4 or words[0] != "gridline" or words[2] != "up":
            raise ValueError
        device = msgspec.convert(words[1], Device)
    except ValueError:
        raise BadMessage("bad-topic", f"there is no topic {topic[:100]!r}") from None
    if (len(words) == 4 and words[3] in SHAPES) or (len(words) == 5 and words[3] == "media"):
        return device, words[3], words[4] if len(words) == 5 else ""
    raise BadMessage("bad-topic", f"there is no topic {topic[:100]!r}")


def read_up(what: str, body: bytes) -> Up:
    """The message of topic up/`what`. Raises BadMessage: not-json or bad-field (the reason names the field)."""
    try:
        message = _decoders[what].decode(body)
    except msgspec.ValidationError as error:
        raise BadMessage("bad-field", str(error), readable_id(body)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage("not-json", str(error) or "nested too deep") from None
    if isinstance(message, ReportUp):
        _check_report(message)
    return message


def read_chunk(media: str, body: bytes, properties: list[tuple[str, str]]) -> Chunk:
    """A chunk of the photo `media`. Raises BadMessage: bad-field, too-long, chunk-damaged."""
    try:
        id = msgspec.convert(media, UUID, strict=False)
    except msgspec.ValidationError:
        raise BadMessage("bad-field", f"{media[:60]!r} in the topic is no media id") from None
    given = dict(properties)
    offset, sha256 = given.get("offset", ""), given.get("sha256", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) <= 12):
        raise BadMessage("bad-field", "user property offset is not a count of bytes", id)
    if len(body) > CHUNK_MAX:
        raise BadMessage("too-long", f"a chunk has at most {CHUNK_MAX} bytes, not {len(body)}", id)
    if not body:
        raise BadMessage("bad-field", "the chunk is empty", id)
    if hashlib.sha256(body).hexdigest() != sha256:
        raise BadMessage("chunk-damaged", "user property sha256 is not that of the chunk", id)
    return Chunk(id, int(offset), body, sha256)


def encode(message: Receipt | TaskDown) -> bytes:
    """The JSON of a message going down."""
    return _encoder.encode(message)


def body_hash(topic: str, body: bytes) -> str:
    """What tells two messages with the same id apart: SHA-256 over topic and body, hex."""
    return hashlib.sha256(topic.encode() + b"\0" + body).hexdigest()


def _check_report(message: ReportUp) -> None:
    ids = [one.id for one in message.media]
    if len(set(ids)) != len(ids):
        raise BadMessage("bad-field", "two media have the same id - at `$.media`", message.id)
    if not message.text.strip():
        raise BadMessage("bad-field", "text is blank - at `$.text`", message.id)
    for character in message.text:
        if character not in "\n\r\t" and unicodedata.category(character) in ("Cc", "Cs"):
            raise BadMessage(
                "bad-field",
                f"text holds the control character U+{ord(character):04X} - at `$.text`",
                message.id,
            )


def readable_id(body: bytes) -> UUID | None:
    """The id of a message that is otherwise wrong, if there is one."""
    try:
        return _only_id.decode(body).id
    except (ValueError, RecursionError):
        return None
