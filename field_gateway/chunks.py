"""Chunks: pieces of photos and voice notes → files on the shelf, rows, a receipt that says where the next begins."""

from uuid import UUID

import msgspec
import structlog

from field_gateway.answers import MediaState, Receipt
from field_gateway.photos import NoPhoto
from field_gateway.shelf import Shelf
from field_gateway.wire import Chunk
from schema.desk import inbox, media
from schema.desk.errors import Refused
from schema.desk.handsets import who_holds
from schema.handsets import Media
from schema.store import Store

PASSING = frozenset({"offset", "chunk-damaged"})
"""Refusals that belong to a photo being resumed: the handset goes on from `received`, nobody need count them."""

log = structlog.get_logger()


class Chunks:
    """Takes pieces for one store and one shelf."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf

    def take(self, device: str, chunk: Chunk) -> Receipt:
        """Take one piece; committed when it returns. Raises Refused, StoreUnreachable, OSError (disk)."""
        # Files are written and pictures decoded outside any transaction: SQLite has one writer at a time.
        with self._store.work() as work:
            who_holds(work, device)
            row = media.find_media(work.session, device, chunk.id)
        if row.state != "due":
            return _settled(row)
        path = reason = ""
        have, end = self._have(row), chunk.offset + len(chunk.data)
        if not self._shelf.is_finished(row.id, row.type):
            if end > row.size:
                raise Refused("too-long", f"the photo was announced with {row.size} bytes, not {end}")
            if chunk.offset != have:
                if end <= have:
                    return Receipt(id=row.id, status="again", media=(MediaState(row.id, have),))
                raise Refused("offset", f"the next chunk begins at {have}, not at {chunk.offset}")
            self._shelf.write(chunk.id, chunk.offset, chunk.data)
        else:
            end = row.size  # a crash came between the vault and the commit
        if end == row.size:
            try:
                path = self._shelf.finish(row.id, row.type, row.size, row.sha256)
            except NoPhoto as no_photo:
                reason = str(no_photo)
        return self._kept(device, row.id, end, path, reason)

    def state(self, device: str, id: UUID) -> tuple[MediaState, ...] | msgspec.UnsetType:
        """How far a photo of a device is; UNSET when there is none. Raises StoreUnreachable."""
        try:
            with self._store.read() as session:
                row = media.find_media(session, device, id)
        except Refused:
            return msgspec.UNSET
        return (MediaState(row.id, row.received if row.state != "due" else self._have(row)),)

    def _kept(self, device: str, id: UUID, end: int, path: str, reason: str) -> Receipt:
        with self._store.work() as work:
            handset = who_holds(work, device)
            if reason:
                row = media.media_refused(work, handset, id, reason=reason)
                topic = f"gridline/{device}/up/media/{id}"
                if inbox.refuse(work, device=device, topic=topic, code="no-photo", reason=reason):
                    log.warning("a photo that is none", device=device, media=str(id), reason=reason)
            elif path:
                row = media.media_whole(work, handset, id, path=path)
            else:
                row = media.media_received(work, handset, id, received=end)
        if row.state == "refused":
            return _settled(row)
        return Receipt(id=row.id, status="kept", media=(MediaState(row.id, row.received),))

    def _have(self, row: Media) -> int:
        # After a restored backup the disk may know less than the row says; it never hurts to send again.
        return min(row.received, self._shelf.length(row.id))


def _settled(row: Media) -> Receipt:
    if row.state == "whole":
        return Receipt(id=row.id, status="again", media=(MediaState(row.id, row.size),))
    return Receipt(
        id=row.id, status="refused", code="no-photo", reason=row.reason, media=(MediaState(row.id, 0),)
    )
