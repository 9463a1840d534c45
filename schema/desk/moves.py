"""How every order to a case is carried out: locked, checked against the life cycle, and written down once."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import flag_modified

from schema.asking import ask
from schema.base import table_of
from schema.cases import Case, CaseStep
from schema.desk.casewords import add_words
from schema.desk.clocks import turn
from schema.desk.errors import Hidden, Refused, bad_fields
from schema.desk.scope import active_actor, subject_of
from schema.ids import CaseId, ContactId
from schema.orders import CaseOrder, Order
from schema.rules.access import Actor, Subject, hidden, refusal
from schema.rules.lifecycle import BEFORE, Move, NoSuchMove, move
from schema.speaking import about
from schema.store import UnitOfWork

LONGEST_TEXT = 4000
_STEPS = table_of(CaseStep)
DONE = select(_STEPS.c.case, _STEPS.c.hop, _STEPS.c.detail).where(_STEPS.c.order == bindparam("order"))


def locked_case(work: UnitOfWork, case: UUID) -> Case:
    """The case as it is now; whoever else wants to change it waits for our commit. Raises Refused("not-found")."""
    found = work.session.scalar(
        select(Case)
        .where(Case.id == case)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise Refused("not-found", f"there is no case {case}")
    about(found.contact)
    return found


@dataclass(frozen=True, slots=True)
class Done:
    """The step that an order left: of which case, what was done, and what the step says besides."""

    case: UUID
    hop: str
    detail: dict[str, Any]


def was_done(work: UnitOfWork, order: Order, hop: str, case: UUID | None = None) -> Done | None:
    """The step this order left when it was carried out before. Raises Refused for an id that meant another order."""
    row = ask(work.session, DONE, order=order.order)
    step = Done(*row) if row is not None else None
    if step is not None and (step.hop != hop or case not in (None, step.case)):
        raise Refused("bad-field", f"the order {order.order} was something else before: {step.hop}", "order")
    return step


def allow(
    work: UnitOfWork, by: UUID | None, right: str, case: Case | None = None, *, own: bool = False
) -> None:
    """Refuse who does not have the right (over the case); None is the system itself.

    `own`: it was given to that very person. Raises Refused: not-allowed; Hidden: they may not know of the case.
    """
    if by is None:
        return
    actor = _actor(work, by)
    subject = _subject(actor, case, own)
    _refuse_hidden(actor, case, subject)
    _refuse(actor, right, subject)


def next_move(work: UnitOfWork, order: CaseOrder, case: Case, what: str, *, own: bool = False) -> Move:
    """The life cycle's row for `what` on a locked case. Raises Refused: stale, wrong-state, not-allowed; Hidden."""
    actor = _actor(work, order.by) if order.by is not None else None
    subject = _subject(actor, case, own) if actor is not None else None
    if actor is not None:
        # Whoever may not know of the case is not told how it stands either.
        _refuse_hidden(actor, case, subject)
    if order.version not in (0, case.version):
        raise Refused("stale", f"{case.case_no} has changed since it was shown; look again")
    try:
        found = move(case.state, what)
    except NoSuchMove as error:
        raise Refused("wrong-state", f"{case.case_no}: {error}") from error
    if actor is not None:
        _refuse(actor, found.right, subject)
    return found


def _actor(work: UnitOfWork, by: UUID) -> Actor:
    actor = active_actor(work.session, by)
    if actor is None:
        raise Refused("not-allowed", f"there is no active user {by}")
    return actor


def _refuse(actor: Actor, right: str, subject: Subject | None) -> None:
    if why := refusal(actor, right, subject):
        raise Refused("not-allowed", why)


def _subject(actor: Actor, case: Case | None, own: bool) -> Subject | None:
    # To act, a worker names their open task: that the case is with them is not enough.
    worker = actor.user if own else None
    return replace(subject_of(case), worker=worker) if case is not None else None


def _refuse_hidden(actor: Actor, case: Case | None, subject: Subject | None) -> None:
    if case is not None and subject is not None and hidden(actor, subject):
        raise Hidden(case.id, f"there is no case {case.id}")


def take(
    work: UnitOfWork,
    case: Case,
    row: Move,
    *,
    order: UUID,
    by: UUID | None,
    text: str = "",
    detail: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = None,
    had: tuple[UUID | None, UUID | None] | None = None,
    **clock: Any,
) -> None:
    """Move the case, turn its clock and write the step down; `clock` as `schema.desk.clocks.turn` takes it.

    `detail`: what the step says besides; a function is asked when the clock is turned and only writing is left.
    `had`: the department and the worker the step is about, where those are not who have the case now.
    The last step of an order has the order's id, see `part_of`.
    """
    # Nothing is flushed in between: one order is one version of the case.
    with work.session.no_autoflush:
        turn(work, case, row.clock, reason=text, **clock)
    department, worker = had or (case.department, case.worker)
    after = case.before if row.next == BEFORE else row.next
    if after == case.state:
        # The step alone makes a new version: whoever saw the case before it has to look again.
        flag_modified(case, "state")
    case.state = after
    work.session.write(
        CaseStep,
        case=case.id,
        contact=case.contact,
        order=order,
        hop=row.hop,
        state=after,
        by=by,
        at=work.now,
        text=text,
        detail=dict((detail() if callable(detail) else detail) or {}),
        department=department,
        worker=worker,
    )
    if text and not clock.get("first"):
        # What the first steps of a case say is its title: `begin_words` has it.
        add_words(work.session, case, text)


def said(work: UnitOfWork, order: Order, case: Case) -> dict[str, Any]:
    """What every fact about a case says; flush first, for its version is in it."""
    return {
        "at": work.now,
        "contact": ContactId(case.contact),
        "case": CaseId(case.id),
        "case_no": case.case_no,
        "state": case.state,
        "version": case.version,
        "by": order.by,
        "department": case.department,
        "confidential": case.confidential,
    }


def part_of(order: UUID, hop: str) -> UUID:
    """The id of an earlier step of an order that leaves several: the same whenever it is made."""
    return uuid5(order, hop)


def check_texts(fields: Mapping[str, tuple[str, int, int]]) -> dict[str, str]:
    """What is wrong with texts, by field: each is (text, fewest characters, most characters)."""
    wrong = {}
    for name, (text, fewest, most) in fields.items():
        if why := text_fault(text, fewest, most):
            wrong[name] = why
    return wrong


def text_fault(text: str, fewest: int, most: int) -> str:
    """What is wrong with a text, in words; "" when nothing is. Line breaks and tabs are the only controls allowed."""
    if len(text.strip()) < fewest:
        return "this is needed" if not text.strip() else f"at least {fewest} characters"
    if len(text) > most:
        return f"at most {most} characters"
    for character in text:
        if character not in "\n\r\t" and unicodedata.category(character) in ("Cc", "Cs"):
            return f"a control character (U+{ord(character):04X}) is not text"
    return ""


def refuse_texts(**texts: tuple[str, int, int]) -> None:
    """Raise Refused("bad-field") with every wrong one of the texts."""
    if wrong := check_texts(texts):
        raise bad_fields(wrong)
