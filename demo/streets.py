"""The demo city's ground: twelve adjacent grid cells in two invented streets (街道), two communities (社区) each."""

from dataclasses import dataclass

WEST, SOUTH = 120.150, 30.260
WIDE, HIGH = 0.006, 0.005
"""Degrees of one cell, before its corners are moved a little off the square."""

STREETS = (("青荷街道", ("石榴社区", "竹影社区")), ("松涛街道", ("晨光社区", "望亭社区")))
COLUMNS, ROWS = 4, 3

# How far each corner lies off the square, in millionths of a degree (east, north); row by row from the south west.
_OFF = (
    ((0, 0), (310, -120), (-240, 90), (180, 140), (0, 0)),
    ((-150, 210), (-280, 160), (220, -190), (-130, 250), (190, -80)),
    ((120, -170), (260, 240), (-310, 130), (270, -220), (-160, 180)),
    ((0, 0), (-190, 150), (140, -130), (-250, 60), (0, 0)),
)


@dataclass(frozen=True, slots=True)
class Plot:
    """One grid cell to be: `ring` in WGS-84 degrees; `column` from the west tells whose patch it is."""

    code: str
    name: str
    ring: list[list[float]]
    column: int


def plots(district: str) -> list[Plot]:
    """The twelve cells; `district` is the first six digits of their codes."""
    found = []
    for column in range(COLUMNS):
        street, communities = STREETS[column // 2]
        for row in range(ROWS):
            code = f"{district}{column // 2 + 1:03d}{column % 2 + 1:03d}{row + 1:03d}"
            name = f"{street}{communities[column % 2]}第{'一二三'[row]}网格"
            corners = ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
            found.append(Plot(code, name, [_corner(*corner) for corner in corners], column))
    return found


def _corner(column: int, row: int) -> list[float]:
    east, north = _OFF[row][column]
    return [
        round(WEST + column * WIDE + east / 1_000_000, 6),
        round(SOUTH + row * HIGH + north / 1_000_000, 6),
    ]
