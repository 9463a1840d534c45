"""The teller: hears every fact that is told outside, and takes it down for each subscription that wants it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from backoffice.api.seen import NAMES
from backoffice.hooks import cti
from schema import facts
from schema.bus import Envelope
from schema.calls import CallRow
from schema.desk import webhooks
from schema.facts import Fact
from schema.people import User
from schema.rules.hooks import wants
from schema.store import Store
from schema.webhooks import Webhook
from schema.wire import FACTS, to_body

NEVER = frozenset({"WatchStarted", "WatchEnded"})
"""Who listens in on whom stays in the house."""
EVENTS: dict[str, str] = {name: family for name, family in NAMES.items() if name not in NEVER}
"""Every fact that is told, with its family."""
KNOWN = frozenset((*EVENTS, *EVENTS.values()))
"""What a subscription may name."""
CTI = tuple(kind.__name__ for kind in cti.TOLD)
HEARD: tuple[type[Fact], ...] = tuple(FACTS[name] for name in EVENTS)


class Teller:
    """A durable listener. Each fact is taken down in one commit for all; heard twice, it is taken down once.

    `told` is called after each that was.
    """

    def __init__(self, store: Store, hotline: str, told: Callable[[], None]) -> None:
        self._store, self._hotline, self._told = store, hotline, told

    def hear(self, envelope: Envelope) -> None:
        """See `schema.bus.Bus.subscribe`. Raises StoreUnreachable."""
        if getattr(envelope.message, "confidential", False):
            return  # what only some in the house may read is not told outside
        family = EVENTS.get(envelope.name, "")
        with self._store.read() as session:
            hooks = [hook for hook in webhooks.active(session) if _wanted(hook, envelope, family)]
            if not hooks:
                return
            call = self._call(session, envelope.message)
        with self._store.work() as work:
            for hook in hooks:
                body = self._body(hook, envelope, family, call)
                if body is not None:
                    webhooks.put(
                        work, hook.id, key=envelope.key, seq=envelope.seq, name=envelope.name, body=body
                    )
        self._told()

    def _body(self, hook: Webhook, envelope: Envelope, family: str, call: cti.Call | None) -> str | None:
        assert isinstance(envelope.message, Fact)
        if hook.kind == "cti":
            made = cti.told(envelope.message, call, self._hotline) if call is not None else None
            return None if made is None else cti.written(made, hook.form)
        return message(envelope.name, family, envelope.seq, envelope.at, to_body(envelope.message))

    def _call(self, session: Session, fact: Any) -> cti.Call | None:
        if not isinstance(fact, cti.TOLD):
            return None
        row = session.get(CallRow, UUID(str(fact.call)))
        if isinstance(fact, facts.CallEntered):
            return cti.Call(fact.number, fact.direction, fact.purpose)
        if row is None:
            return None
        user = fact.user if isinstance(fact, facts.CallAnswered) and fact.user else row.user
        agent = session.get(User, user) if user else None
        return cti.Call(
            row.number, row.direction, row.purpose, row.queue, row.seat, agent.name if agent else ""
        )


def message(name: str, family: str, seq: int, at: Any, data: Any) -> str:
    """The body of a webhook: type, timestamp and data as Standard Webhooks has them, and the event's place."""
    return msgspec.json.encode(
        {"type": name, "timestamp": at, "family": family, "seq": seq, "data": data}
    ).decode()


def _wanted(hook: Webhook, envelope: Envelope, family: str) -> bool:
    if envelope.at < hook.made_at:
        return False  # what was before it is not its
    return envelope.name in CTI if hook.kind == "cti" else wants(hook.events, envelope.name, family)
