"""The list of cases and the page of one."""

from datetime import timedelta

import pytest

from tests.backoffice.conftest import CELL, Town, plain


def test_an_empty_list_says_so_and_a_filed_case_appears_in_it(town: Town) -> None:
    agent = town.visit("agent")
    assert "还没有案卷" in agent.text("/cases")
    case = town.filed()
    assert case.case_no in agent.text("/cases") and case.case_no in agent.text("/cases/rows")


def test_the_list_is_searched_by_number_words_and_state(town: Town) -> None:
    agent = town.visit("agent")
    light = town.filed()
    noise = town.filed(title="夜间施工噪声", text="工地", number="13800000002")
    for query, found in (
        (light.case_no, light), ("噪声", noise), ("13800000002", noise), ("三天", light),
    ):  # fmt: skip
        html = agent.get("/cases", query_string={"q": query}).get_data(as_text=True)
        assert found.case_no in html
        assert (light if found is noise else noise).case_no not in html
    assert "没有符合条件的案卷" in agent.text("/cases?q=100%25")
    assert "没有符合条件的案卷" in agent.text("/cases?state=closed")
    assert light.case_no in agent.text("/cases?state=nonsense&before=nonsense")


def test_the_list_goes_on_where_a_page_ends(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.cases.PER_PAGE", 2)
    numbers = [town.filed().case_no for _ in range(3)]
    agent = town.visit("agent")
    html = agent.text("/cases")
    assert numbers[0] not in html and numbers[1] in html and numbers[2] in html
    older = html.split('href="/cases?q=')[1].split('"')[0].replace("&amp;", "&")
    html = agent.text("/cases?q=" + older)
    assert numbers[0] in html and numbers[1] not in html


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
