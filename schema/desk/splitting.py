"""A case is split (拆分): it goes on in parts, each a filed case of its own, linked to it, of the same contact.

A part's clock begins when the whole's did and stood still when it did: splitting wins no time.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case, Citizen
from schema.desk.casewords import begin_words
from schema.desk.clocks import clock_of
from schema.desk.errors import Refused
from schema.desk.moves import (
    LONGEST_TEXT,
    check_texts,
    locked_case,
    next_move,
    part_of,
    refuse_texts,
    said,
    take,
    was_done,
)
from schema.desk.numbers import next_case_no
from schema.desk.rulebooks import policy_for
from schema.facts import CaseSplit, CaseSplitOff
from schema.ids import CaseId, uuid7
from schema.orders import Part, SplitCase
from schema.places import GridCell
from schema.rules.categories import KINDS
from schema.rules.clocks import Clock
from schema.rules.lifecycle import START, move
from schema.store import UnitOfWork

FEWEST, MOST = 2, 9
"""Parts of a case."""


def split_case(work: UnitOfWork, order: SplitCase) -> list[Case]:
    """Split a case; gives its parts in their order. The same order again gives the same parts.

    Raises Refused: not-found, not-allowed, wrong-state, stale, bad-field.
    """
    case = locked_case(work, order.case)
    if was_done(work, order, "case.split", case.id) is not None:
        return parts_of(work.session, case.id)
    row = next_move(work, order, case, "split")
    _check(work, order)
    clock = clock_of(work.session, case)
    parts = [_split_off(work, order, case, n, part, clock) for n, part in enumerate(order.parts)]
    detail = {"parts": [str(part.id) for part in parts], "part_nos": [part.case_no for part in parts]}
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    work.session.flush()
    work.emit(CaseSplit(**said(work, order, case), parts=tuple(CaseId(part.id) for part in parts)))
    for part in parts:
        work.emit(CaseSplitOff(**said(work, order, part), whole=CaseId(case.id), kind=part.kind, title=part.title,
                               cell=part.cell))  # fmt: skip
    return parts


def parts_of(session: Session, case: UUID) -> list[Case]:
    """The cases that were split off a case, by their numbers."""
    return list(session.scalars(select(Case).where(Case.parent == case).order_by(Case.made_at, Case.case_no)))


def _check(work: UnitOfWork, order: SplitCase) -> None:
    refuse_texts(text=(order.text, 0, LONGEST_TEXT))
    if not FEWEST <= len(order.parts) <= MOST:
        raise Refused("bad-field", f"a case is split into {FEWEST} to {MOST} parts", "parts")
    for number, part in enumerate(order.parts, 1):
        wrong = check_texts({"title": (part.title, 1, 120), "text": (part.text, 1, LONGEST_TEXT)})
        if part.kind and part.kind not in KINDS:
            wrong["kind"] = f"the kind is one of {', '.join(KINDS)}"
        if part.cell and work.session.get(GridCell, part.cell) is None:
            wrong["cell"] = "there is no grid cell with this code"
        if wrong:
            faults = "; ".join(f"{name}: {why}" for name, why in wrong.items())
            raise Refused("bad-field", f"part {number}: {faults}", "parts")


def _split_off(
    work: UnitOfWork, order: SplitCase, whole: Case, number: int, part: Part, clock: Clock | None
) -> Case:
    kind, row = part.kind or whole.kind, move(START, "split-off")
    child = Case(
        id=uuid7(),
        case_no=next_case_no(work, whole.class_),
        contact=whole.contact,
        call=whole.call,
        citizen=whole.citizen,
        number=whole.number,
        class_=whole.class_,
        kind=kind,
        category=whole.category,
        channel=whole.channel,
        title=part.title.strip(),
        text=part.text.strip(),
        language=whole.language,
        cell=part.cell or whole.cell,
        address=whole.address if part.cell in ("", whole.cell) else "",
        lon=whole.lon if part.cell in ("", whole.cell) else None,
        lat=whole.lat if part.cell in ("", whole.cell) else None,
        state=row.next,
        parent=whole.id,
        confidential=whole.confidential,
        made_by=order.by,
        made_at=work.now,
    )
    like = None
    if clock is not None:
        limit = policy_for(work.session, child.class_, kind, child.category).limit
        extra = clock.extra if limit.unit == clock.unit else 0
        like = replace(clock, units=limit.units, unit=limit.unit, extra=extra)
    detail = {"case_no": child.case_no, "whole": str(whole.id), "whole_no": whole.case_no}
    step = part_of(order.order, f"{row.hop} {number}")
    citizen = work.session.get(Citizen, child.citizen) if child.citizen else None
    work.session.plant(child)
    begin_words(work, child, citizen.name if citizen else "")
    take(work, child, row, order=step, by=order.by, text=child.title, detail=detail, first=True, like=like)
    work.session.flush()
    return child
