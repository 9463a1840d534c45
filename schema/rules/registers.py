"""Registers 台账 that people look things up in (laws, items, companies, components): a sheet read and compared.

A sheet is CSV (RFC 4180; comma, semicolon or tab): one line of headings, then a row each; the first column is its key.
Columns called lon and lat (经度, 纬度) are the row's place in WGS-84 degrees. Registers are of things: a sheet with a
heading that asks who a citizen is or how they live is not taken (REQUIREMENTS, "Not built"). Pure.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schema.rules.places import is_point

MOST_ROWS, MOST_COLUMNS, LONGEST_KEY, LONGEST_VALUE, LONGEST_HEAD = 50_000, 20, 60, 4000, 40
MOST_FAULTS = 200
"""So many are told; the others are counted."""
REPLACE, MERGE = "replace", "merge"
WAYS = (REPLACE, MERGE)
"""The sheet is the whole register (整体替换), or adds to it and changes it (增补)."""
LON = frozenset({"lon", "lng", "longitude", "经度", "ئۇزۇنلۇق"})
LAT = frozenset({"lat", "latitude", "纬度", "كەڭلىك"})
PRIVATE = (
    "身份证", "民族", "宗教", "信仰", "政治面貌", "病史", "疾病", "生育", "怀孕", "前科", "犯罪记录", "在逃",
    "重点人员", "重点人口", "指纹", "人脸", "虹膜", "dna", "ethnic", "religio", "political", "medical", "pregnan",
    "criminal", "fingerprint", "biometric", "id card", "identity card", "passport", "مىللىتى", "دىنى", "كىملىك",
)  # fmt: skip
"""What a heading may not say, in small letters."""


class BadSheet(ValueError):
    """The sheet cannot be taken at all; `code` says why, `detail` what it is about.

    encoding, empty, head-missing, head-twice, head-long, head-private, too-many-columns, too-many-rows, broken.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be taken: its line in the sheet, the heading ("" the whole row), and why.

    cells, key-missing, key-twice, too-long, control, place.
    """

    line: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet. `lon`, `lat`: degrees, or None."""

    values: tuple[str, ...]
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says: its headings, its rows by key in order, the faulty ones; `faulty` counts them all."""

    columns: tuple[str, ...]
    rows: Mapping[str, Line]
    faults: tuple[Fault, ...]
    faulty: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a sheet would do to a register: keys of rows that are added, changed, removed, and how many stay."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    same: int


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with a mark, or GB 18030 as Chinese spreadsheets write it. Raises BadSheet."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for name in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise BadSheet("encoding")


def read_sheet(text: str) -> Sheet:
    """The sheet in a text. Raises BadSheet; what is wrong with single rows is in `faults`."""
    lines = _lines(text)
    columns = _heads(next(lines, (1, []))[1])
    place = _column(columns, LON), _column(columns, LAT)
    rows: dict[str, Line] = {}
    faults: list[Fault] = []
    faulty = 0
    for number, cells in lines:
        if len(rows) >= MOST_ROWS:
            raise BadSheet("too-many-rows", str(MOST_ROWS))
        fault, row = _row(number, columns, [_clean(cell) for cell in cells], place, rows)
        if row is not None:
            rows[row.values[0]] = row
            continue
        faulty += 1
        if fault is not None and len(faults) < MOST_FAULTS:
            faults.append(fault)
    if not rows and not faulty:
        raise BadSheet("empty")
    return Sheet(columns, rows, tuple(faults), faulty)


def compare(before: Mapping[str, Sequence[str]], sheet: Mapping[str, Sequence[str]], way: str) -> Difference:
    """What the rows of a sheet (values by key) change."""
    added = tuple(key for key in sheet if key not in before)
    changed = tuple(key for key in sheet if key in before and tuple(before[key]) != tuple(sheet[key]))
    removed = tuple(key for key in before if key not in sheet) if way == REPLACE else ()
    return Difference(added, changed, removed, len(before) - len(changed) - len(removed))


def folded(values: Sequence[str]) -> str:
    """What a row is found by: all its values, as `terms` folds what is typed."""
    return unicodedata.normalize("NFKC", "\n".join(values)).casefold()


def terms(typed: str, most: int = 6) -> list[str]:
    """The words of a search; a row has to have all of them."""
    return unicodedata.normalize("NFKC", typed).casefold().split()[:most]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    mark = max((",", "\t", ";"), key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=mark, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BadSheet("broken", str(begins)) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield begins, cells


def _heads(cells: Sequence[str]) -> tuple[str, ...]:
    heads = [" ".join(_clean(cell).split()) for cell in cells]
    while heads and not heads[-1]:
        heads.pop()
    if not heads or not all(heads):
        raise BadSheet("empty" if not heads else "head-missing", str(heads.index("") + 1) if heads else "")
    if len(heads) > MOST_COLUMNS:
        raise BadSheet("too-many-columns", str(MOST_COLUMNS))
    for place, head in enumerate(heads):
        if head.casefold() in [one.casefold() for one in heads[:place]]:
            raise BadSheet("head-twice", head)
        if len(head) > LONGEST_HEAD or not head.isprintable():
            raise BadSheet("head-long", head[:LONGEST_HEAD])
        if any(word in head.casefold() for word in PRIVATE):
            raise BadSheet("head-private", head)
    return tuple(heads)


def _row(
    number: int,
    columns: Sequence[str],
    cells: list[str],
    place: tuple[int | None, int | None],
    before: Mapping[str, Line],
) -> tuple[Fault | None, Line | None]:
    while len(cells) > len(columns) and not cells[-1]:
        cells.pop()
    if len(cells) != len(columns):
        return Fault(number, "", "cells"), None
    for head, cell in zip(columns, cells, strict=True):
        if len(cell) > LONGEST_VALUE or head == columns[0] and len(cell) > LONGEST_KEY:
            return Fault(number, head, "too-long"), None
        if any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in cell):
            return Fault(number, head, "control"), None
    if not cells[0]:
        return Fault(number, columns[0], "key-missing"), None
    if cells[0] in before:
        return Fault(number, columns[0], "key-twice"), None
    if None in place:
        return None, Line(tuple(cells))
    x, y = (cells[at] for at in place if at is not None)
    if not x and not y:
        return None, Line(tuple(cells))
    try:
        lon, lat = float(x), float(y)
    except ValueError:
        lon = lat = float("nan")
    if not is_point(lon, lat):
        return Fault(number, columns[place[0] or 0], "place"), None
    return None, Line(tuple(cells), lon, lat)


def _column(columns: Sequence[str], names: frozenset[str]) -> int | None:
    return next((at for at, head in enumerate(columns) if head.casefold() in names), None)


def _clean(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()
