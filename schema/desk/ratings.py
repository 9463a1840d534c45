"""The ratings desk: what the citizen thinks of how a case was solved (评价)."""

from schema.cases import Case
from schema.desk.errors import Refused
from schema.desk.moves import locked_case, next_move, take, was_done
from schema.facts import CaseRated
from schema.ids import CaseId, ContactId
from schema.orders import RateCase
from schema.store import UnitOfWork

SCORES = range(1, 6)
"""1 very satisfied 非常满意 … 5 very dissatisfied 非常不满意."""


def rate_case(work: UnitOfWork, order: RateCase) -> Case:
    """Put a rating on a closed case. The same order again changes nothing; a second rating is refused.

    Raises Refused: not-found, not-allowed, wrong-state, stale, bad-field.
    """
    case = locked_case(work, order.case)
    if was_done(work, order, "case.rated", case.id) is not None:
        return case
    row = next_move(work, order, case, "rate")
    if order.score not in SCORES:
        raise Refused("bad-field", "a rating is 1 (very satisfied) to 5 (very dissatisfied)", "score")
    take(work, case, row, order=order.order, by=order.by, detail={"score": order.score})
    case.rating, case.rated_at = order.score, work.now
    work.session.flush()
    work.emit(
        CaseRated(
            at=work.now,
            contact=ContactId(case.contact),
            case=CaseId(case.id),
            case_no=case.case_no,
            state=case.state,
            version=case.version,
            by=order.by,
            score=order.score,
        )
    )
    return case


rate = rate_case
"""The name by which the telephone room calls it."""
