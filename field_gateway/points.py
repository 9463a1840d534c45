"""A position as a handset says it: degrees, or the radio cells it hears, or both; every field bounded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Time = Annotated[datetime, Meta(tz=True)]
Lon = Annotated[float, Meta(ge=-180, le=180)]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Metres = Annotated[float, Meta(ge=0, le=1_000_000)]


class Cell(Struct, frozen=True, forbid_unknown_fields=True):
    """A radio cell that is heard: `lac` is the tac of LTE and 5G; `signal` dBm; `age` ms since it was heard."""

    mcc: Annotated[int, Meta(ge=1, le=999)]
    mnc: Annotated[int, Meta(ge=0, le=999)]
    lac: Annotated[int, Meta(ge=0, le=2**24)]
    cid: Annotated[int, Meta(ge=0, le=2**36)]
    signal: Annotated[int, Meta(ge=-200, le=-1)] | None = None
    age: Annotated[int, Meta(ge=0, le=86_400_000)] = 0


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """One position. WGS-84 degrees, metres, metres a second, degrees clockwise from north.

    `fixed_at` is by the same clock as `sent`. `valid` false: the receiver has no fix; `outdated`: it repeats its last.
    """

    fixed_at: Time
    lon: Lon | None = None
    lat: Lat | None = None
    accuracy: Metres | None = None
    source: Literal["gps", "cell"] = "gps"
    speed: Annotated[float, Meta(ge=0, le=1_000)] | None = None
    bearing: Annotated[float, Meta(ge=0, le=360)] | None = None
    altitude: Annotated[float, Meta(ge=-1_000, le=20_000)] | None = None
    valid: bool = True
    outdated: bool = False
    cells: Annotated[tuple[Cell, ...], Meta(max_length=32)] = ()


def fault(points: Sequence[Point]) -> str:
    """What is wrong with a point, and where in JSON; "" when nothing is.

    A time of another century would be no time any more once it is put into another zone.
    """
    for number, point in enumerate(points):
        if (point.lon is None) != (point.lat is None) or (point.lon is None and not point.cells):
            return f"a point has both degrees, or cells - at `$.points[{number}]`"
        if not 2000 <= point.fixed_at.year < 2200:
            return f"a point is of 2000 to 2199 - at `$.points[{number}].fixed_at`"
    return ""
