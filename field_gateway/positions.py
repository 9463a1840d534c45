"""The intake of positions: many messages → rows in one commit → their receipts. Knows no network.

As with other messages the same one may come any number of times: what was committed is answered again. One that is
wrong is answered by itself and spoils no other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import select

from conf.positions import Positions
from field_gateway import wire
from field_gateway.answers import Answer, Receipt
from field_gateway.newpoints import new_point, off_by
from field_gateway.sending import read_sending
from field_gateway.whose import check_signature, worker_of
from field_gateway.wire import BadMessage, PositionUp
from schema.desk import devicestatus, inbox, positions
from schema.desk.errors import Refused
from schema.desk.handsets import SEEN_EVERY, may_come_in, worker_out
from schema.desk.trackheads import lock_heads
from schema.handsets import Handset, InboxRow
from schema.people import User
from schema.rules.positionfilters import Limits
from schema.store import Store, UnitOfWork

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it came; `received` is when it reached the broker or us (None: now)."""

    topic: str
    body: bytes
    properties: list[tuple[str, str]]
    received: datetime | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A message that can be read; `newest` is the time of its newest position, by the handset's clock."""

    said: Said
    device: str
    message: PositionUp
    newest: datetime = field(init=False)

    def __post_init__(self) -> None:
        # Once: who has thousands waiting sorts by it at every turn.
        object.__setattr__(self, "newest", max(point.fixed_at for point in self.message.points))


class PositionIntake:
    """Takes positions for one store, in which they stay for `days`. `counts`: how many became what since the start."""

    def __init__(self, store: Store, settings: Positions, days: int) -> None:
        self._store = store
        self._days = days
        self._limits = limits_of(settings)
        self.counts: Counter[str] = Counter()

    def read(self, said: Said) -> Read | Answer:
        """A message read, or the answer to one that cannot be ("" for whom: nobody). Raises StoreUnreachable."""
        device = ""
        try:
            device, what, _ = wire.split_topic(said.topic)
            message = wire.read_up(what, said.body)
        except BadMessage as bad:
            return self.refuse(device, said.topic, bad.id, bad.code, bad.reason)
        assert isinstance(message, PositionUp)
        return Read(said, device, message)

    def take(self, said: Said) -> Answer:
        """Take one message. Committed when it returns. Raises StoreUnreachable."""
        read = self.read(said)
        return read if isinstance(read, Answer) else self.take_all([read])[0]

    def take_all(self, messages: Sequence[Read]) -> list[Answer]:
        """Take many messages in one commit; an answer for each, in their order. Raises StoreUnreachable."""
        return [answer for answer in self._take(messages, wait=True) if answer is not None]

    def take_free(self, messages: Sequence[Read]) -> list[Answer | None]:
        """As `take_all`, but None for those whose device's positions somebody else is taking at this moment."""
        return self._take(messages, wait=False)

    def _take(self, asked: Sequence[Read], *, wait: bool) -> list[Answer | None]:
        with self._store.work() as work:
            taking = _Taking(work, asked, wait=wait)
            messages = taking.messages
            receipts = [taking.look(read) for read in messages]
            outcomes = positions.keep_tracks(
                work, [track for _, track in taking.new], self._limits, self._days, taking.heads
            )
            for (place, track), outcome in zip(taking.new, outcomes, strict=True):
                receipts[place] = taking.kept(messages[place], outcome, len(track.points))
            taking.tell_others(receipts)
        # Of one that came twice in this batch the second has the first's answer.
        by_key = {
            (r.device, r.message.id): a for r, a in zip(messages, receipts, strict=True) if a is not None
        }
        for outcome in outcomes:
            self.counts.update(kept=outcome.kept, flagged=outcome.flagged, off_duty=outcome.off_duty,
                               too_old=outcome.too_old)  # fmt: skip
        for log_line in taking.first:
            log.warning("positions refused", **log_line)
        answers = iter(
            Answer(read.device, receipt or _again(by_key[read.device, read.message.id]))
            for read, receipt in zip(messages, receipts, strict=True)
        )
        return [None if read.device in taking.held else next(answers) for read in asked]

    def refuse(
        self, device: str, topic: str, id: UUID | None, code: str, reason: str, count: int = 1
    ) -> Answer:
        """Count a refusal. Raises StoreUnreachable."""
        with self._store.work() as work:
            inbox.refuse(work, device=device or "?", topic=topic, code=code, reason=reason, count=count)
        return Answer(device, Receipt(id=id, status="refused", code=code, reason=reason))

    def give_up(self, topic: str, body: bytes) -> Answer:
        """The answer to a message that fails in a way nobody foresaw: it is set aside. Raises StoreUnreachable."""
        device = wire.split_topic(topic)[0]
        reason = (
            "the server could not take this message; it was written down there, the handset keeps its copy"
        )
        id = wire.readable_id(body)
        with self._store.work() as work:
            inbox.set_aside(
                work, device=device, topic=topic, id=id, body_hash=wire.body_hash(topic, body), body=body,
                reason=reason,
            )  # fmt: skip
        return self.refuse(device, topic, id, "failed", reason)

    def note_shed(self, shed: Mapping[str, int]) -> None:
        """Write down how many positions of each device were sent away under pressure. Raises StoreUnreachable."""
        reason = "positions were sent away under pressure, to be sent again later"
        with self._store.work() as work:
            for device, count in shed.items():
                topic = f"gridline/{device}/up/position"
                inbox.refuse(work, device=device, topic=topic, code="later", reason=reason, count=count)


class _Taking:
    """One commit's worth of messages: what is known of their devices and of the messages themselves.

    `held`: devices that somebody else has locked, without whom `messages` are.
    """

    def __init__(self, work: UnitOfWork, messages: Sequence[Read], *, wait: bool) -> None:
        self.new: list[tuple[int, positions.NewTrack]] = []
        self.first: list[dict[str, str]] = []
        self._work = work
        session = work.session
        devices = sorted({read.device for read in messages})
        found = select(Handset, User).join(User, User.id == Handset.worker).where(Handset.device.in_(devices))
        self._handsets, self._out = {}, set[str]()
        for handset, user in session.execute(found):
            self._handsets[handset.device] = handset
            if not may_come_in(user):
                self._out.add(handset.device)
        # Locked before the ledger is read: a message that comes twice at once is seen by the second.
        self.heads = lock_heads(session, self._handsets, wait=wait)
        self.held = self._handsets.keys() - self.heads.keys()
        self.messages = [read for read in messages if read.device not in self.held]
        self._ledger = inbox.known(session, {(read.device, read.message.id) for read in self.messages})
        self._hashes: dict[inbox.Key, str] = {}
        self._workers: dict[tuple[str, int | None], UUID] = {}
        self._place = -1

    def look(self, read: Read) -> Receipt | None:
        """The receipt of a message that brings nothing new; None for one that is noted, or is there already."""
        self._place += 1
        message, key = read.message, (read.device, read.message.id)
        sha256 = wire.body_hash(read.said.topic, read.said.body)
        known = self._ledger.get(key)
        if known is not None and known[0] == sha256:
            return _again(msgspec.convert(known[1], Receipt))
        if self._hashes.get(key) == sha256:
            return None
        try:
            return self._new(read, key, sha256, is_known=known is not None or key in self._hashes)
        except Refused as refused:
            self._refuse(read, refused.code, refused.text)
            return Receipt(id=message.id, status="refused", code=refused.code, reason=refused.text)

    def _new(self, read: Read, key: inbox.Key, sha256: str, *, is_known: bool) -> Receipt | None:
        message, now = read.message, self._work.now
        handset = self._handsets.get(read.device)
        if handset is None:
            raise Refused("unknown-device", f"there is no handset {read.device}")
        if handset.blocked:
            raise Refused("blocked", f"the handset {read.device} is blocked")
        sending = read_sending(read.said.properties)
        check_signature(handset, read.said.topic, read.said.body, sending.signature)
        if read.device in self._out:
            raise Refused("worker-out", worker_out(read.device))
        if is_known:
            text = read.said.body.decode("utf-8", "replace")
            inbox.keep_conflict(self._work, device=read.device, id=message.id, body_hash=sha256, body=text)
            reason = (
                "this id was used before with another content: the first one stands, this one awaits review"
            )
            return Receipt(id=message.id, status="conflict", code="id-reused", reason=reason)
        whose = (read.device, message.login)
        if whose not in self._workers:
            self._workers[whose] = worker_of(self._work.session, handset, message.login)
        if handset.seen_at is None or now - handset.seen_at > SEEN_EVERY:
            handset.seen_at = now
        if (status := message.status) is not None:
            devicestatus.note(
                self._work, handset, battery=status.battery, charging=status.charging, version=status.version,
                backlog=status.backlog, free_mb=status.free_mb,
            )  # fmt: skip
        self._hashes[key] = sha256
        off = off_by(sending, read.newest, read.said.received or now)
        points = [new_point(point, off) for point in message.points]
        self.new.append((self._place, positions.NewTrack(read.device, self._workers[whose], points)))
        return None

    def kept(self, read: Read, outcome: positions.Outcome, count: int) -> Receipt:
        """The receipt of a message whose positions were kept, as far as they could be; written to the ledger."""
        message, code, reason = read.message, "", ""
        if outcome.off_duty:
            code = "off-duty"
            reason = f"{outcome.off_duty} of {count} positions were made off duty and are not stored"
            self._refuse(read, code, reason, outcome.off_duty)
        if outcome.too_old:
            reason = f"{outcome.too_old} of {count} positions are older than positions are kept"
            self._refuse(read, "too-old", reason, outcome.too_old)
            code = code or "too-old"
        receipt = Receipt(
            id=message.id,
            status="refused" if outcome.off_duty + outcome.too_old == count else "kept",
            code=code or msgspec.UNSET,
            reason=reason or msgspec.UNSET,
        )
        self._work.session.write(
            InboxRow,
            device=read.device,
            id=message.id,
            body_hash=self._hashes[read.device, message.id],
            kind="position",
            seq=message.seq,
            receipt=msgspec.to_builtins(receipt),
            at=self._work.now,
        )
        return receipt

    def tell_others(self, receipts: list[Receipt | None]) -> None:
        """Add to the receipts of who has lost some and asks, what else of theirs is kept."""
        for place, read in enumerate(self.messages):
            low, receipt = read_sending(read.said.properties).low, receipts[place]
            if low is not None and receipt is not None and receipt.id is not None:
                self._work.session.flush()
                ids = inbox.kept_from(self._work.session, read.device, low, receipt.id)
                receipts[place] = msgspec.structs.replace(receipt, ids=ids or msgspec.UNSET)

    def _refuse(self, read: Read, code: str, reason: str, count: int = 1) -> None:
        is_first = inbox.refuse(
            self._work, device=read.device, topic=read.said.topic, code=code, reason=reason, count=count
        )
        if is_first:
            self._work.session.flush()  # the next of this device and code must see it
            self.first.append({"device": read.device, "code": code, "reason": reason})


def limits_of(settings: Positions) -> Limits:
    """The limits of the filters as a site sets them."""
    return Limits(**{one.name: getattr(settings, one.name) for one in fields(Limits)})


def _again(receipt: Receipt) -> Receipt:
    return receipt if receipt.status != "kept" else msgspec.structs.replace(receipt, status="again")
