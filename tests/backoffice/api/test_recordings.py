"""Recordings: found, fetched whole or in ranges, and each listening written down."""

from datetime import timedelta
from typing import Any

from schema.ids import uuid7
from tests.backoffice.api.conftest import Program, program
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.conftest import Town
from tests.backoffice.test_sound import BODY, looks, recorded


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [one["id"] for one in answer.json["items"]]


def test_they_are_found_by_call_agent_state_and_time(crm: Program) -> None:
    town, call = crm.town, uuid7()
    old = str(recorded(town, started_at=town.clock() - timedelta(days=1), call=call))
    new, missing = str(recorded(town, seat="102")), str(recorded(town, "missing", reason="the disk was full"))
    assert set(ids(crm.get("/recordings"))) == {old, new, missing} and ids(crm.get("/recordings"))[-1] == old
    assert ids(crm.get(f"/recordings?call={call}")) == [old]
    assert ids(crm.get("/recordings?agent=102")) == [new]
    assert ids(crm.get("/recordings?state=missing")) == [missing]
    assert ids(crm.get("/recordings?until=2026-11-24T00:00:00Z")) == [old]
    assert set(ids(crm.get("/recordings?since=2026-11-24T00:00:00Z"))) == {new, missing}
    first = crm.get("/recordings?limit=2").json
    assert ids(crm.get(f"/recordings?limit=2&cursor={first['next']}")) == [old]
    assert crm.get(f"/recordings/{missing}").json["reason"] == "the disk was full"
    assert looks(town) == []


def test_the_sound_whole_and_in_ranges_is_one_look(crm: Program) -> None:
    town, id = crm.town, recorded(crm.town)
    town.player.sounds[id, "citizen"] = b"RIFFcitizen"
    whole = crm.get(f"/recordings/{id}/audio")
    assert (whole.status_code, whole.data, whole.mimetype) == (200, BODY, "audio/ogg")
    part = crm.get(f"/recordings/{id}/audio?side=citizen", Range="bytes=4-6")
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"cit", "bytes 4-6/11")
    assert crm.get(f"/recordings/{id}/audio?side=agent").data == BODY
    late = crm.get(f"/recordings/{id}/audio", Range="bytes=900-")
    assert (late.status_code, late.json["code"], late.headers["Content-Range"]) == (
        416,
        "range",
        "bytes */200",
    )
    assert looks(town) == [str(id)]


def test_what_is_not_kept_cannot_be_heard(crm: Program) -> None:
    town = crm.town
    lost, gone = recorded(town, "missing", reason="the disk was full"), recorded(town)
    town.player.sounds.clear()
    answer = crm.get(f"/recordings/{lost}/audio")
    assert (answer.status_code, answer.json["detail"]) == (404, "the recording is missing: the disk was full")
    assert crm.get(f"/recordings/{gone}/audio").status_code == 404
    assert (
        crm.get(f"/recordings/{uuid7()}").status_code
        == crm.get(f"/recordings/{uuid7()}/audio").status_code
        == 404
    )
    assert looks(town) == []


def test_without_on_behalf_only_those_of_the_own_agent(town: Town) -> None:
    mine, other = recorded(town), recorded(town, seat="102")
    agent = program(town, "agent")
    assert ids(agent.get("/recordings")) == [str(mine)]
    assert agent.get(f"/recordings/{mine}/audio").status_code == 200
    for path in (f"/recordings/{other}", f"/recordings/{other}/audio"):
        assert agent.get(path).status_code == 404
    assert looks(town) == [str(mine)]
