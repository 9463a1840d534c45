"""The wallboard's page and its figures."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from backoffice.office import Office
from backoffice.wallboard import queue_names
from conf.services import Service
from schema.calls import QueueEntryRow
from tests.backoffice.conftest import NOW, Town, plain


def answered(town: Town, wait: float) -> None:
    call = town.call(queued_at=NOW)
    with town.store.work() as work:
        work.session.add(
            QueueEntryRow(call=call.id, n=1, node="pbx1", queue="hotline", entered_at=NOW,
                          ended_at=NOW + timedelta(seconds=wait), result="answered")
        )  # fmt: skip


def test_the_figures_stand_first_each_with_what_it_is_of(town: Town) -> None:
    for wait in (5, 20):
        answered(town, wait)
    boss = town.visit("supervisor")
    html = boss.text("/wallboard")
    words = plain(html)
    assert "50.0% 2 次中的 1 次，目标 80%" in words and "100.0% 2 次中的 2 次，目标 95%" in words
    assert (
        words.index("15 秒接通率")
        < words.index("接通率 100.0%")
        < words.index("平均应答时间 12.5 秒 按 2 次通话计")
    )
    assert "自 2026-11-24 00:00 起" in words
    told = boss.get("/wallboard/figures").json
    assert told["queues"] == {"hotline": {"level": "50.0%", "of": "2 次中的 1 次"}}
    assert [(tile["name"], tile["value"], tile["good"]) for tile in told["tiles"][:2]] == [
        ("service", "50.0%", False), ("connect", "100.0%", True),
    ]  # fmt: skip


def test_an_empty_day_shows_dashes_and_no_alarm(town: Town) -> None:
    html = town.visit("admin").text("/wallboard")
    assert "–" in html and 'data-good="false"' not in html


def test_a_supervisor_has_orders_and_a_telephone_on_the_board_an_admin_and_a_wall_have_none(
    town: Town,
) -> None:
    boss = town.visit("supervisor")
    desk, wall = boss.text("/wallboard"), boss.text("/wallboard?wall=1")
    admin = town.visit("admin").text("/wallboard")
    for html, there in ((desk, True), (wall, False), (admin, False)):
        for part in ("data-phone ", "data-seatmenu", "data-reasondialog", "jssip"):
            assert (part in html) is there, part
    assert 'class="wide wall"' in wall and "css/wall" in wall and "css/wall" not in desk


def test_the_boards_softphone_may_reach_the_seats_pbx(town: Town) -> None:
    csp = town.visit("supervisor").get("/wallboard").headers["Content-Security-Policy"]
    assert "connect-src 'self' ws://127.0.0.1:8188;" in csp
    assert "connect-src 'self';" in town.visit("admin").get("/wallboard").headers["Content-Security-Policy"]


def test_queues_are_called_by_their_services_in_the_readers_language(town: Town) -> None:
    found: Any = town.app.extensions["gridline"]
    assert isinstance(found, Office)
    services = (
        Service(zh="热线", en="hotline"), Service(name="water", zh="水务", queue="water"),
        Service(name="gas", queue="water"),
    )  # fmt: skip
    found = replace(found, settings=replace(found.settings, services=services))
    with town.app.test_request_context():
        from flask import g

        g.language = "zh"
        assert queue_names(found) == {"hotline": "热线", "water": "水务 / gas"}
