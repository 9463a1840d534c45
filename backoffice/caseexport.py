"""The list of cases taken along: as CSV, as an Excel workbook, and on paper; exactly what is chosen."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.caselist import chips
from backoffice.listform import ListForm, read_form
from backoffice.office import office, say, visitor
from backoffice.rights import needs
from backoffice.takeaway import MOST_EXCEL, Takeaway, heads, taken
from schema.cases import Case
from schema.desk.caselist import light_of_row, page, walk
from schema.desk.rulebooks import categories, dictionary
from schema.desk.scope import visible_cases
from schema.people import Department, User

pages = Blueprint("caseexport", __name__)
PRINTED = 500
"""Cases on paper."""
COLUMNS = (
    "no", "state", "light", "class", "kind", "category", "channel", "title", "text", "number", "cell", "address",
    "worker", "made", "due", "closed", "rating",
)  # fmt: skip
WIDTHS = {"no": 20, "title": 40, "text": 60, "address": 30, "made": 17, "due": 17, "closed": 17}


@pages.get("/cases/export.csv")
@needs("case.export")
def csv() -> Response:
    """The list as CSV."""
    return _takeaway().csv()


@pages.get("/cases/export.xlsx")
@needs("case.export")
def excel() -> Response:
    """The list as a workbook."""
    return _takeaway().excel()


@pages.get("/cases/print")
@needs("case.export")
def paper() -> ResponseReturnValue:
    """The list for a printer: A4, without what is only for the screen."""
    form = _form()
    now = office().store.clock()
    with office().store.read() as session:
        found = page(session, form.seen_by(visible_cases(session, visitor())), now, None, PRINTED)
        names = _names(session)
        books = {"categories": categories(session).rows, "channels": dictionary(session)["channel"]}
    taken("cases.print", form.query(), len(found.rows), found.after is None)
    return render_template(
        "cases_print.html", form=form, page=found, names=names, now=now, most=PRINTED,
        conditions=[words for words, _ in chips(form, {str(id): name for id, name in names.items()}, books)],
        light=lambda case: light_of_row(case, now),
    )  # fmt: skip


def _form() -> ListForm:
    form = read_form(request.args, office().zone, office().store.numbering)
    if form.wrong:
        abort(redirect(f"/cases?{request.query_string.decode('latin-1')}"))  # which says what is wrong
    return form


def _takeaway() -> Takeaway:
    form = _form()
    columns = heads([f"list.column.{name}" for name in COLUMNS])
    widths = [WIDTHS.get(name, 14) for name in COLUMNS]
    more = say("list.excel_more", most=f"{MOST_EXCEL:,}")
    return Takeaway("cases", form.query(), columns, widths, lambda: _pages(form), say("nav.cases"), more)


def _pages(form: ListForm) -> Iterator[Sequence[Sequence[Any]]]:
    now = office().store.clock()
    with office().store.read() as session:
        names = _names(session)
        for rows in walk(session, form.seen_by(visible_cases(session, visitor())), now):
            yield [_values(case, names) for case in rows]


def _names(session: Session) -> dict[UUID, str]:
    """Workers and departments by their id."""
    workers = select(User.id, User.name).where(User.post == "worker")
    rows = [*session.execute(workers), *session.execute(select(Department.id, Department.name))]
    return {row.id: row.name for row in rows}


def _values(case: Case, names: dict[UUID, str]) -> list[Any]:
    light = light_of_row(case, office().store.clock())
    return [
        case.case_no, say(f"state.{case.state}"), say(f"list.light.{light}") if light else "",
        say(f"class.{case.class_}"), say(f"kind.{case.kind}"), case.category, case.channel, case.title, case.text,
        case.number, case.cell, case.address, names.get(case.worker, "") if case.worker else "", case.made_at,
        case.due_at, case.closed_at, say(f"rating.{case.rating}") if case.rating else "",
    ]  # fmt: skip
