"""The short form of a report: an array instead of named fields, for few bytes on a thin line.

``[2, id, seq, boot, mono, login, text, [lon, lat, accuracy, source, fixed_at], category, task, case]``: null is for
what is not there, left out at the end. `id` is the 16 bytes of a UUID of version 7 (RFC 9562) in base64url, and says
when it was made.
"""

import base64
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from field_gateway.points import Lat, Lon, Metres, Time
from field_gateway.values import Boot, Category, Number, Source, Text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ShortPlace(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where, as an array; five or six decimals of a degree are enough. `source` None: gps."""

    lon: Lon
    lat: Lat
    accuracy: Metres | None = None
    source: Source | None = None
    fixed_at: Time | None = None


class ShortReport(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A report without photos, as an array. On up/report."""

    v: Literal[2]
    id: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{21}[AQgw]\Z")]
    seq: Number
    boot: Boot
    mono: Number | None
    login: Number | None
    text: Text
    place: ShortPlace | None = None
    category: Category | None = None
    task: UUID | None = None
    case: UUID | None = None


def whole_id(short: str) -> UUID:
    """The id that 22 characters of base64url stand for. Raises ValueError for those that stand for none."""
    raw = base64.b64decode(short + "==", altchars=b"-_", validate=True)
    if len(raw) != 16:
        raise ValueError(f"{short!r} is no id")
    return UUID(bytes=raw)


def short_id(id: UUID) -> str:
    """An id in 22 characters."""
    return base64.urlsafe_b64encode(id.bytes).decode().rstrip("=")


def made_at(id: UUID) -> datetime:
    """When an id was made, UTC. Raises ValueError when it does not say so."""
    if id.version != 7:
        raise ValueError("an id in short is a UUID of version 7, which says when it was made")
    try:
        return EPOCH + timedelta(milliseconds=id.int >> 80)
    except OverflowError:
        raise ValueError("the id was made after the end of all times") from None
