"""A list to be taken along, as CSV or as an Excel workbook, and who took it written down.

Nothing is held that grows with the list: some lines at a time go into the answer, or into the workbook's file.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, stream_with_context

from backoffice.office import language, note, office, say, shown
from backoffice.words import direction
from schema.rules.csvsafe import BOM, line

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_EXCEL = 100_000
"""Rows of a workbook; CSV has no limit."""
CHUNK = 256 * 1024
FORMATS = {"minute": "yyyy-mm-dd hh:mm", "full": "yyyy-mm-dd hh:mm:ss"}


@dataclass(frozen=True, slots=True)
class Takeaway:
    """A list by the `name` of its file ("cases"), with what it is chosen by (`query`).

    `heads` and `widths` (in characters) are of its columns, `lines` gives some lines at a time: texts, and times (aware
    or None), which are shown to the "minute" or in "full". `title` is the sheet's, `more` what is said when there are
    more than a workbook takes.
    """

    name: str
    query: str
    heads: Sequence[str]
    widths: Sequence[float]
    lines: Callable[[], Iterator[Sequence[Sequence[Any]]]]
    title: str
    more: str
    times: str = "minute"

    def csv(self) -> Response:
        """As CSV, sent while it is read."""

        def texts() -> Iterator[str]:
            rows, whole = 0, False
            try:
                yield BOM + line(self.heads)
                for some in self.lines():
                    yield "".join(line([self._text(value) for value in values]) for values in some)
                    rows += len(some)
                whole = True
            finally:
                taken(f"{self.name}.csv", self.query, rows, whole)

        return self._file(stream_with_context(texts()), "text/csv; charset=utf-8", "csv")

    def excel(self) -> Response:
        """As a workbook, made in a file and sent from it: the first `MOST_EXCEL` lines, and then it says so."""
        # Imported where it is asked for: it is an eighth of all that a start imports.
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.utils import get_column_letter

        from backoffice.reportsheet import text_cell

        def cell(value: Any) -> Any:
            if isinstance(value, datetime):
                made = WriteOnlyCell(sheet, value.astimezone(office().zone).replace(tzinfo=None))
                made.number_format = FORMATS[self.times]
                return made
            return text_cell(sheet, value) if isinstance(value, str) else value

        book = Workbook(write_only=True)
        sheet = book.create_sheet(self.title[:31])
        sheet.sheet_view.rightToLeft = direction(language()) == "rtl"
        sheet.freeze_panes = "B2"
        for n, width in enumerate(self.widths, 1):
            sheet.column_dimensions[get_column_letter(n)].width = width
        sheet.append([text_cell(sheet, head, head=True) for head in self.heads])
        rows = 0
        for values in (values for some in self.lines() for values in some):
            rows += 1
            if rows > MOST_EXCEL:
                sheet.append([text_cell(sheet, self.more)])
                break
            sheet.append([cell(value) for value in values])
        made = tempfile.TemporaryFile()  # noqa: SIM115 (it is sent after this function)
        book.save(made)
        taken(f"{self.name}.excel", self.query, rows, rows <= MOST_EXCEL)
        made.seek(0)

        def chunks() -> Iterator[bytes]:
            with made:
                while chunk := made.read(CHUNK):
                    yield chunk

        return self._file(chunks(), EXCEL, "xlsx")

    def _text(self, value: Any) -> Any:
        return shown(value, self.times) if isinstance(value, datetime) else value

    def _file(self, body: Any, mimetype: str, ending: str) -> Response:
        day = office().store.clock().astimezone(office().zone).strftime("%Y%m%d-%H%M")
        headers = {"Content-Disposition": f'attachment; filename="{self.name}-{day}.{ending}"'}
        return Response(body, mimetype=mimetype, headers=headers)


def taken(what: str, query: str, rows: int, whole: bool) -> None:
    """Write down who took what along: the filter, and how many lines."""
    with office().store.work() as work:
        note(work, what, f"{rows}" if whole else f"{rows}, not all", reason=query)


def heads(keys: Sequence[str]) -> list[str]:
    """What the columns are called, by the keys of their words."""
    return [say(key) for key in keys]
