"""The register of contacts taken along, as CSV or as an Excel workbook; exactly what is chosen, and written down."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, stream_with_context
from flask.typing import ResponseReturnValue
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from backoffice.caseexport import CHUNK, EXCEL, MOST_EXCEL
from backoffice.contactform import ContactForm
from backoffice.contactlist import agents, asked_form, channel_names, number
from backoffice.office import language, note, office, say, shown, visitor
from backoffice.reportsheet import text_cell
from backoffice.rights import needs
from backoffice.words import direction
from schema.desk.contactlist import Entry, walk
from schema.rules.csvsafe import BOM, line

pages = Blueprint("contactexport", __name__)
HEADS = (
    *(f"contactlist.{name}" for name in ("time", "channel", "number", "language", "agent", "outcome")),
    "contact.promises", "contactlist.cases",
)  # fmt: skip


@pages.get("/cases/contacts/export.csv")
@needs("contact.export")
def csv() -> ResponseReturnValue:
    """The register as CSV, sent while it is read."""
    form = _form()

    def lines() -> Iterator[str]:
        rows, whole = 0, False
        try:
            yield BOM + line(_heads())
            for some in _pages(form):
                yield "".join(line([shown(at), *values]) for at, *values in some)
                rows += len(some)
            whole = True
        finally:
            _taken("contacts.csv", form, rows, whole)

    return _file(stream_with_context(lines()), "text/csv; charset=utf-8", "csv")


@pages.get("/cases/contacts/export.xlsx")
@needs("contact.export")
def excel() -> ResponseReturnValue:
    """The register as a workbook; the first `MOST_EXCEL` contacts, and then it says so."""
    form = _form()
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say("contactlist.title")[:31])
    sheet.sheet_view.rightToLeft = direction(language()) == "rtl"
    sheet.freeze_panes = "B2"
    for n, width in enumerate((20, 14, 16, 10, 20, 14, 14, 40)):
        sheet.column_dimensions[chr(ord("A") + n)].width = width
    sheet.append([text_cell(sheet, head, head=True) for head in _heads()])
    rows = 0
    for at, *values in (row for some in _pages(form) for row in some):
        rows += 1
        if rows > MOST_EXCEL:
            sheet.append([text_cell(sheet, say("contactlist.excel_more", most=f"{MOST_EXCEL:,}"))])
            break
        time = WriteOnlyCell(sheet, at.astimezone(office().zone).replace(tzinfo=None))
        time.number_format = "yyyy-mm-dd hh:mm:ss"
        sheet.append([time, *(text_cell(sheet, value) for value in values)])
    made = tempfile.TemporaryFile()  # noqa: SIM115 (it is sent after this function)
    book.save(made)
    _taken("contacts.excel", form, rows, rows <= MOST_EXCEL)
    made.seek(0)

    def chunks() -> Iterator[bytes]:
        with made:
            while chunk := made.read(CHUNK):
                yield chunk

    return _file(chunks(), EXCEL, "xlsx")


def _form() -> ContactForm:
    with office().store.read() as session:
        form = asked_form(channel_names(session))
    if form.wrong:
        abort(
            redirect(f"/cases/contacts?{request.query_string.decode('latin-1')}")
        )  # which says what is wrong
    return form


def _pages(form: ContactForm) -> Iterator[Sequence[list[Any]]]:
    """The time and the texts of each line."""
    with office().store.read() as session:
        channels, people = channel_names(session), agents(session, whole=True)

        def texts(entry: Entry) -> list[Any]:
            known = office().words.has
            return [
                entry.at,
                channels.get(entry.channel, entry.channel),
                number(entry.number),
                say(f"language.{entry.language}") if known(f"language.{entry.language}") else entry.language,
                people.get(entry.user, entry.seat) if entry.user else entry.seat,
                outcome(entry.outcome),
                say(f"contactlist.promise.{entry.callback}") if entry.callback else "",
                " ".join(entry.cases),
            ]

        for rows in walk(session, form.wanted, visitor()):
            yield [texts(entry) for entry in rows]


def outcome(code: str) -> str:
    """How a contact came out, in words."""
    own = f"contactlist.out.{code}"
    return say(own if office().words.has(own) else f"outcome.{code}")


def _heads() -> list[str]:
    return [say(key) for key in HEADS]


def _taken(what: str, form: ContactForm, rows: int, whole: bool) -> None:
    """Write down who took what along: the filter, and how many contacts."""
    with office().store.work() as work:
        note(work, what, f"{rows}" if whole else f"{rows}, not all", reason=form.query())


def _file(body: Any, mimetype: str, ending: str) -> Response:
    day = office().store.clock().astimezone(office().zone).strftime("%Y%m%d-%H%M")
    headers = {"Content-Disposition": f'attachment; filename="contacts-{day}.{ending}"'}
    return Response(body, mimetype=mimetype, headers=headers)
