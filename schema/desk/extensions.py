"""More time for a case (延期): asked for by who works at it, granted or refused by another person.

All of them raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field. The same order again changes
nothing.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.clocks import Extension
from schema.desk.clocks import clock_of
from schema.desk.errors import Refused
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.desk.tasks import is_own_task
from schema.facts import ExtensionAsked, ExtensionDecided
from schema.orders import AskExtension, DecideExtension
from schema.store import UnitOfWork


def ask_extension(work: UnitOfWork, order: AskExtension) -> Extension:
    """Ask for more time: at most as much as the case had from the first, and one asking at a time."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.extension-asked", case.id) is not None:
        return work.session.get_one(Extension, order.order)
    own = is_own_task(work, case, order.task, order.by)
    row = next_move(work, order, case, "ask-extension", own=own)
    refuse_texts(reason=(order.reason, 1, LONGEST_TEXT))
    clock = clock_of(work.session, case)
    if clock is None:
        raise Refused("wrong-state", f"{case.case_no} has no clock that could be extended")
    if not 1 <= order.units <= clock.units:
        raise Refused("bad-field", f"an extension is of 1 to {clock.units} units", "units")
    if asked_for(work.session, case.id) is not None:
        raise Refused("wrong-state", f"an extension of {case.case_no} was asked for already")
    asked = Extension(id=order.order, case=case.id, units=order.units, unit=clock.unit, reason=order.reason.strip(),
                      state="asked", asked_by=order.by, asked_at=work.now)  # fmt: skip
    work.session.add(asked)
    detail = {"units": order.units, "unit": clock.unit}
    take(work, case, row, order=order.order, by=order.by, text=asked.reason, detail=detail)
    work.session.flush()
    work.emit(ExtensionAsked(**said(work, order, case), units=asked.units, reason=asked.reason))
    return asked


def decide_extension(work: UnitOfWork, order: DecideExtension) -> Case:
    """Grant the extension that is asked for, or refuse it with words; not by whoever asked."""
    case = locked_case(work, order.case)
    hop = "case.extension-granted" if order.granted else "case.extension-refused"
    if was_done(work, order, hop, case.id) is not None:
        return case
    row = next_move(work, order, case, "grant-extension" if order.granted else "refuse-extension")
    refuse_texts(text=(order.text, 0 if order.granted else 1, LONGEST_TEXT))
    asked = asked_for(work.session, case.id)
    if asked is None:
        raise Refused("wrong-state", f"no extension of {case.case_no} is asked for")
    if order.by is None or order.by == asked.asked_by:
        raise Refused("not-allowed", "an extension is decided by a person other than the one who asked")
    asked.state, asked.decided_by, asked.decided_at = (
        "granted" if order.granted else "refused",
        order.by,
        work.now,
    )
    detail = {"units": asked.units, "unit": asked.unit, "extension": str(asked.id)}
    take(
        work,
        case,
        row,
        order=order.order,
        by=order.by,
        text=order.text.strip(),
        detail=detail,
        extra=asked.units,
    )
    work.session.flush()
    work.emit(ExtensionDecided(**said(work, order, case), units=asked.units, granted=order.granted))
    return case


def asked_for(session: Session, case: UUID) -> Extension | None:
    """The extension that is asked for and not decided."""
    return session.scalar(select(Extension).where(Extension.case == case, Extension.state == "asked"))
