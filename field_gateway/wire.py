"""The field protocol as structs: one for each topic up, every field bounded, decoded once at the edge.

See docs/field-protocol.md. JSON in UTF-8; times are RFC 3339 with a zone; ids are UUIDs; degrees are WGS-84. What
goes down is in `field_gateway.answers`, what travels beside a body in `field_gateway.sending`.
"""

import hashlib
import unicodedata
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from field_gateway.answers import MediaState as MediaState
from field_gateway.answers import MessageDown as MessageDown
from field_gateway.answers import Receipt as Receipt
from field_gateway.answers import TaskDown as TaskDown
from field_gateway.answers import encode as encode
from field_gateway.points import Point, Time, fault
from field_gateway.shortform import ShortReport, made_at, whole_id
from field_gateway.values import Boot, Category, Number, Place, Text
from field_gateway.values import Status as Status

CHUNK_MAX = 64 * 1024
"""Bytes of a media chunk that are taken; a handset on a slow network sends 12 KiB (4 s at 30 kbit/s)."""
MEDIA_MAX = 32 * 1024 * 1024
MESSAGE_MAX = 192 * 1024
"""Bytes of a message; 500 positions with their cells are less."""

Version = Literal[1]
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Device = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,39}\Z")]
MediaType = Literal["image/jpeg", "image/png", "image/webp", "audio/webm", "audio/ogg", "audio/mp4"]


class MediaDue(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo or voice note that will follow in chunks: its type, size in bytes, and SHA-256 in lower-case hex.

    `kind` thumb: a small picture of the photo `of`, sent before it.
    """

    id: UUID
    type: MediaType
    size: Annotated[int, Meta(ge=1, le=MEDIA_MAX)]
    sha256: Sha256
    kind: Literal["photo", "thumb", "voice"] = "photo"
    of: UUID | None = None


class Envelope(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every message up has. `seq` counts the device's messages; `mono` is ms of its monotonic clock since `boot`.

    `login`: the log-in on this device under which it was written (None: by the worker it is enrolled for).
    """

    v: Version
    id: UUID
    seq: Number
    boot: Boot = ""
    mono: Number | None = None
    login: Number | None = None


class ReportUp(Envelope, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a worker reports, with what follows it. On up/report.

    With `task` it answers that; with `case` it adds to one; else it files a new one, of the event category `category`.
    With `edits` it is a new version, made from version `base`, of the report of that id. `passed` answers a task to
    check: what was handled is done well, or not.
    """

    type: Literal["report"]
    made: Time
    text: Text
    task: UUID | None = None
    case: UUID | None = None
    contact: UUID | None = None
    title: Annotated[str, Meta(max_length=120)] = ""
    category: Category = ""
    place: Place | None = None
    media: Annotated[tuple[MediaDue, ...], Meta(max_length=24)] = ()
    edits: UUID | None = None
    base: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    passed: bool | None = None


class ClockUp(Envelope, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The worker clocks on or off. On up/clock."""

    type: Literal["clock"]
    made: Time
    on: bool
    status: Status | None = None


class TaskUp(Envelope, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The handset showed a task to the worker, or took away one that was recalled. On up/task."""

    type: Literal["task"]
    made: Time
    task: UUID
    what: Literal["shown", "gone"]
    status: Status | None = None


class MessageUp(Envelope, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A message was shown (`message`, `what`), or words to the dispatch desk (`text`, `to`). On up/message."""

    type: Literal["message"]
    made: Time
    message: UUID | None = None
    what: Literal["shown"] | None = None
    text: Text | None = None
    to: Literal["desk"] | None = None
    status: Status | None = None


class PositionUp(Envelope, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Positions since the last such message. On up/position."""

    type: Literal["position"]
    points: Annotated[tuple[Point, ...], Meta(min_length=1, max_length=500)]
    status: Status | None = None


class Chunk(Struct, frozen=True):
    """A piece of a photo, from up/media/{media id}: `offset` and `sha256` of the piece are user properties."""

    id: UUID
    offset: int
    data: bytes
    sha256: str


Up = ReportUp | ClockUp | TaskUp | MessageUp | PositionUp
SHAPES: dict[str, type[Up]] = {
    "report": ReportUp,
    "clock": ClockUp,
    "task": TaskUp,
    "message": MessageUp,
    "position": PositionUp,
}


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
_short = msgspec.json.Decoder(ShortReport)
_only_id = msgspec.json.Decoder(_OnlyId)
_status = msgspec.json.Decoder(Status)


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
    """The message of topic up/`what`. Raises BadMessage: not-json, too-long, bad-field (the reason names the field)."""
    if len(body) > MESSAGE_MAX:
        raise BadMessage("too-long", f"a message has at most {MESSAGE_MAX} bytes, not {len(body)}")
    try:
        if what == "report" and body[:1] == b"[":
            message: Up = _in_full(_short.decode(body))
        else:
            message = _decoders[what].decode(body)
    except msgspec.ValidationError as error:
        raise BadMessage("bad-field", str(error), readable_id(body)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage("not-json", str(error) or "nested too deep") from None
    match message:
        case ReportUp():
            _check_report(message)
        case MessageUp():
            _check_message(message)
        case PositionUp() if wrong := fault(message.points):
            raise BadMessage("bad-field", wrong, message.id)
    return message


def read_status(text: str) -> Status | None:
    """What a handset says of itself in the header of a request; None when it is nothing of the kind."""
    try:
        return _status.decode(text[:500])
    except (ValueError, RecursionError):
        return None


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


def in_words(message: Up, body: bytes) -> str:
    """What a message says with its fields named, to be kept where people look; as it came, unless that is short."""
    return (msgspec.json.encode(message) if body[:1] == b"[" else body).decode("utf-8", "replace")


def body_hash(topic: str, body: bytes) -> str:
    """What tells two messages with the same id apart: SHA-256 over topic and body, hex."""
    return hashlib.sha256(topic.encode() + b"\0" + body).hexdigest()


def _in_full(short: ShortReport) -> ReportUp:
    id, place = whole_id(short.id), short.place
    try:
        made = made_at(id)
    except ValueError as wrong:
        raise BadMessage("bad-field", f"{wrong} - at `$[1]`", id) from None
    return ReportUp(
        v=1, type="report", id=id, seq=short.seq, boot=short.boot, mono=short.mono, login=short.login, made=made,
        text=short.text, category=short.category or "", task=short.task, case=short.case,
        place=Place(place.lon, place.lat, place.accuracy, place.source or "gps", place.fixed_at) if place else None,
    )  # fmt: skip


def _check_report(message: ReportUp) -> None:
    ids = [one.id for one in message.media]
    if len(set(ids)) != len(ids):
        raise BadMessage("bad-field", "two media have the same id - at `$.media`", message.id)
    for number, one in enumerate(message.media):
        if (one.kind == "voice") != one.type.startswith("audio/"):
            raise BadMessage(
                "bad-field", f"{one.type} is no {one.kind} - at `$.media[{number}].kind`", message.id
            )
    if (message.edits is None) != (message.base is None):
        raise BadMessage(
            "bad-field", "an edit says what it edits and from which version - at `$.base`", message.id
        )
    if message.passed is not None and message.task is None:
        raise BadMessage("bad-field", "what passed or not is a task's - at `$.passed`", message.id)
    _check_text(message.title, "title", message.id)
    _check_text(message.text, "text", message.id, blank=False)


def _check_message(message: MessageUp) -> None:
    seen = message.message is not None and message.what is not None
    said = message.text is not None and message.to is not None
    half = sum(one is not None for one in (message.message, message.what, message.text, message.to))
    if seen == said or half != 2:
        reason = "either `message` and `what`, or `text` and `to` - at `$.what`"
        raise BadMessage("bad-field", reason, message.id)
    if message.text is not None:
        _check_text(message.text, "text", message.id, blank=False)


def _check_text(text: str, name: str, id: UUID, *, blank: bool = True) -> None:
    if not blank and not text.strip():
        raise BadMessage("bad-field", f"{name} is blank - at `$.{name}`", id)
    for character in text:
        if character not in "\n\r\t" and unicodedata.category(character) in ("Cc", "Cs"):
            reason = f"{name} holds the control character U+{ord(character):04X} - at `$.{name}`"
            raise BadMessage("bad-field", reason, id)


def readable_id(body: bytes) -> UUID | None:
    """The id of a message that is otherwise wrong, if there is one."""
    try:
        if body[:1] == b"[":
            return whole_id(msgspec.json.decode(body)[1])
        return _only_id.decode(body).id
    except (ValueError, TypeError, IndexError, RecursionError):
        return None
