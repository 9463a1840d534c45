"""What goes down to handsets, as structs: receipts, tasks, messages. See docs/field-protocol.md."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType


class MediaState(Struct, frozen=True):
    """How many bytes of a photo or a voice note are kept: where the next chunk begins."""

    id: UUID
    received: int


class Receipt(Struct, frozen=True):
    """What became of the message (or, for a chunk, the photo) `id`; null when it could not be read.

    `kept`: committed (`code` late, unsaid: a check that moved nothing). `again`: it already was, nothing changed.
    `conflict`: the id was used with another body, or an edit was made from a version that is not the newest.
    `refused`: not taken; `code` for programs, `reason` for people. `later`: nothing kept, to be sent again after
    `retry_after` seconds.
    `version`: of an edited report, the one this is, or in a conflict the newest. `ids`: others of this device that are
    kept, when it asked.
    """

    id: UUID | None
    status: Literal["kept", "again", "conflict", "refused", "later"]
    v: int = 1
    code: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    case_no: str | UnsetType = UNSET
    row_hash: str | UnsetType = UNSET
    version: int | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET
    media: tuple[MediaState, ...] | UnsetType = UNSET
    ids: tuple[UUID, ...] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Answer:
    """A receipt for a device."""

    device: str
    receipt: Receipt


class TaskDown(Struct, frozen=True):
    """A task for the worker. `kind`: handle, verify, check. `cell` is a grid cell code; the degrees are where it is.

    `expires`: until when it is to be answered.
    """

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


class TaskRecalled(Struct, frozen=True):
    """A task that went down before is no longer the worker's: it is taken off the handset. On down/task."""

    task: UUID
    recalled: Literal[True] = True
    v: int = 1


class MessageDown(Struct, frozen=True):
    """Words for the worker, or an instruction to the handset. On down/message.

    `type`: text; wipe (forget everything, then answer it); blocked (you are let in no more). `from` is a name.
    """

    id: UUID
    type: Literal["text", "wipe", "blocked"]
    from_: str = msgspec.field(name="from")
    at: datetime
    title: str
    text: str
    v: int = 1
    expires: datetime | UnsetType = UNSET


Down = Receipt | TaskDown | TaskRecalled | MessageDown
_encoder = msgspec.json.Encoder()


def encode(message: Down) -> bytes:
    """The JSON of a message going down."""
    return _encoder.encode(message)
