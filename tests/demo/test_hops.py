"""Hops: what is missing on a contact's way is named, and what is there is written down."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.hops import EVERY_HOP, HopMissing, Hops
from schema.desk.timeline import Hop
from schema.ids import ContactId, uuid7
from schema.store import Store

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def hops(sqlite_url: str) -> Hops:
    watched = Hops(Store(sqlite_url), say=lambda line: None)
    watched.contact = ContactId(uuid7())
    watched.hops = [
        Hop(AT + timedelta(seconds=n), name, watched.contact, ms=1000) for n, name in enumerate(EVERY_HOP)
    ]
    return watched


def test_a_whole_way_lacks_nothing(hops: Hops) -> None:
    assert hops.missing() == []


def test_each_absent_hop_is_named(hops: Hops) -> None:
    for name in EVERY_HOP:
        whole = list(hops.hops)
        hops.hops = [hop for hop in whole if hop.hop != name]
        assert hops.missing() == [f"{name} did not happen"]
        hops.hops = whole


def test_a_hop_of_another_contact_and_a_way_out_of_order_are_told(hops: Hops) -> None:
    stranger = uuid7()
    hops.hops.append(Hop(AT, "task.sent", stranger))
    assert hops.missing() == [f"task.sent carries contact {stranger}"]
    hops.hops = list(reversed(hops.hops[:-1]))
    assert hops.missing() == ["the hops are out of order"]


def test_what_never_comes_is_waited_for_and_named(hops: Hops) -> None:
    with pytest.raises(HopMissing, match="case.rated did not happen within 0 s"):
        hops.until("case.rated", 0.1)
    with pytest.raises(HopMissing, match="no call from 1390"):
        hops.find_contact("1390", set(), 0.1)


def test_the_time_line_is_written_as_json(hops: Hops, tmp_path: Path) -> None:
    hops.write(tmp_path / "x" / "timeline.json")
    rows = json.loads((tmp_path / "x" / "timeline.json").read_text("utf-8"))
    assert [row["hop"] for row in rows] == list(EVERY_HOP)
    assert {row["contact_id"] for row in rows} == {str(hops.contact)}
    assert rows[0]["at"] == "2026-11-24T00:00:00+00:00" and rows[0]["ms"] == 1000
