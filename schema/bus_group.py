"""How listeners handle letters: retried with growing pauses, then set aside as dead letters."""

import logging
import threading
from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import exists, select

from schema.bus import Envelope, Handler, Letter
from schema.facts import Fact
from schema.orders import Order
from schema.outbox import DeadLetter
from schema.speaking import about, apart
from schema.store import Store, StoreUnreachable
from schema.wire import FACTS, ORDERS

PAUSES = (0.1, 0.5, 2.0, 5.0)
"""Seconds to wait before each further try; one try more than there are pauses."""
STORE_PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0)
"""Seconds between tries while the database is away; the last one repeats for as long as it takes."""
NEW_GROUP_GETS = 10_000
"""How many of the last messages a group that was never seen before begins with, at most."""

log = logging.getLogger(__name__)


def names_of(kinds: Collection[type[Fact] | type[Order]]) -> frozenset[str] | None:
    """The names of messages that are of `kinds`; None means all. Raises ValueError for a kind without any."""
    if not kinds:
        return None
    known = {**FACTS, **ORDERS}
    for kind in kinds:
        if not any(issubclass(one, kind) for one in known.values()):
            raise ValueError(f"{kind.__name__} is no fact or order that travels the bus")
    return frozenset(name for name, one in known.items() if issubclass(one, tuple(kinds)))


class Group:
    """The subscriptions of this process under one name. Used by one thread at a time."""

    def __init__(self, name: str, store: Store, *, durable: bool, pauses: Sequence[float] = PAUSES) -> None:
        self.name = name
        self.durable = durable
        self._store = store
        self._pauses = pauses
        self._subscriptions: list[tuple[frozenset[str] | None, Handler]] = []

    def add(self, kinds: Collection[type[Fact] | type[Order]], handler: Handler) -> None:
        """One more subscription: each message goes to every handler that wants it, in this order."""
        self._subscriptions.append((names_of(kinds), handler))

    def handle(self, letter: Letter, stopping: threading.Event) -> bool:
        """Handle one letter to its end: handled or set aside; False when told to stop before. Raises nothing."""
        handlers = [
            handler for names, handler in self._subscriptions if names is None or letter.name in names
        ]
        if not handlers:
            return True
        try:
            envelope = letter.open()
        except KeyError:
            # A newer process speaks of something this one has never heard of: nobody here can want it.
            log.warning("group %s: unknown message %s passed over", self.name, letter.name)
            return True
        except msgspec.ValidationError as error:
            return self._set_aside(letter, f"bad body: {error}", stopping)
        with apart():
            about(envelope.message.contact)
            if self.durable:
                return self._until_done(letter, envelope, handlers, stopping)
            for handler in handlers:
                try:
                    handler(envelope)
                except Exception:
                    log.exception("listener %s failed on %s", self.name, letter.name)
            return True

    def _until_done(
        self,
        letter: Letter,
        envelope: Envelope,
        handlers: list[Handler],
        stopping: threading.Event,
    ) -> bool:
        failures = away = 0
        while handlers:
            if stopping.is_set():
                return False
            try:
                handlers[0](envelope)
                handlers.pop(0)
                continue
            except StoreUnreachable:
                pause = STORE_PAUSES[min(away, len(STORE_PAUSES) - 1)]
                away += 1
            except Exception as error:
                log.exception("group %s failed on %s %s", self.name, letter.name, letter.key)
                if failures == len(self._pauses):
                    return self._set_aside(letter, f"{type(error).__name__}: {error}", stopping)
                pause = self._pauses[failures]
                failures += 1
            if stopping.wait(pause):
                return False
        return True

    def _set_aside(self, letter: Letter, reason: str, stopping: threading.Event) -> bool:
        if not self.durable:
            log.error("listener %s: %s %s", self.name, letter.name, reason)
            return True
        while True:
            try:
                self._keep(letter, reason)
            except StoreUnreachable:
                if stopping.wait(STORE_PAUSES[-1]):
                    return False
                continue
            except Exception:
                # It cannot even be set aside: the log keeps it, and the messages behind it do not wait for ever.
                log.exception("group %s: no dead letter for %r", self.name, letter)
            log.error("group %s: %s %s set aside: %s", self.name, letter.name, letter.key, reason)
            return True

    def _keep(self, letter: Letter, reason: str) -> None:
        is_this = (DeadLetter.group == self.name, DeadLetter.key == letter.key)
        with self._store.work() as work:
            if work.session.scalar(select(exists().where(*is_this))):
                return  # set aside before a crash, and heard again after it
            work.session.add(
                DeadLetter(
                    group=self.name,
                    key=letter.key,
                    name=letter.name,
                    body=letter.body,
                    reason=_storable(reason)[:2000],
                    at=work.now,
                )
            )


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot hold in a text: NUL and lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
