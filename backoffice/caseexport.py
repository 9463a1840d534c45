"""The list of cases taken along: as CSV, as an Excel workbook, and on paper; exactly what is chosen, and written down.

Nothing is held that grows with the list: a page of cases at a time goes into the answer, or into the workbook's file.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.caselist import chips
from backoffice.listform import ListForm, read_form
from backoffice.office import language, note, office, say, shown, visitor
from backoffice.reportsheet import text_cell
from backoffice.rights import needs
from backoffice.words import direction
from schema.cases import Case
from schema.desk.caselist import light_of_row, page, walk
from schema.desk.rulebooks import categories, dictionary
from schema.desk.scope import visible_cases
from schema.people import Department, User
from schema.rules.csvsafe import BOM, line

pages = Blueprint("caseexport", __name__)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_EXCEL, PRINTED = 100_000, 500
"""Rows of a workbook (CSV has no limit), and cases on paper."""
CHUNK = 256 * 1024
COLUMNS = (
    "no", "state", "light", "class", "kind", "category", "channel", "title", "text", "number", "cell", "address",
    "worker", "made", "due", "closed", "rating",
)  # fmt: skip
TIMES = frozenset({"made", "due", "closed"})
WIDTHS = {"no": 20, "title": 40, "text": 60, "address": 30, "made": 17, "due": 17, "closed": 17}


@pages.get("/cases/export.csv")
@needs("case.export")
def csv() -> ResponseReturnValue:
    """The list as CSV, sent while it is read."""
    form = _form()

    def lines() -> Iterator[str]:
        rows, whole = 0, False
        try:
            yield BOM + line(_heads())
            for some in _pages(form):
                yield "".join(line(_values(case, names, shown_time)) for case, names in some)
                rows += len(some)
            whole = True
        finally:
            _taken("cases.csv", form, rows, whole)

    return _file(stream_with_context(lines()), "text/csv; charset=utf-8", "csv")


@pages.get("/cases/export.xlsx")
@needs("case.export")
def excel() -> ResponseReturnValue:
    """The list as a workbook, made in a file and sent from it; the first `MOST_EXCEL` cases, and then it says so."""
    form = _form()
    made = tempfile.TemporaryFile()  # noqa: SIM115 (it is sent after this function)
    rows = _workbook(form, made)
    _taken("cases.excel", form, rows, rows <= MOST_EXCEL)
    made.seek(0)

    def chunks() -> Iterator[bytes]:
        with made:
            while chunk := made.read(CHUNK):
                yield chunk

    return _file(chunks(), EXCEL, "xlsx")


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
    _taken("cases.print", form, len(found.rows), found.after is None)
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


def _pages(form: ListForm) -> Iterator[Sequence[tuple[Case, dict[UUID, str]]]]:
    now = office().store.clock()
    with office().store.read() as session:
        names = _names(session)
        for rows in walk(session, form.seen_by(visible_cases(session, visitor())), now):
            yield [(case, names) for case in rows]


def _names(session: Session) -> dict[UUID, str]:
    """Workers and departments by their id."""
    workers = select(User.id, User.name).where(User.post == "worker")
    rows = [*session.execute(workers), *session.execute(select(Department.id, Department.name))]
    return {row.id: row.name for row in rows}


def _heads() -> list[str]:
    return [say(f"list.column.{name}") for name in COLUMNS]


def shown_time(at: Any) -> Any:
    """A time as CSV has it: the site's, to the minute."""
    return shown(at, "minute")


def _values(case: Case, names: dict[UUID, str], time: Callable[[Any], Any]) -> list[Any]:
    light = light_of_row(case, office().store.clock())
    return [
        case.case_no, say(f"state.{case.state}"), say(f"list.light.{light}") if light else "",
        say(f"class.{case.class_}"), say(f"kind.{case.kind}"), case.category, case.channel, case.title, case.text,
        case.number, case.cell, case.address, names.get(case.worker, "") if case.worker else "", time(case.made_at),
        time(case.due_at), time(case.closed_at), say(f"rating.{case.rating}") if case.rating else "",
    ]  # fmt: skip


def _workbook(form: ListForm, out: IO[bytes]) -> int:
    """Write the workbook; returns how many cases there were, one more than fit when there were more."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say("nav.cases")[:31])
    sheet.sheet_view.rightToLeft = direction(language()) == "rtl"
    sheet.freeze_panes = "B2"
    for n, name in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + n)].width = WIDTHS.get(name, 14)
    heads = [text_cell(sheet, head) for head in _heads()]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)

    def time(at: Any) -> Any:
        if at is None:
            return ""
        cell = WriteOnlyCell(sheet, at.astimezone(office().zone).replace(tzinfo=None))
        cell.number_format = "yyyy-mm-dd hh:mm"
        return cell

    rows = 0
    for case, names in _each(_pages(form)):
        rows += 1
        if rows > MOST_EXCEL:
            sheet.append([text_cell(sheet, say("list.excel_more", most=f"{MOST_EXCEL:,}"))])
            break
        values = _values(case, names, time)
        sheet.append([text_cell(sheet, value) if isinstance(value, str) else value for value in values])
    book.save(out)
    return rows


def _each(pages: Iterable[Sequence[tuple[Case, dict[UUID, str]]]]) -> Iterator[tuple[Case, dict[UUID, str]]]:
    for some in pages:
        yield from some


def _taken(what: str, form: ListForm, rows: int, whole: bool) -> None:
    """Write down who took what along: the filter, and how many cases."""
    with office().store.work() as work:
        note(work, what, f"{rows}" if whole else f"{rows}, not all", reason=form.query())


def _file(body: Any, mimetype: str, ending: str) -> Response:
    day = office().store.clock().astimezone(office().zone).strftime("%Y%m%d-%H%M")
    headers = {"Content-Disposition": f'attachment; filename="cases-{day}.{ending}"'}
    return Response(body, mimetype=mimetype, headers=headers)
