"""The desk of questions by voice about a case by its number: looked up, proved, told; never more tries than allowed.

A number is no secret and can be tried through, so a caller's number has so many failed tries an hour and a case so many
wrong answers, whoever gives them. A third wrong answer in one call is written into the audit log. Of confidential
cases, and of those without a telephone, nothing is told by voice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from schema.cases import Case
from schema.desk import audit
from schema.desk.spokenstatus import DONE, ENDING, STAGES
from schema.orders import AskStatus, ProveStatus
from schema.rules.caseasking import CHECKED, WRONG
from schema.statusasks import StatusAsk
from schema.store import UnitOfWork

PERIOD = timedelta(hours=1)
MOST_FAILED, MOST_FAILED_HIDDEN = 6, 30
"""Failed tries an hour of a telephone; of all together that do not show their number."""
CASE_PERIOD, MOST_WRONG = timedelta(days=1), 6
"""Wrong answers about one case a day."""
FAILED = ("unknown", "wrong")


@dataclass(frozen=True, slots=True)
class Proved:
    """What may be told: the last digits of the number, how far, and when it is due or was closed (UTC)."""

    case: UUID
    case_no: str
    ending: str
    stage: str
    at: datetime | None
    number: str
    language: str


def ask_status(work: UnitOfWork, order: AskStatus) -> tuple[str, tuple[UUID, ...]]:
    """What comes of a number: a word of `schema.rules.caseasking.LookUp`, and the cases it can mean."""
    known = work.session.get(StatusAsk, order.order)
    cases = _cases(work, order.digits)
    if known is not None:
        return known.result, tuple(case.id for case in cases) if known.result == "found" else ()
    if _limited(work, order.number):
        return _kept(work, order, "limited")
    if not cases:
        return _kept(work, order, "unknown" if work.numbering.typed(order.digits) else "short")
    open_ones = [case for case in cases if _tells(case) and not _too_wrong(work, case.id)]
    if not open_ones:
        limited = any(_tells(case) for case in cases)
        return _kept(work, order, "limited" if limited else "agent", cases[0].id)
    _kept(work, order, "found", open_ones[0].id)
    return "found", tuple(case.id for case in open_ones)


def prove_status(work: UnitOfWork, order: ProveStatus) -> tuple[str, Proved | None]:
    """Whether an answer fits one of the cases; what may be told then."""
    cases = [case for id in order.cases if (case := work.session.get(Case, id)) is not None and _tells(case)]
    right = next((case for case in cases if case.number[-CHECKED:] == order.digits), None)
    known = work.session.get(StatusAsk, order.order)
    if known is None and (_limited(work, order.number) or not cases):
        _kept(work, order, "limited")
        return "limited", None
    if known is not None and known.result != "right":
        return known.result, None
    if right is None:
        _kept(work, order, "wrong", cases[0].id)
        if order.nth >= WRONG:
            subject, why = cases[0].case_no, f"{order.nth} wrong answers by voice from {order.number or '–'}"
            audit.note(work, "case.ask", subject, who=None, allowed=False, reason=why)
        return "wrong", None
    if known is None:
        _kept(work, order, "right", right.id)
    stage = STAGES[right.state]
    digits = "".join(one for one in right.case_no if one.isdigit())
    at = right.closed_at if stage == DONE else right.due_at
    return "right", Proved(right.id, right.case_no, digits[-ENDING:], stage, at, right.number, right.language)


def _cases(work: UnitOfWork, digits: str) -> list[Case]:
    query = select(Case).where(Case.case_no.in_(work.numbering.typed(digits))).order_by(Case.case_no)
    return [case for case in work.session.scalars(query) if case.state in STAGES]


def _tells(case: Case) -> bool:
    return not case.confidential and len(case.number) >= CHECKED and case.number[-CHECKED:].isdigit()


def _limited(work: UnitOfWork, number: str) -> bool:
    query = select(func.count()).where(
        StatusAsk.number == number, StatusAsk.at > work.now - PERIOD, StatusAsk.result.in_(FAILED)
    )
    return work.session.scalar(query) >= (MOST_FAILED if number else MOST_FAILED_HIDDEN)  # type: ignore[operator]


def _too_wrong(work: UnitOfWork, case: UUID) -> bool:
    query = select(func.count()).where(
        StatusAsk.case == case, StatusAsk.at > work.now - CASE_PERIOD, StatusAsk.result == "wrong"
    )
    return work.session.scalar(query) >= MOST_WRONG  # type: ignore[operator]


def _kept(
    work: UnitOfWork, order: AskStatus | ProveStatus, result: str, case: UUID | None = None
) -> tuple[str, tuple[UUID, ...]]:
    assert order.contact is not None
    work.session.add(
        StatusAsk(
            id=order.order, at=work.now, contact=order.contact, number=order.number, case=case, result=result
        )
    )
    work.session.flush()
    return result, ()
