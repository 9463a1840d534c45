"""The desk of prompts that are spoken into a telephone: asked for, and settled, each once."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.calls import LegRow
from schema.desk import audit
from schema.desk.errors import Refused
from schema.dictations import ASKED, KEPT, Dictation
from schema.orders import DictatePrompt
from schema.outbox import OrderRow
from schema.people import User
from schema.store import UnitOfWork

LONGEST_NAME = 120


def ask(work: UnitOfWork, order: DictatePrompt) -> Dictation:
    """Have a seat rung. The same order again changes nothing. Raises Refused("bad-field", "other-order")."""
    if order.by is None or not 0 < len(order.name) <= LONGEST_NAME:
        raise Refused("bad-field", "somebody asks for a prompt by its name", "name")
    row = work.session.get(Dictation, order.order, with_for_update=True)
    if row is not None:
        if (row.by, row.seat, row.language, row.name) != (order.by, order.seat, order.language, order.name):
            raise Refused("other-order", "that id is another order's", "order")
        return row
    row = Dictation(
        id=order.order, by=order.by, seat=order.seat, language=order.language, name=order.name, asked_at=work.now,
        state=ASKED,
    )  # fmt: skip
    work.session.add(row)
    work.emit(order)
    return row


def settle(work: UnitOfWork, id: UUID, why: str, seconds: float = 0.0) -> bool:
    """What was spoken took the prompt's place ("" for `why`), or did not, and why. Whether this settled it: the first
    word counts."""
    row = work.session.get(Dictation, id, with_for_update=True)
    if row is None or row.state != ASKED:
        return False
    row.state, row.why, row.seconds, row.settled_at = "refused" if why else KEPT, why[:20], seconds, work.now
    if not why:
        user = work.session.get_one(User, row.by)
        subject = f"{row.language}/{row.name}"
        audit.note(
            work, "voice.prompt", subject, who=user.id, login=user.login, reason=f"telephone {row.seat}"
        )
    return True


def find(session: Session, id: UUID) -> Dictation | None:
    """One of them."""
    return session.get(Dictation, id)


def step(session: Session, row: Dictation) -> tuple[str, str]:
    """How far it is, and why not: ringing, speaking, checking, kept or refused."""
    if row.state != ASKED:
        return row.state, row.why
    order = session.get(OrderRow, row.id)
    if order is not None and order.state == "failed":
        return "refused", "not-rung"
    leg = session.scalar(select(LegRow).where(LegRow.call == row.id))
    if leg is None:
        return "ringing", ""
    if leg.ended_at is not None:
        return ("checking", "") if leg.answered_at is not None else ("refused", "no-answer")
    return ("speaking" if leg.answered_at is not None else "ringing"), ""
