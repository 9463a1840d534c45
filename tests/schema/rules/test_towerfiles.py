"""Files of radio cells as OpenCelliD has them."""

import pytest

from schema.rules.celltowers import Tower
from schema.rules.towerfiles import Area, BadRow, read_box, read_row, read_rows

GOOD = "LTE,460,0,22547,81927937,0,120.159,30.267,1312,57,1,1459692342,1488347104,-97".split(",")  # noqa: SIM905


def but(place: int, value: str) -> list[str]:
    return [value if at == place else one for at, one in enumerate(GOOD)]


def test_a_line_is_a_cell() -> None:
    cell = Tower((460, 0, 22547, 81927937), 120.159, 30.267, 1312, 57, 1459692342, 1488347104)
    assert read_row(GOOD) == cell
    names = "radio mcc net area cell unit lon lat range samples changeable created updated averageSignal"
    header = names.split()
    assert list(read_rows([header, GOOD, []])) == [(2, "LTE", cell)]
    assert list(read_rows([GOOD])) == [(1, "LTE", cell)]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (GOOD[:9], "9 columns"),
        (but(0, "WIFI"), "none of"),
        (but(1, "0"), "called"),
        (but(4, "99999999999999"), "called"),
        (but(4, "x"), "invalid literal"),
        (but(6, "181"), "no place"),
        (but(7, "nan"), "no place"),
        ([*GOOD[:6], "0", "0", *GOOD[8:]], "no place"),
        (but(8, "-1"), "reaches"),
        (but(8, "inf"), "reaches"),
        (but(12, "1e30"), "century"),
    ],
)
def test_what_is_none_says_why_and_stops_nobody(row: list[str], why: str) -> None:
    with pytest.raises(BadRow, match=why):
        read_row(row)
    found = list(read_rows([row, GOOD]))
    assert isinstance(found[0][2], BadRow) and isinstance(found[1][2], Tower)


def test_only_what_is_wanted_is_taken() -> None:
    cell = read_row(GOOD)
    assert Area().has(cell) and Area(frozenset({460})).has(cell) and not Area(frozenset({250})).has(cell)
    assert Area(box=read_box("120,30,121,31")).has(cell) and not Area(box=read_box("121,30,122,31")).has(cell)
    for text in ("1,2,3", "2,0,1,1", "a,b,c,d", "0,0,1,91"):
        with pytest.raises(ValueError):
            read_box(text)
