"""Filing (收集 → 受理 → 立案): a request is collected, accepted and filed as a case, in one order; or only taken in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from schema.asking import Asked, ask, foreseen
from schema.base import table_of
from schema.calls import CallRow
from schema.cases import Case
from schema.desk import deadlines, rulebooks
from schema.desk.casewords import begin_words
from schema.desk.citizens import KNOWN, Met, can_be_called, meet
from schema.desk.errors import bad_fields
from schema.desk.moves import DONE, LONGEST_TEXT, allow, check_texts, part_of, said, take, was_done
from schema.desk.numbers import next_case_no
from schema.desk.places import cell_at
from schema.desk.rulebooks import categories, dictionary
from schema.desk.scope import ACTIVE
from schema.facts import CaseFiled, CaseTakenIn
from schema.ids import uuid7
from schema.orders import FileCase, Request, TakeInCase
from schema.places import GridCell
from schema.rules.categories import CLASSES, KINDS
from schema.rules.lifecycle import START, move
from schema.rules.limits import CITY
from schema.rules.places import is_point, read_cell_code
from schema.store import UnitOfWork, alone

LOCK_BITS = (1 << 63) - 1
_CELLS = table_of(GridCell)
_CELL = select(_CELLS.c.code).where(_CELLS.c.code == bindparam("cell"))
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?", re.ASCII)


def file_case(work: UnitOfWork, order: FileCase, *, from_street: bool = False) -> Case:
    """File a request; its contact is the one of the call it came by, or `order.contact`, or a new one.

    A confidential one is so from its first row on and in every fact. The same order again gives the same case.
    `from_street`: it is a grid worker's report, which takes no right of the office.
    Raises Refused: not-allowed, bad-field with every wrong field.
    """
    with _alone_and_asked(work, order):
        if (done := _done_before(work, order, "case.filed")) is not None:
            return done
        case = _take_in(work, order, ("collect", "accept", "file"), from_street)
    work.emit(CaseFiled(**said(work, order, case), kind=case.kind, title=case.title, cell=case.cell))
    work.session.flush()
    return case


def take_in_case(work: UnitOfWork, order: TakeInCase) -> Case:
    """Accept a request that is not filed yet: as `file_case`, but no clock runs."""
    with _alone_and_asked(work, order):
        if (done := _done_before(work, order, "case.accepted")) is not None:
            return done
        case = _take_in(work, order, ("collect", "accept"))
    work.emit(CaseTakenIn(**said(work, order, case), kind=case.kind, title=case.title, cell=case.cell))
    work.session.flush()
    return case


@contextmanager
def _alone_and_asked(work: UnitOfWork, order: Request) -> Iterator[None]:
    """With what most orders come to ask about, asked at once."""
    # The same order twice at once: the second waits here, and then finds what the first filed.
    alone(work.session, order.order.int & LOCK_BITS)
    asked: list[Asked] = [(DONE, {"order": order.order}), (deadlines.NEWEST, {"calendar": CITY})]
    asked.append((rulebooks.NEWEST, {"book": "categories" if order.category else "limits"}))
    if order.by is not None:
        asked.append((ACTIVE, {"user": order.by}))
    if order.cell.isascii() and order.cell.isdigit():
        asked.append((_CELL, {"cell": order.cell}))
    if can_be_called(order.number):
        asked.append((KNOWN, {"number": order.number}))
    with foreseen(work.session, *asked):
        yield


def _done_before(work: UnitOfWork, order: Request, hop: str) -> Case | None:
    step = was_done(work, order, hop)
    return work.session.get_one(Case, step.case) if step is not None else None


def _take_in(work: UnitOfWork, order: Request, way: tuple[str, ...], from_street: bool = False) -> Case:
    """The case in its first version, with its first steps and its clock: written all at once, at the next flush."""
    if not from_street:
        allow(work, order.by, "case.file")
    case, citizen = _make(work, order)
    work.session.plant(case)
    begin_words(work, case, citizen.name if citizen else "")
    _write_steps(work, order, case, way)
    return case


def _make(work: UnitOfWork, order: Request) -> tuple[Case, Met | None]:
    if order.confidential:
        allow(work, order.by, "case.conceal")
    session = work.session
    wrong = _wrong_fields(order) | _wrong_words(session, order)
    cell = _cell(session, order, wrong)
    contact = _contact(session, order, wrong)
    if wrong or cell is None:
        raise bad_fields(wrong)
    citizen = meet(work, order.number, order.citizen.strip(), order.language)
    case = Case(
        id=uuid7(),
        contact=contact,
        call=order.call,
        citizen=citizen.id if citizen else None,
        number=order.number,
        class_=order.class_,
        kind=order.kind,
        category=order.category,
        channel=order.channel or ("phone" if order.call else ""),
        title=order.title.strip(),
        text=order.text.strip(),
        language=order.language,
        cell=cell,
        address=order.address.strip(),
        lon=order.lon,
        lat=order.lat,
        state=START,
        confidential=order.confidential,
        made_by=order.by,
        made_at=work.now,
    )
    return case, citizen


def _wrong_fields(order: Request) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if order.class_ not in CLASSES:
        wrong["class_"] = f"the class is one of {', '.join(CLASSES)}"
    if order.kind not in KINDS:
        wrong["kind"] = f"the kind is one of {', '.join(KINDS)}"
    wrong |= check_texts(
        {
            "title": (order.title, 1, 120),
            "text": (order.text, 1, LONGEST_TEXT),
            "address": (order.address, 0, 200),
            "number": (order.number, 0, 32),
            "citizen": (order.citizen, 0, 100),
        }
    )
    if not _LANGUAGE.fullmatch(order.language):
        wrong["language"] = "a language is a short BCP 47 tag, for example zh"
    if (order.lon is None) != (order.lat is None):
        wrong["lon" if order.lon is None else "lat"] = "a place has a longitude and a latitude"
    elif order.lon is not None and order.lat is not None and not is_point(order.lon, order.lat):
        wrong["lat" if is_point(order.lon, 0) else "lon"] = "out of range: degrees are ±180 by ±90"
    return wrong


def _wrong_words(session: Session, order: Request) -> dict[str, str]:
    """What the site's books say against a category and a channel."""
    wrong: dict[str, str] = {}
    if order.category and not categories(session).takes(order.category):
        wrong["category"] = "there is no such category, or it takes no new cases"
    if order.channel and order.channel not in {word.code for word in dictionary(session)["channel"]}:
        wrong["channel"] = "there is no such way for a request to come"
    return wrong


def _cell(session: Session, order: Request, wrong: dict[str, str]) -> str | None:
    """The code of the cell named, or, when none is, the one the coordinates lie in."""
    if order.cell:
        try:
            cell = ask(session, _CELL, cell=str(read_cell_code(order.cell)))
        except ValueError as error:
            wrong["cell"] = str(error)
            return None
        if cell is None:
            wrong["cell"] = "there is no grid cell with this code"
            return None
        return str(cell[0])
    if order.lon is not None and order.lat is not None and not {"lon", "lat"} & wrong.keys():
        found = cell_at(session, order.lon, order.lat)
        if found is None:
            wrong["cell"] = "the place lies in no grid cell"
            return None
        return found.code
    wrong["cell"] = "this is needed"
    return None


def _contact(session: Session, order: Request, wrong: dict[str, str]) -> UUID:
    call = session.get(CallRow, order.call) if order.call else None
    if call is not None:
        if order.contact not in (None, call.contact):
            wrong["contact"] = "the call belongs to another contact"
        return call.contact
    return order.contact or uuid7()


def _write_steps(work: UnitOfWork, order: Request, case: Case, way: tuple[str, ...]) -> None:
    def numbered() -> dict[str, str]:
        # When all else is known: whoever files a case of this class waits from here on until our commit.
        case.case_no = next_case_no(work, case.class_)
        detail = {"case_no": case.case_no, "class": case.class_, "kind": case.kind, "cell": case.cell}
        if case.category:
            detail["category"] = case.category
        if case.confidential:
            detail["confidential"] = "yes"
        return detail

    state = START
    for what in way:
        row = move(state, what)
        last = what == way[-1]
        take(
            work,
            case,
            row,
            order=order.order if last else part_of(order.order, row.hop),
            by=order.by,
            text=case.title if last else "",
            detail=numbered if last else None,
            first=True,
        )
        state = row.next
