"""Recordings: to those who may, in ranges, each look one row."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backoffice.office import ONE_LOOK
from backoffice.sound import MOST, range_of
from schema.ids import uuid7
from schema.people import AuditRow
from schema.recordings import Recording
from tests.backoffice.conftest import Town

BODY = b"RIFF" + bytes(range(196))


def recorded(town: Town, state: str = "kept", **changes: Any) -> UUID:
    id = uuid7()
    row = {
        "id": id, "contact": uuid7(), "call": uuid7(), "node": "pbx1", "leg": str(id), "name": "x", "state": state,
        "seat": "101", "seconds": 1.5, "started_at": town.clock(),
    }  # fmt: skip
    with town.store.work() as work:
        work.session.add(Recording(**row | changes))
    for side in ("mix", "citizen", "seat"):
        town.player.sounds[id, side] = BODY
    return id


def looks(town: Town) -> list[str]:
    with town.store.read() as session:
        return list(session.scalars(select(AuditRow.subject).where(AuditRow.what == "recording.play")))


def test_the_whole_and_a_range(town: Town) -> None:
    agent, id = town.visit("agent"), recorded(town)
    whole = agent.get(f"/recordings/{id}/mix")
    assert whole.status_code == 200 and whole.data == BODY and whole.mimetype == "audio/ogg"
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = agent.get(f"/recordings/{id}/citizen", headers={"Range": "bytes=4-9"})
    assert part.status_code == 206 and part.data == BODY[4:10]
    assert part.headers["Content-Range"] == "bytes 4-9/200" and part.headers["Content-Length"] == "6"
    bad = agent.get(f"/recordings/{id}/mix", headers={"Range": "bytes=200-"})
    assert bad.status_code == 416 and bad.headers["Content-Range"] == "bytes */200"


def test_one_listening_is_one_look_however_many_requests_it_takes(town: Town) -> None:
    agent, id = town.visit("agent"), recorded(town)
    for _ in range(3):
        agent.get(f"/recordings/{id}/mix", headers={"Range": "bytes=0-"})
        agent.get(f"/api/recordings/{id}/wave")
    assert looks(town) == [str(id)]
    town.visit("supervisor").get(f"/recordings/{id}/mix")
    assert len(looks(town)) == 2
    town.clock.now += ONE_LOOK + timedelta(seconds=1)
    agent.get(f"/recordings/{id}/mix")
    assert len(looks(town)) == 3


def test_the_waveform_has_both_sides(town: Town) -> None:
    told = town.visit("agent").get(f"/api/recordings/{recorded(town)}/wave").json
    assert set(told) == {"citizen", "seat"} and max(told["seat"]) <= 1 and len(told["citizen"]) == 200


def test_what_is_not_there_is_not_found_and_no_look(town: Town) -> None:
    agent, id = town.visit("agent"), recorded(town)
    gone = recorded(town)
    town.player.sounds.clear()
    for path in (
        f"/recordings/{uuid7()}/mix", "/recordings/x/mix", f"/recordings/{id}/other", f"/recordings/{gone}/mix",
        f"/recordings/{recorded(town, 'spool')}/mix", f"/api/recordings/{uuid7()}/wave", f"/api/recordings/{gone}/wave",
    ):  # fmt: skip
        assert agent.get(path).status_code == 404, path
    assert looks(town) == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("bytes=0-", (0, 100)), ("bytes=0-0", (0, 1)), ("bytes=90-500", (90, 100)), ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)), ("bytes=100-", None), ("bytes=9-5", None), ("bytes=-", None), ("bytes=-0", None),
        ("bytes=0-1,5-6", None), ("lines=1-2", None), ("bytes=a-b", None), ("", None),
    ],
)  # fmt: skip
def test_ranges(text: str, span: tuple[int, int] | None) -> None:
    assert range_of(text, 100) == span
    assert range_of("bytes=0-", 0) is None


def test_a_range_without_an_end_is_answered_in_part() -> None:
    assert range_of("bytes=5-", MOST + 100) == (5, MOST + 5)
    assert range_of("bytes=5-", 100) == (5, 100)
    assert range_of(f"bytes=5-{MOST + 50}", MOST + 100) == (5, MOST + 51)


def test_the_case_page_offers_the_player_and_says_what_is_missing(town: Town) -> None:
    case = town.filed()
    id = recorded(town, contact=case.contact)
    recorded(town, "missing", contact=case.contact, reason="disk full")
    html = town.visit("agent").text(f"/cases/{case.case_no}")
    assert f'data-player="{id}"' in html and "录音缺失" in html and "disk full" in html
