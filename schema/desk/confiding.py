"""Who may see a case at all: it is made confidential (保密), or is so no longer (解密), in any state.

Both raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field. The same order again changes nothing.
"""

from schema.cases import Case
from schema.desk.errors import Refused
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.facts import CaseConcealed, CaseRevealed
from schema.orders import ConcealCase, RevealCase
from schema.store import UnitOfWork


def conceal_case(work: UnitOfWork, order: ConcealCase) -> Case:
    """From now on only those see the case who may read confidential ones, and whoever has it to handle."""
    return _mark(work, order, "conceal", "case.concealed", True)


def reveal_case(work: UnitOfWork, order: RevealCase) -> Case:
    """The case is as any other again."""
    return _mark(work, order, "reveal", "case.revealed", False)


def _mark(work: UnitOfWork, order: ConcealCase | RevealCase, what: str, hop: str, confidential: bool) -> Case:
    case = locked_case(work, order.case)
    if was_done(work, order, hop, case.id) is not None:
        return case
    row = next_move(work, order, case, what)
    reason = order.reason.strip()
    refuse_texts(reason=(order.reason, 1, LONGEST_TEXT))
    if case.confidential is confidential:
        raise Refused("wrong-state", f"{case.case_no} is {'' if confidential else 'not '}confidential")
    take(work, case, row, order=order.order, by=order.by, text=reason)
    case.confidential = confidential
    work.session.flush()
    fact = CaseConcealed if confidential else CaseRevealed
    work.emit(fact(**said(work, order, case), reason=reason))
    return case
