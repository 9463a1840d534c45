"""The trends of quality inspection as an Excel workbook: weeks, agents, teams, items, and what they mean."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from backoffice.reportsheet import text_cell
from backoffice.reporttable import Say
from schema.desk.qualitytrends import Figures, ItemLine, Line
from schema.rules.bookparts import name_in


class Counted(Protocol):
    """What was counted."""

    @property
    def whole(self) -> Figures:
        """Everything together."""

    @property
    def weeks(self) -> Sequence[Line]:
        """Week by week."""

    @property
    def agents(self) -> Sequence[Line]:
        """Agent by agent."""

    @property
    def teams(self) -> Sequence[Line]:
        """Team by team."""

    @property
    def items(self) -> Sequence[ItemLine]:
        """Item by item."""


def workbook(
    found: Counted,
    columns: Sequence[str],
    say: Say,
    language: str,
    asked: Iterable[tuple[str, str]],
    *,
    right_to_left: bool,
) -> bytes:
    """The file's bytes; numbers are numbers, text is text."""
    book = Workbook(write_only=True)
    heads = [say(f"quality.trend.{name}") for name in columns]
    for key, lines in (("by_week", found.weeks), ("by_agent", found.agents), ("by_team", found.teams)):
        sheet = _sheet(book, say(f"quality.trend.{key}"), right_to_left)
        _row(sheet, ["", *heads], head=True)
        for line in lines:
            _row(sheet, [line.name or say("quality.trend.no_team"), *_figures(line.figures)])
        _row(sheet, [say("quality.trend.whole"), *_figures(found.whole)], head=True)
    sheet = _sheet(book, say("quality.trend.by_item"), right_to_left)
    names = ("item", "scored", "applied", "share", "failed")
    _row(sheet, [say(f"quality.trend.{name}") for name in names], head=True)
    for item in found.items:
        mean = None if item.mean is None else round(item.mean, 4)
        _row(sheet, [name_in(item.names, language), item.marked, item.applied, mean, item.failed])
    sheet = _sheet(book, say("quality.trend.definitions"), right_to_left)
    for name in (*columns, "share", "failed"):
        _row(sheet, [say(f"quality.trend.{name}"), say(f"quality.meaning.{name}")])
    for pair in asked:
        _row(sheet, list(pair))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _figures(one: Figures) -> list[float | None]:
    mean = None if one.mean is None else round(one.mean, 2)
    return [one.scored, mean, one.good, one.fatal, one.appealed, one.changed]


def _sheet(book: Workbook, title: str, right_to_left: bool) -> Any:
    sheet = book.create_sheet(title[:31])
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 28
    return sheet


def _row(sheet: Any, values: Sequence[str | float | None], *, head: bool = False) -> None:
    sheet.append(
        [
            text_cell(sheet, value, head=head) if isinstance(value, str) else WriteOnlyCell(sheet, value)
            for value in values
        ]
    )
