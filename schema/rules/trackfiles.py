"""A track as files of other programs: GPX 1.1 (Topografix) of what is trusted, CSV of everything stored. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from schema.rules.csvsafe import BOM, line
from schema.rules.simplifying import Spot

COLUMNS = (
    "fixed_at", "lon", "lat", "accuracy", "source", "flag", "made_lon", "made_lat", "made_accuracy", "speed", "bearing",
    "altitude", "told_at", "received_at", "device", "cells",
)  # fmt: skip


def gpx(name: str, pieces: Sequence[Sequence[Spot]]) -> str:
    """A GPX file with a segment for each piece."""
    segments = "".join(
        "<trkseg>" + "".join(_point(spot) for spot in piece) + "</trkseg>\n" for piece in pieces
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="Gridline" xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"<trk><name>{escape(_plain(name))}</name>\n{segments}</trk></gpx>\n"
    )


def csv(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file of rows in the order of `COLUMNS`; None is empty, times are UTC."""
    yield BOM + line(COLUMNS)
    for row in rows:
        yield line(_told(value) for value in row)


def _point(spot: Spot) -> str:
    at = datetime.fromtimestamp(spot[0], UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f'<trkpt lat="{spot[2]:.6f}" lon="{spot[1]:.6f}"><time>{at}</time></trkpt>'


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return "" if value is None else value


def _plain(text: str) -> str:
    # XML has no place for control characters, not even escaped.
    return "".join(one for one in text if one >= " ")
