"""A request is answered at once (直接答复): filed and closed by whoever took it, with the answer that was given."""

from schema.cases import Case
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.facts import CaseClosed
from schema.orders import ReplyCase
from schema.store import UnitOfWork


def reply_case(work: UnitOfWork, order: ReplyCase) -> Case:
    """Close a filed case with the answer that the citizen was given. The same order again changes nothing.

    Raises Refused: not-found, not-allowed, wrong-state, stale, bad-field.
    """
    case = locked_case(work, order.case)
    if was_done(work, order, "case.replied", case.id) is not None:
        return case
    row = next_move(work, order, case, "reply")
    refuse_texts(text=(order.text, 1, LONGEST_TEXT))
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip())
    case.closed_at = work.now
    work.session.flush()
    work.emit(CaseClosed(**said(work, order, case)))
    return case
