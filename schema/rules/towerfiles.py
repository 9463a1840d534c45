"""Files of radio cells in the form of OpenCelliD: a line of text → a cell, or why it is none. Pure.

Columns: radio, mcc, net, area, cell, unit, lon, lat, range, samples, changeable, created, updated, averageSignal; times
are Unix seconds. A first line with these names may be there or not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schema.rules.celltowers import Tower

RADIOS = frozenset({"GSM", "UMTS", "CDMA", "LTE", "NR"})
LATEST = 4_102_444_800.0
"""Unix seconds of the year 2100: a later time is a slip."""


class BadRow(ValueError):
    """A line is not a cell; the text says why."""


@dataclass(frozen=True, slots=True)
class Area:
    """What of a file is wanted: these country codes (none: all), in this box of degrees (None: anywhere)."""

    countries: frozenset[int] = frozenset()
    box: tuple[float, float, float, float] | None = None

    def has(self, tower: Tower) -> bool:
        """Whether this cell is wanted."""
        if self.countries and tower.key[0] not in self.countries:
            return False
        if self.box is None:
            return True
        west, south, east, north = self.box
        return west <= tower.lon <= east and south <= tower.lat <= north


def read_box(text: str) -> tuple[float, float, float, float]:
    """Degrees "west,south,east,north". Raises ValueError."""
    west, south, east, north = (float(part) for part in text.split(","))
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("a box is west,south,east,north in degrees")
    return west, south, east, north


def read_rows(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str, Tower | BadRow]]:
    """The number of each line, its radio, and the cell or what is wrong with it."""
    for number, row in enumerate(rows, 1):
        if not row or (number == 1 and row[0].strip().lower() == "radio"):
            continue
        try:
            yield number, row[0].strip().upper(), read_row(row)
        except BadRow as bad:
            yield number, "", bad


def read_row(row: Sequence[str]) -> Tower:
    """A line's cell. Raises BadRow."""
    if len(row) < 13:
        raise BadRow(f"{len(row)} columns instead of 14")
    if row[0].strip().upper() not in RADIOS:
        raise BadRow(f"{row[0][:20]!r} is none of {', '.join(sorted(RADIOS))}")
    try:
        mcc, mnc, lac, cid = (int(row[at]) for at in (1, 2, 3, 4))
        lon, lat, reach = (float(row[at]) for at in (6, 7, 8))
        samples = int(row[9])
        created, updated = (float(row[at]) for at in (11, 12))
    except ValueError as error:
        raise BadRow(str(error)) from None
    if not (1 <= mcc <= 999 and 0 <= mnc <= 999 and 0 <= lac < 2**32 and 0 <= cid < 2**40):
        raise BadRow(f"no cell is called {mcc}-{mnc}-{lac}-{cid}")
    # "not <=" also where a number is NaN.
    if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon == 0 and lat == 0):
        raise BadRow(f"{lon}, {lat} is no place")
    if not 0 <= reach <= 1_000_000:
        raise BadRow(f"no cell reaches {reach} metres")
    if not (0 <= created <= LATEST and 0 <= updated <= LATEST):
        raise BadRow("a time is not of this century")
    return Tower((mcc, mnc, lac, cid), lon, lat, reach, min(max(samples, 0), 2**31 - 1), created, updated)
