"""Messages of several handsets in one commit: what has to be looked up for each is looked up for all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import select

from field_gateway import wire
from field_gateway.answers import MediaState, Receipt
from field_gateway.carrying import Said as Up
from field_gateway.carrying import carry_out, reported
from field_gateway.recent import Recent
from field_gateway.sending import Sending
from field_gateway.whose import check_signature, logins_of, worker_of
from schema.desk import inbox, media
from schema.desk.handsets import Speaker, check_worker, who_speaks
from schema.desk.reportlookup import LookedUp, look_up
from schema.people import User
from schema.store import UnitOfWork

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that can be read. `received`: when it reached us or the broker (None: now)."""

    device: str
    topic: str
    body: bytes
    message: Up
    sending: Sending
    received: datetime | None = None
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", wire.body_hash(self.topic, self.body))

    @property
    def key(self) -> inbox.Key:
        """What the ledger knows it by."""
        return self.device, self.message.id

    def answered(self, recent: Recent) -> Receipt | None:
        """How it was answered a moment ago; None also when it asks what else is kept."""
        return recent.find(self.key, self.sha256) if self.sending.low is None else None


class Together:
    """The messages of one unit of work, each of another handset; made, it holds the locks of all these handsets.

    Raises Refused for the first that cannot be taken: nothing of the unit of work may then be committed.
    """

    def __init__(self, work: UnitOfWork, heard: Sequence[Heard]) -> None:
        self._work, self._heard = work, heard
        session = work.session
        self._handsets = inbox.alone(work, [one.device for one in heard])
        self._ledger = inbox.known(session, [one.key for one in heard])
        new = [one for one in heard if not self._is_again(one)]
        self._logins = logins_of(session, [(one.device, one.message.login) for one in new])
        workers = {self._handsets[one.device].worker for one in new if one.device in self._handsets}
        workers |= {login.worker for login in self._logins}
        self._users = session.scalars(select(User).where(User.id.in_(workers))).all()  # held: asked for once
        self._speakers = {one.device: self._speaker(one) for one in new}
        reports = [
            (self._speakers[one.device].worker, report) for one in new if (report := reported(one.message))
        ]
        self._looked_up: LookedUp = look_up(session, reports)

    def take(self) -> list[Receipt]:
        """The receipts of all, in their order. Raises Refused."""
        return [self._with_others(one, self._receipt(one)) for one in self._heard]

    def _is_again(self, one: Heard) -> bool:
        known = self._ledger.get(one.key)
        return known is not None and known[0] == one.sha256

    def _speaker(self, one: Heard) -> Speaker:
        session = self._work.session
        handset = who_speaks(self._work, one.device, self._handsets.get(one.device))
        check_signature(handset, one.topic, one.body, one.sending.signature)
        check_worker(session, one.device, handset.worker)
        if one.key in self._ledger:
            return Speaker(one.device, handset.worker)  # set beside the first one, whoever wrote it
        worker = worker_of(session, handset, one.message.login)
        check_worker(session, one.device, worker)
        return Speaker(one.device, worker)

    def _receipt(self, one: Heard) -> Receipt:
        if self._is_again(one):
            return self._again(self._ledger[one.key][1])
        work, message = self._work, one.message
        if one.key in self._ledger:
            text = wire.in_words(message, one.body)
            if inbox.keep_conflict(work, device=one.device, id=message.id, body_hash=one.sha256, body=text):
                log.warning(
                    "a handset used an id twice", device=one.device, id=str(message.id), topic=one.topic
                )
            reason = (
                "this id was used before with another content: the first one stands, this one awaits review"
            )
            return Receipt(id=message.id, status="conflict", code="id-reused", reason=reason)
        receipt = carry_out(
            work, self._handsets[one.device], self._speakers[one.device], message, one.sending,
            one.received or work.now, self._looked_up,
        )  # fmt: skip
        inbox.accept(
            work,
            device=one.device,
            id=message.id,
            body_hash=one.sha256,
            kind="edit" if isinstance(message, wire.ReportUp) and message.edits else message.type,
            seq=message.seq,
            receipt=msgspec.to_builtins(receipt),
        )
        return receipt

    def _with_others(self, one: Heard, receipt: Receipt) -> Receipt:
        """The receipt, with what else is kept of a handset that has lost receipts and asks."""
        if one.sending.low is None or receipt.id is None:
            return receipt
        ids = inbox.kept_from(self._work.session, one.device, one.sending.low, receipt.id)
        return msgspec.structs.replace(receipt, ids=ids) if ids else receipt

    def _again(self, stored: Mapping[str, Any]) -> Receipt:
        receipt = msgspec.convert(stored, Receipt)
        if receipt.media:
            ids: list[UUID] = [one.id for one in receipt.media]
            states = tuple(
                MediaState(one.id, one.received) for one in media.media_with(self._work.session, ids)
            )
            receipt = msgspec.structs.replace(receipt, media=states)
        return receipt if receipt.status != "kept" else msgspec.structs.replace(receipt, status="again")
