"""The media desk: how far each photo has come, and what became of it.

Of a whole photo three files are kept beside each other: a copy to show, which is the pixels and nothing else, a
thumbnail of it, and the original exactly as sent, with whatever the camera wrote into it (place, owner, time). Of a
voice note there is no thumbnail, and the copy is the sound and nothing else.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.desk.errors import Refused
from schema.desk.scope import about
from schema.facts import MediaReceived
from schema.handsets import Handset, Media
from schema.ids import CaseId, ContactId
from schema.store import UnitOfWork

ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp",
    "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a",
}  # fmt: skip
SOUNDS = (".webm", ".ogg", ".m4a")


def shown_path(media: UUID, type: str) -> str:
    """`Media.path` of a whole photo, from the vault's folder: the copy to show, of the photo's own type.

    Evenly spread over folders, and the same after any crash.
    """
    return f"media/{media.hex[-2:]}/{media}.{ENDINGS[type]}"


def original_path(path: str) -> str:
    """Where the original lies, given `Media.path`. What the camera wrote into it may tell more than the picture."""
    return str(PurePosixPath(path).with_stem(PurePosixPath(path).stem + ".original"))


def thumb_path(path: str) -> str:
    """Where the thumbnail lies, given `Media.path`: image/jpeg, at most 320 × 320, no metadata."""
    return str(PurePosixPath(path).with_suffix(".thumb.jpg"))


def paths_of(path: str) -> set[str]:
    """Every file that is kept of a whole medium, given `Media.path`."""
    found = {path, original_path(path)}
    return found if path.endswith(SOUNDS) else found | {thumb_path(path)}


def find_media(session: Session, device: str, media: UUID) -> Media:
    """A photo of this device. Raises Refused: unknown-media (announce it in a report first)."""
    row = session.get(Media, media)
    if row is None or row.device != device:
        raise Refused("unknown-media", f"no report of this handset announced a photo {media}", "id")
    return row


def media_of(session: Session, report: UUID) -> list[Media]:
    """What a report announced, in the order of the ids."""
    return list(session.scalars(select(Media).where(Media.report == report).order_by(Media.id)))


def media_with(session: Session, ids: Sequence[UUID]) -> list[Media]:
    """These photos, in the order of the ids."""
    return list(session.scalars(select(Media).where(Media.id.in_(ids)).order_by(Media.id)))


def media_received(work: UnitOfWork, handset: Handset, media: UUID, *, received: int) -> Media:
    """Bytes up to `received` are on disk."""
    row = find_media(work.session, handset.device, media)
    if row.state == "due":
        row.received = received
    return row


def media_whole(work: UnitOfWork, handset: Handset, media: UUID, *, path: str) -> Media:
    """The photo is whole and proved; its copy to show lies at `path` of the vault."""
    row = find_media(work.session, handset.device, media)
    if row.state == "due":
        row.received, row.state, row.path, row.whole_at = row.size, "whole", path, work.now
        case = work.session.get(Case, row.case) if row.case else None
        work.emit(_received(row, work.now, case))
    return row


def media_refused(work: UnitOfWork, handset: Handset, media: UUID, *, reason: str) -> Media:
    """The photo is not what it was said to be; nothing of it is kept."""
    row = find_media(work.session, handset.device, media)
    if row.state == "due":
        row.state, row.reason, row.received = "refused", reason[:200], 0
    return row


def _received(row: Media, at: datetime, case: Case | None) -> MediaReceived:
    return MediaReceived(
        at=at,
        contact=ContactId(row.contact) if row.contact else None,
        media=row.id,
        report=row.report,
        case=CaseId(row.case) if row.case else None,
        sha256=row.sha256,
        size=row.size,
        **about(case),
    )
