"""The replay's page and what it asks, on films that are handed in."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.replay import MOST_EVENTS
from schema.people import AuditRow
from tests.backoffice.conftest import NOW, Town


class Films:
    """Films of one node; answers as `cti.replay.Replays` does. `part` is how far they were read."""

    def __init__(self) -> None:
        self.part = 1.0
        self.asked: list[tuple[datetime, ...]] = []
        self.found = [(NOW, "abandoned", "13800000001")]

    def nodes(self) -> list[str]:
        return ["pbx1"]

    def days(self, node: str) -> tuple[date, date]:
        return date(2026, 11, 20), date(2026, 11, 24)

    def at(self, node: str, moment: datetime) -> tuple[float, bytes | None]:
        self._known(node)
        self.asked.append((moment,))
        call = {"call": "c", "stage": "queue", "number": "138", "seat": ""}
        message = {"node": node, "full": True, "seats": {"101": {"number": "138"}}, "calls": {"c": call}}
        return self.part, json.dumps(message).encode() if self.part == 1 else None

    def events(
        self, node: str, begin: datetime, end: datetime
    ) -> tuple[float, list[tuple[datetime, str, str]]]:
        self._known(node)
        self.asked.append((begin, end))
        return self.part, self.found

    def _known(self, node: str) -> None:
        if node != "pbx1":
            raise LookupError(node)


@pytest.fixture
def films(town: Town) -> Films:
    made = Films()
    town.app.extensions["gridline"] = replace(town.app.extensions["gridline"], replays=made)
    return made


def looks(town: Town) -> list[tuple[str, str]]:
    with town.store.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.what == "replay.see")).all()
    return [(row.login, row.subject) for row in rows]


def test_the_page_offers_the_tapes_that_are_here(town: Town, films: Films) -> None:
    html = town.visit("supervisor").text("/replay")
    assert '<option value="pbx1" data-first="2026-11-20" data-last="2026-11-24">' in html
    assert "replay-slider" in html and "no-tape" not in html


def test_where_there_is_no_tape_it_says_so(town: Town) -> None:
    boss = town.visit("supervisor")
    assert "没有话务磁带" in boss.text("/replay")
    assert boss.get("/api/replay/pbx1/day?day=2026-11-24").status_code == 404


def test_a_day_is_the_sites_and_the_present_one_ends_now(town: Town, films: Films) -> None:
    boss = town.visit("supervisor")
    told = boss.get("/api/replay/pbx1/day?day=2026-11-24").json
    begin = datetime.fromisoformat("2026-11-24T00:00:00+08:00")
    assert films.asked == [(begin, NOW)] and datetime.fromisoformat(told["begin"]) == begin
    assert told["events"] == [{"at": NOW.isoformat(), "what": "abandoned", "about": "13800000001"}]
    boss.get("/api/replay/pbx1/day?day=2026-11-20")
    assert films.asked[-1][1] - films.asked[-1][0] == timedelta(days=1)


def test_a_look_at_a_day_is_audited_once_however_often_the_page_asks(town: Town, films: Films) -> None:
    films.part = 0.5
    boss = town.visit("supervisor")
    for more in ("", "&again=1", "&again=1"):
        assert boss.get(f"/api/replay/pbx1/day?day=2026-11-23{more}").json["part"] == 0.5
    assert looks(town) == [("supervisor", "pbx1 2026-11-23")]


def test_a_floor_of_the_past_is_cut_as_the_live_one_is(town: Town, films: Films) -> None:
    told: dict[str, Any] = {}
    for post in ("supervisor", "admin"):
        visit = town.visit(post)
        told[post] = visit.get("/api/replay/pbx1/at?time=2026-11-24T12:00:00").json["message"]
        about = visit.get("/api/replay/pbx1/day?day=2026-11-24").json["events"][0]["about"]
        assert bool(about) is (post == "supervisor")
    assert films.asked[0] == (datetime.fromisoformat("2026-11-24T12:00:00+08:00"),)
    assert told["supervisor"]["calls"]["c"]["number"] == "138"
    assert told["admin"]["calls"] == {} and told["admin"]["seats"]["101"]["number"] is None
    assert town.visit("agent").get("/api/replay/pbx1/at?time=2026-11-24T12:00:00").status_code == 403


def test_while_the_tape_is_read_there_is_no_floor_yet(town: Town, films: Films) -> None:
    films.part = 0.25
    answer = town.visit("supervisor").get("/api/replay/pbx1/at?time=2026-11-24T12:00:00Z").json
    assert answer == {"part": 0.25, "message": None}


def test_a_day_with_very_many_events_says_how_many_more(town: Town, films: Films) -> None:
    films.found = films.found * (MOST_EVENTS + 7)
    told = town.visit("supervisor").get("/api/replay/pbx1/day?day=2026-11-24").json
    assert (len(told["events"]), told["more"]) == (MOST_EVENTS, 7)


@pytest.mark.parametrize("path", [
    "pbx9/day?day=2026-11-24", "pbx1/day?day=", "pbx1/day?day=0001-01-01", "pbx1/day",
    "pbx9/at?time=2026-11-24T12:00:00",
    "pbx1/at?time=noon", "pbx1/at", "pbx1/at?time=9999-12-31T23:59:59",
])  # fmt: skip
def test_what_is_no_node_day_or_time_is_not_found(town: Town, films: Films, path: str) -> None:
    answer = town.visit("supervisor").get(f"/api/replay/{path}")
    assert (answer.status_code, answer.json["error"]) == (404, "not-found")
