"""The intake: a handset's message → rows and facts in one commit → the receipt. Knows no network.

The same message may come any number of times, after any crash: what was committed is answered again, and
nothing changes. Refusals are counted for each device and code, and logged once.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from conf.fieldsettings import Field
from conf.positions import Positions
from field_gateway import wire
from field_gateway.answers import Answer as Answer
from field_gateway.answers import MediaState, Receipt
from field_gateway.chunks import PASSING, Chunks
from field_gateway.positions import PositionIntake, Read, Said
from field_gateway.recent import Recent
from field_gateway.sending import read_sending
from field_gateway.shelf import Shelf
from field_gateway.together import Heard, Together
from field_gateway.wire import BadMessage, PositionUp
from schema.desk import inbox
from schema.desk.errors import Refused
from schema.desk.handsets import DEVICE
from schema.store import Store

APART = ("media", "position")
"""Kinds that have a way of their own."""
log = structlog.get_logger()


def _never(_what: str) -> int:
    return 0


class Intake:
    """Takes messages for one store and one shelf of photos.

    `pressed` is asked with the kind of each message: 0, or seconds after which it is to be sent again.
    """

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        pressed: Callable[[str], int] = _never,
        positions: PositionIntake | None = None,
    ) -> None:
        self._store = store
        self._positions = positions or PositionIntake(store, Positions(), Field().position_days)
        self._chunks = Chunks(store, shelf)
        self._pressed = pressed
        self._recent = Recent()

    def take(
        self, topic: str, body: bytes, properties: list[tuple[str, str]], received: datetime | None = None
    ) -> Answer | None:
        """Take one message; None when nobody can be told (no such topic). Committed when it returns.

        `received`: when it reached us or the broker (None: now). Raises StoreUnreachable and OSError (disk): nothing
        was promised, try again later.
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
                if seconds := self._pressed(what):
                    return Answer(device, self._later(device, what, id, seconds))
                return Answer(device, self._chunks.take(device, chunk))
            message = wire.read_up(what, body)
            id = message.id
            if isinstance(message, PositionUp):
                return self._take_positions(device, message, Said(topic, body, properties, received))
            if seconds := self._pressed(what):
                return Answer(device, self._later(device, what, id, seconds))
            heard = Heard(device, topic, body, message, read_sending(properties), received)
            return self._keep([heard])[0]
        except BadMessage as bad:
            id, code, reason = bad.id, bad.code, bad.reason
        except Refused as refused:
            code, reason = refused.code, refused.text
            if code == "worker-out" and what != "media":
                self._set_aside(device, topic, body, id, reason)
        if code not in PASSING:
            self._count(device, topic, code, reason)
        states: tuple[MediaState, ...] | msgspec.UnsetType = msgspec.UNSET
        if what == "media" and id is not None:
            states = self._chunks.state(device, id)
        return Answer(device, Receipt(id=id, status="refused", code=code, reason=reason, media=states))

    def take_together(self, messages: Sequence[Said]) -> list[Answer] | None:
        """Take messages of different handsets in one commit; None when each has to be taken by itself.

        Raises StoreUnreachable, as `take`.
        """
        try:
            heard = []
            for said in messages:
                device, what, _ = wire.split_topic(said.topic)
                if what in APART or self._pressed(what):
                    return None
                message = wire.read_up(what, said.body)
                assert not isinstance(message, PositionUp)
                sending = read_sending(said.properties)
                heard.append(Heard(device, said.topic, said.body, message, sending, said.received))
            return self._keep(heard)
        except (BadMessage, Refused, DBAPIError, StaleDataError):
            return None

    def _keep(self, heard: Sequence[Heard]) -> list[Answer]:
        found = {one.key: one.answered(self._recent) for one in heard}
        new = [one for one in heard if found[one.key] is None]
        if new:
            with self._store.work() as work:
                receipts = Together(work, new).take()
            for one, receipt in zip(new, receipts, strict=True):
                self._recent.remember(one.key, one.sha256, receipt)
                found[one.key] = receipt
        return [Answer(one.device, told) for one in heard if (told := found[one.key]) is not None]

    def _take_positions(self, device: str, message: PositionUp, said: Said) -> Answer:
        if seconds := self._pressed("position"):
            self._positions.note_shed({device: len(message.points)})
            return Answer(device, self._later(device, "position", message.id, seconds))
        return self._positions.take_all([Read(said, device, message)])[0]

    def give_up(self, topic: str, body: bytes, why: str = "") -> Answer | None:
        """What is answered to a message that fails in a way nobody foresaw (`why`): it is set aside, and kept there."""
        try:
            device, what, _ = wire.split_topic(topic)
        except BadMessage:
            return None
        reason = (
            "the server could not take this message; it was written down there, the handset keeps its copy"
        )
        id = wire.readable_id(body) if what != "media" else None
        self._set_aside(device, topic, body, id, why or reason)
        self._count(device, topic, "failed", why or reason)
        return Answer(device, Receipt(id=id, status="refused", code="failed", reason=reason))

    def _set_aside(self, device: str, topic: str, body: bytes, id: UUID | None, reason: str) -> None:
        sha256 = wire.body_hash(topic, body)
        with self._store.work() as work:
            inbox.set_aside(
                work, device=device, topic=topic, id=id, body_hash=sha256, body=body, reason=reason
            )

    def _later(self, device: str, what: str, id: UUID, seconds: int) -> Receipt:
        reason = "too much at once: nothing of this was kept, send it again later"
        states = self._chunks.state(device, id) if what == "media" else msgspec.UNSET
        return Receipt(id=id, status="later", reason=reason, retry_after=seconds, media=states)

    # -- refusals ------------------------------------------------------------------------------------------

    def _count(self, device: str, topic: str, code: str, reason: str) -> None:
        with self._store.work() as work:
            is_first = inbox.refuse(work, device=device, topic=topic, code=code, reason=reason)
        if is_first:
            log.warning(
                "refused a handset's message", device=device, topic=topic[:120], code=code, reason=reason
            )


def _device_of(topic: str) -> str:
    words = topic.split("/")
    return words[1] if len(words) > 1 and DEVICE.fullmatch(words[1]) else "?"
