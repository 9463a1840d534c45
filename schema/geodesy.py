"""Geodesy: CGCS2000 Gauss-Krüger coordinates (EPSG 4513 to 4554), and distance and area on the ellipsoid.

WGS-84 degrees are taken as CGCS2000 degrees: both are ITRF realisations on ellipsoids 0.1 mm apart, and a fix from
a handset is metres off. PROJ knows no transformation between them and would silently pick a "ballpark" one; here it
is never asked for one.
"""

import threading
from functools import cache
from typing import TYPE_CHECKING

from schema.rules.places import Ring, is_point

if TYPE_CHECKING:
    from pyproj import Geod, Transformer

CGCS2000 = "EPSG:4490"
FIRST_ZONE, LAST_ZONE = 25, 45
"""Three-degree zones of China: central meridians 75° to 135° east."""

_own = threading.local()


class OutOfZone(ValueError):
    """A place that no zone of China's grid covers."""


def zone_of(lon: float) -> int:
    """The three-degree zone whose central meridian (3° × zone) is nearest. Raises OutOfZone."""
    zone = int((lon + 1.5) // 3) if is_point(lon, 0) else 0
    if not FIRST_ZONE <= zone <= LAST_ZONE:
        raise OutOfZone(
            f"longitude {lon} lies in no three-degree zone of China ({FIRST_ZONE} to {LAST_ZONE})"
        )
    return zone


def to_grid(lon: float, lat: float, *, zone: int | None = None, prefixed: bool = True) -> tuple[float, float]:
    """Degrees → (east, north) in metres, in the zone of the place or the one given.

    `prefixed`: the easting begins with the zone number (EPSG 4513 …); else it is by central meridian (4534 …).
    """
    east, north = _transformer(zone or zone_of(lon), prefixed).transform(lon, lat, errcheck=True)
    return float(east), float(north)


def from_grid(east: float, north: float, *, zone: int | None = None) -> tuple[float, float]:
    """(east, north) in metres → degrees (lon, lat). Without `zone` the easting begins with the zone number."""
    prefixed = zone is None
    number = int(east // 1_000_000) if zone is None else zone
    lon, lat = _transformer(number, prefixed).transform(east, north, direction="INVERSE", errcheck=True)
    return float(lon), float(lat)


def distance(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The geodesic between two places, in metres."""
    return float(_ellipsoid().inv(lon1, lat1, lon2, lat2)[2])


def area(ring: Ring) -> float:
    """The area inside a ring, in square metres, whichever way round it runs."""
    return abs(float(_ellipsoid().polygon_area_perimeter([p[0] for p in ring], [p[1] for p in ring])[0]))


# PROJ is loaded when somebody measures: not every process does, and a telephone room that was killed is back sooner.


@cache
def _ellipsoid() -> "Geod":
    from pyproj import Geod

    return Geod(ellps="WGS84")


def _transformer(zone: int, prefixed: bool) -> "Transformer":
    """PROJ objects belong to the thread that made them, so each thread keeps its own."""
    from pyproj import Transformer

    if not FIRST_ZONE <= zone <= LAST_ZONE:
        raise OutOfZone(f"there is no three-degree zone {zone} in China's grid ({FIRST_ZONE} to {LAST_ZONE})")
    kept: dict[tuple[int, bool], Transformer] = _own.__dict__.setdefault("transformers", {})
    if (zone, prefixed) not in kept:
        code = (4513 if prefixed else 4534) + zone - FIRST_ZONE
        kept[zone, prefixed] = Transformer.from_crs(
            CGCS2000, f"EPSG:{code}", always_xy=True, allow_ballpark=False
        )
    return kept[zone, prefixed]
