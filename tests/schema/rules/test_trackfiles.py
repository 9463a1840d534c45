"""A track as files of other programs."""

import csv as reader
import io
from datetime import UTC, datetime
from xml.etree import ElementTree

from schema.rules.trackfiles import COLUMNS, csv, gpx

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
GPX = "{http://www.topografix.com/GPX/1/1}"


def test_gpx_has_a_segment_for_each_piece_and_a_name_of_any_kind() -> None:
    at = NOW.timestamp()
    text = gpx(
        "张三 <&> \x07 2026-11-24", [[(at, 120.1, 30.2), (at + 5, 120.2, 30.3)], [(at + 900, 120.3, 30.4)]]
    )
    root = ElementTree.fromstring(text)
    assert root.findtext(f"{GPX}trk/{GPX}name") == "张三 <&>  2026-11-24"
    segments = root.findall(f"{GPX}trk/{GPX}trkseg")
    assert [len(one) for one in segments] == [2, 1]
    point = segments[0][0]
    assert (point.get("lat"), point.get("lon")) == ("30.200000", "120.100000")
    assert point.findtext(f"{GPX}time") == "2026-11-24T10:00:00Z"
    assert ElementTree.fromstring(gpx("nothing", [])).findall(f"{GPX}trk/{GPX}trkseg") == []


def test_csv_has_every_column_and_no_formula() -> None:
    row = [NOW, -120.1, None, 8.0, "gps", "", *[None] * 8, "=hs1", ""]
    lines = list(csv([row]))
    found = list(reader.reader(io.StringIO("".join(lines).lstrip("\ufeff"))))
    assert found[0] == list(COLUMNS) and len(row) == len(COLUMNS)
    assert (
        found[1][:6] == ["2026-11-24T10:00:00.000Z", "-120.1", "", "8.0", "gps", ""]
        and found[1][14] == "'=hs1"
    )
