"""The intake: a handset's message → rows and facts in one commit → the receipt. Knows no network.

The same message may come any number of times, after any crash: what was committed is answered again, and
nothing changes. Refusals are counted for each device and code, and logged once.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from field_gateway import fix, wire
from field_gateway.photos import NoPhoto
from field_gateway.shelf import Shelf
from field_gateway.wire import BadMessage, Chunk, ClockUp, MediaState, PositionUp, Receipt, ReportUp, TaskUp
from schema.desk import duty, field, inbox, media
from schema.desk.errors import Refused
from schema.desk.handsets import DEVICE, who_holds
from schema.handsets import Handset, Media
from schema.store import Store, UnitOfWork

PASSING = frozenset({"offset", "chunk-damaged"})
"""Refusals that belong to a photo being resumed: the handset goes on from `received`, nobody need count them."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """A receipt for a device."""

    device: str
    receipt: Receipt


class Intake:
    """Takes messages for one store and one shelf of photos."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf

    def take(self, topic: str, body: bytes, properties: list[tuple[str, str]]) -> Answer | None:
        """Take one message; None when nobody can be told (no such topic). Committed when it returns.

        Raises StoreUnreachable and OSError (disk): nothing was promised, try again later.
        """
        try:
            device, what, rest = wire.split_topic(topic)
        except BadMessage as bad:
            self._count(_device_of(topic), topic, bad.code, bad.reason)
            return None
        id: UUID | None = None
        try:
            if what == "media":
                chunk = wire.read_chunk(rest, body, properties)
                id = chunk.id
                return Answer(device, self._take_chunk(device, chunk))
            message = wire.read_up(what, body)
            id = message.id
            return Answer(device, self._take_message(device, topic, body, message))
        except BadMessage as bad:
            id, code, reason = bad.id, bad.code, bad.reason
        except Refused as refused:
            code, reason = refused.code, refused.text
        if code not in PASSING:
            self._count(device, topic, code, reason)
        received: tuple[MediaState, ...] | msgspec.UnsetType = msgspec.UNSET
        if what == "media" and id is not None:
            received = self._media_state(device, id)
        return Answer(device, Receipt(id=id, status="refused", code=code, reason=reason, media=received))

    def give_up(self, topic: str, body: bytes) -> Answer | None:
        """What is answered to a message that fails in a way nobody foresaw: the handset keeps its copy."""
        try:
            device, what, _ = wire.split_topic(topic)
        except BadMessage:
            return None
        reason = (
            "the server could not take this message; it was written down there, the handset keeps its copy"
        )
        self._count(device, topic, "failed", reason)
        id = wire.readable_id(body) if what != "media" else None
        return Answer(device, Receipt(id=id, status="refused", code="failed", reason=reason))

    # -- messages ------------------------------------------------------------------------------------------

    def _take_message(self, device: str, topic: str, body: bytes, message: wire.Up) -> Receipt:
        sha256 = wire.body_hash(topic, body)
        with self._store.work() as work:
            before = inbox.already(work, device, message.id)
            if before is not None and before.body_hash == sha256:
                return self._again(work, before.receipt)
            handset = who_holds(work, device)
            if before is not None:
                text = body.decode("utf-8", "replace")
                if inbox.keep_conflict(work, device=device, id=message.id, body_hash=sha256, body=text):
                    log.warning("a handset used an id twice", device=device, id=str(message.id), topic=topic)
                reason = "this id was used before with another content: the first one stands, this one awaits review"
                return Receipt(id=message.id, status="conflict", code="id-reused", reason=reason)
            receipt = self._carry_out(work, handset, topic, message)
            inbox.accept(
                work,
                device=device,
                id=message.id,
                body_hash=sha256,
                kind=topic.rpartition("/")[2],
                receipt=msgspec.to_builtins(receipt),
            )
        return receipt

    def _carry_out(self, work: UnitOfWork, handset: Handset, topic: str, message: wire.Up) -> Receipt:
        match message:
            case ReportUp():
                return self._report(work, handset, message)
            case ClockUp():
                duty.set_duty(work, handset, id=message.id, made=message.made, on=message.on)
            case TaskUp():
                field.task_shown(work, handset, message.task, message.made)
            case PositionUp():
                return self._positions(work, handset, topic, message)
        return Receipt(id=message.id, status="kept")

    def _report(self, work: UnitOfWork, handset: Handset, message: ReportUp) -> Receipt:
        place = message.place
        kept = field.take_report(
            work,
            handset,
            field.NewReport(
                id=message.id,
                kind=message.kind,
                text=message.text,
                made=message.made,
                task=message.task,
                case=message.case,
                contact=message.contact,
                lon=place.lon if place else None,
                lat=place.lat if place else None,
                accuracy=place.accuracy if place else None,
                flag="future" if fix.is_future(message.made, work.now) else "",
                media=[field.NewMedia(one.id, one.type, one.size, one.sha256) for one in message.media],
            ),
        )
        if kept.left:
            log.warning("a report came but moved no case", report=str(message.id), reason=kept.left)
        return Receipt(
            id=message.id,
            status="kept",
            case_no=kept.case_no or msgspec.UNSET,
            row_hash=kept.row_hash,
            reason=kept.left or msgspec.UNSET,
            media=tuple(MediaState(one.id, 0) for one in message.media),
        )

    def _positions(self, work: UnitOfWork, handset: Handset, topic: str, message: PositionUp) -> Receipt:
        last = duty.last_position(work.session, handset.device)
        flags = fix.flags(
            [fix.Fix(p.fixed_at, p.lon, p.lat, p.accuracy) for p in message.points],
            work.now,
            fix.Fix(last.fixed_at, last.lon, last.lat, last.accuracy) if last else None,
        )
        points = [
            duty.NewPosition(p.fixed_at, p.lon, p.lat, p.accuracy, p.source, flag)
            for p, flag in zip(message.points, flags, strict=True)
        ]
        off_duty = duty.keep_positions(work, handset, points)
        if not off_duty:
            return Receipt(id=message.id, status="kept")
        reason = f"{off_duty} of {len(points)} positions were made off duty and are not stored"
        if inbox.refuse(
            work, device=handset.device, topic=topic, code="off-duty", reason=reason, count=off_duty
        ):
            log.warning("positions off duty", device=handset.device, count=off_duty)
        is_all = off_duty == len(points)
        return Receipt(id=message.id, status="refused" if is_all else "kept", code="off-duty", reason=reason)

    def _again(self, work: UnitOfWork, stored: dict[str, Any]) -> Receipt:
        receipt = msgspec.convert(stored, Receipt)
        if receipt.media:
            receipt = msgspec.structs.replace(receipt, media=self._states(work.session, receipt))
        return receipt if receipt.status == "refused" else msgspec.structs.replace(receipt, status="again")

    @staticmethod
    def _states(session: Session, receipt: Receipt) -> tuple[MediaState, ...]:
        assert receipt.id is not None
        return tuple(MediaState(one.id, one.received) for one in media.media_of(session, receipt.id))

    # -- photos --------------------------------------------------------------------------------------------

    def _take_chunk(self, device: str, chunk: Chunk) -> Receipt:
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
        with self._store.work() as work:
            handset = who_holds(work, device)
            if reason:
                row = media.media_refused(work, handset, row.id, reason=reason)
                topic = f"gridline/{device}/up/media/{row.id}"
                if inbox.refuse(work, device=device, topic=topic, code="no-photo", reason=reason):
                    log.warning("a photo that is none", device=device, media=str(row.id), reason=reason)
            elif path:
                row = media.media_whole(work, handset, row.id, path=path)
            else:
                row = media.media_received(work, handset, row.id, received=end)
        if row.state == "refused":
            return _settled(row)
        return Receipt(id=row.id, status="kept", media=(MediaState(row.id, row.received),))

    def _have(self, row: Media) -> int:
        # After a restored backup the disk may know less than the row says; it never hurts to send again.
        return min(row.received, self._shelf.length(row.id))

    def _media_state(self, device: str, id: UUID) -> tuple[MediaState, ...] | msgspec.UnsetType:
        try:
            with self._store.read() as session:
                row = media.find_media(session, device, id)
        except Refused:
            return msgspec.UNSET
        return (MediaState(row.id, row.received if row.state != "due" else self._have(row)),)

    # -- refusals ------------------------------------------------------------------------------------------

    def _count(self, device: str, topic: str, code: str, reason: str) -> None:
        with self._store.work() as work:
            is_first = inbox.refuse(work, device=device, topic=topic, code=code, reason=reason)
        if is_first:
            log.warning(
                "refused a handset's message", device=device, topic=topic[:120], code=code, reason=reason
            )


def _settled(row: Media) -> Receipt:
    if row.state == "whole":
        return Receipt(id=row.id, status="again", media=(MediaState(row.id, row.size),))
    return Receipt(
        id=row.id, status="refused", code="no-photo", reason=row.reason, media=(MediaState(row.id, 0),)
    )


def _device_of(topic: str) -> str:
    words = topic.split("/")
    return words[1] if len(words) > 1 and DEVICE.fullmatch(words[1]) else "?"
