"""Questions about a case by its number: answered by the store beside the call, with a bounded wait.

Whatever goes wrong on the way, the caller is told that it cannot be looked up, and goes on.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool

from ivr.agi import HungUp
from ivr.status import WAIT
from schema.desk.citizentexts import text_status
from schema.desk.statusasks import Proved, ask_status, prove_status
from schema.ids import ContactId, as_id
from schema.orders import AskStatus, ProveStatus, TextStatus
from schema.rules.caseasking import LookUp, Prove, Text
from schema.rules.spokennumbers import digits
from schema.rules.spokentimes import moment
from schema.store import Store, UnitOfWork

log = structlog.get_logger()


class Answers(Protocol):
    """What the store says. Each raises whatever keeps it from answering."""

    def ask(self, order: AskStatus) -> Awaitable[tuple[str, tuple[UUID, ...]]]:
        """What comes of a number, and the cases that it can mean."""

    def prove(self, order: ProveStatus) -> Awaitable[tuple[str, Proved | None]]:
        """Whether an answer fits; what may be told then."""

    def text(self, order: TextStatus) -> Awaitable[bool]:
        """Send how far a case is; whether it will go."""

    def now(self) -> datetime:
        """The time, by the site's clock and zone."""


class FromStore:
    """Answers on a thread of the reactor's."""

    def __init__(self, store: Store, reactor: Any) -> None:
        self._store, self._reactor = store, reactor

    def ask(self, order: AskStatus) -> "Deferred[tuple[str, tuple[UUID, ...]]]":
        """See Answers."""
        return self._do(lambda work: ask_status(work, order))

    def prove(self, order: ProveStatus) -> "Deferred[tuple[str, Proved | None]]":
        """See Answers."""
        return self._do(lambda work: prove_status(work, order))

    def text(self, order: TextStatus) -> "Deferred[bool]":
        """See Answers."""
        return self._do(lambda work: text_status(work, order))

    def now(self) -> datetime:
        """See Answers."""
        return self._store.clock().astimezone(self._store.zone)

    def _do(self, what: Callable[[UnitOfWork], Any]) -> "Deferred[Any]":
        def carry_out() -> Any:
            with self._store.work() as work:
                return what(work)

        done: Deferred[Any] = deferToThreadPool(self._reactor, self._reactor.getThreadPool(), carry_out)
        return done.addTimeout(WAIT, self._reactor)


class Questions:
    """One caller's. `number` is the telephone that rings, `contact` asks for the call's id."""

    def __init__(self, answers: Answers | None, number: str, contact: Callable[[], Awaitable[str]]) -> None:
        self._answers, self._number, self._contact = answers, number, contact
        self._cases: tuple[UUID, ...] = ()
        self._nth = 0
        self._proved: Proved | None = None

    async def answer(self, action: LookUp | Prove | Text) -> str:
        """The event that an action of the engine waits for."""
        try:
            if self._answers is None:
                return "away"
            contact = ContactId(as_id(await self._contact()))
            if isinstance(action, LookUp):
                order = AskStatus(contact=contact, number=self._number, digits=action.digits)
                said, self._cases = await self._answers.ask(order)
                return said
            if isinstance(action, Prove):
                self._nth += 1
                said, self._proved = await self._answers.prove(
                    ProveStatus(contact=contact, number=self._number, digits=action.digits, cases=self._cases,
                                nth=self._nth)
                )  # fmt: skip
                return said
            if self._proved is None:
                return "cannot"
            goes = await self._answers.text(TextStatus(contact=contact, case=self._proved.case))
            return "sent" if goes else "cannot"
        except HungUp:
            raise
        except Exception as error:  # whatever it was: the caller is told, and goes on
            log.warning("a case could not be looked up", reason=str(error) or type(error).__name__)
            return "cannot" if isinstance(action, Text) else "away"

    def said(self, language: str) -> tuple[str, ...]:
        """The prompts that tell of the case that was proved: its last digits, how far it is, and when it is due or was
        closed. A time that it should have been done by is not told once it is over."""
        one, answers = self._proved, self._answers
        if one is None or answers is None:
            return ("status-away",)
        names = ("case-number", *digits(one.ending, language), f"status-{one.stage}")
        now = answers.now()
        if one.at is None or (one.stage != "done" and one.at < now):
            return names
        at = one.at.astimezone(now.tzinfo)
        return (
            *names,
            "case-closed" if one.stage == "done" else "case-due",
            *moment(at, language, now.date()),
        )
