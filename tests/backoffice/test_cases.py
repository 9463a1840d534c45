"""The page of one case."""

from datetime import timedelta

import pytest

from tests.backoffice.conftest import CELL, Town, plain
from tests.conftest import store_url  # noqa: F401 (on both databases)


def test_the_page_shows_the_request_its_state_and_the_whole_way(town: Town) -> None:
    case = town.filed(lon=120.16, lat=30.27)
    agent = town.visit("agent")
    for ref in (case.case_no, str(case.id)):
        words = plain(agent.text(f"/cases/{ref}"))
        for part in (
            case.case_no,
            "路灯不亮",
            "王女士",
            "13800000001",
            CELL,
            "文三路网格",
            "120.160000, 30.270000",
        ):
            assert part in words
        assert str(case.contact) in words
    part = agent.text(f"/cases/{case.case_no}/part")
    places = [part.index(f'data-hop="case.{hop}"') for hop in ("collected", "accepted", "filed")]
    assert places == sorted(places)


@pytest.mark.parametrize("ref", ["ZW-20260101-0001", "x", "0" * 32])
def test_a_case_that_is_not_there_is_said_plainly(town: Town, ref: str) -> None:
    answer = town.visit("agent").get(f"/cases/{ref}")
    assert answer.status_code == 404 and "没有这个案卷" in answer.get_data(as_text=True)


def test_what_a_citizen_says_is_text_and_never_markup(town: Town) -> None:
    case = town.filed(title="<script>alert(1)</script>", text="</textarea><img src=x onerror=alert(1)>")
    html = town.visit("agent").text(f"/cases/{case.case_no}")
    assert "<script>alert" not in html and "<img src=x" not in html and "&lt;script&gt;" in html


def test_times_are_shown_in_the_sites_zone(town: Town) -> None:
    town.clock.now += timedelta(hours=9)
    case = town.filed()
    assert "2026-11-25 01:00:00" in town.visit("agent").text(f"/cases/{case.case_no}")


def test_a_deadline_says_how_it_was_counted_in_the_readers_language(town: Town) -> None:
    case = town.filed()
    agent = town.visit("agent")
    agent.post("/language", {"language": "zh"})
    chinese = plain(agent.text(f"/cases/{case.case_no}"))
    assert "个工作日" in chinese and "超出已知的工作日历" in chinese  # this town has no calendar
    assert '"unit"' not in chinese
