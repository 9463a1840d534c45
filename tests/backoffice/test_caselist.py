"""The list of cases: found by everything a person may ask for, a page at a time, counted honestly."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from schema.desk import casecount
from schema.desk import caselist as desk
from schema.desk.cases import dispatch_case
from schema.ids import CaseId
from schema.orders import DispatchCase
from schema.store import StoreUnreachable
from tests.backoffice.conftest import CELL, Town, plain
from tests.conftest import store_url  # noqa: F401 (on both databases)


def numbers(html: str) -> list[str]:
    return re.findall(r'data-testid="case-link">([^<]+)<', html)


def link(html: str, name: str) -> str:
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*data-testid="{name}"', html)
    return found[1].replace("&amp;", "&") if found else ""


def found(town: Town, **asked: Any) -> list[str]:
    answer = town.visit("agent").get("/cases", query_string=asked)
    assert answer.status_code == 200, plain(answer.get_data(as_text=True))
    return numbers(answer.get_data(as_text=True))


def test_an_empty_list_says_so_and_a_filed_case_appears_in_it(town: Town) -> None:
    agent = town.visit("agent")
    assert "还没有案卷" in agent.text("/cases")
    case = town.filed()
    assert numbers(agent.text("/cases")) == numbers(agent.text("/cases/rows")) == [case.case_no]
    assert agent.get("/cases/count").json == {"count": 1, "text": "共 1 件"}


def test_the_list_is_found_by_words_numbers_and_telephones(town: Town) -> None:
    light = town.filed(address="文三路 12 号")
    noise = town.filed(title="夜间施工噪声", text="工地", number="13800000002", citizen="李先生")
    for query, only in (
        (light.case_no.lower(), light), ("噪声", noise), ("13800000002", noise), ("138 0000 0002", noise),
        ("三天", light), ("灯", light), ("夜间 工地", noise), ("王女士", light), ("文三路 -施工", light),
        ('"路灯不亮"', light), ("12", light),
    ):  # fmt: skip
        assert found(town, q=query) == [only.case_no], query
    assert found(town, q=light.case_no[:11]) == [noise.case_no, light.case_no]
    assert found(town, q="路灯 工地") == [] == found(town, q="100%")


def test_what_is_said_later_is_found_too(town: Town) -> None:
    case = town.filed()
    with town.store.work() as work:
        order = DispatchCase(
            case=CaseId(case.id), worker=town.users["worker"].id, note="请带梯子", by=town.users["agent"].id
        )
        dispatch_case(work, order)
    assert found(town, q="梯子 路灯") == [case.case_no]


def test_every_filter_chooses(town: Town) -> None:
    first = town.filed()
    town.clock.now += timedelta(days=2)
    second = town.filed(
        class_="social", kind="service", number="13900000009", language="ug", title="ئىشىك", text="چىراق"
    )
    with town.store.work() as work:
        order = DispatchCase(
            case=CaseId(second.id), worker=town.users["worker"].id, by=town.users["agent"].id
        )
        dispatch_case(work, order)
    only_first: list[dict[str, Any]] = [
        {"state": "filed"}, {"kind": "complaint"}, {"class": "government"}, {"number": "13800000001"},
        {"language": "zh"}, {"made_to": "2026-11-25"},
    ]  # fmt: skip
    only_second: list[dict[str, Any]] = [
        {"state": ["dispatched", "closed"]}, {"kind": "service"}, {"language": "ug"}, {"made_from": "2026-11-26"},
        {"worker": str(town.users["worker"].id)}, {"q": "چىراقلار"[:5]},
    ]  # fmt: skip
    for asked in only_first:
        assert found(town, **asked) == [first.case_no], asked
    for asked in only_second:
        assert found(town, **asked) == [second.case_no], asked
    both: list[dict[str, Any]] = [
        {"cell": CELL}, {"cell": "330106"}, {"light": "in-time"}, {"channel": ""}, {"confidential": "no"},
        {"by": str(town.users["agent"].id)}, {"due_from": "2026-11-24"}, {"state": ["filed", "dispatched"]},
    ]  # fmt: skip
    for asked in both:
        assert found(town, **asked) == [second.case_no, first.case_no], asked
    none: list[dict[str, Any]] = [
        {"cell": "3302"}, {"light": ["over", "done"]}, {"channel": "phone"}, {"category": "02"},
        {"department": "0" * 32}, {"confidential": "yes"},
        {"rating": "1"}, {"closed_to": "2027-01-01"},
    ]  # fmt: skip
    for asked in none:
        assert found(town, **asked) == [], asked
    assert found(town, sort="made-asc") == [first.case_no, second.case_no]


def test_a_filter_is_shown_in_words_and_can_be_taken_away(town: Town) -> None:
    town.filed()
    agent = town.visit("agent")
    html = agent.text("/cases?state=filed&state=closed&kind=complaint&q=灯")
    assert "状态: 立案" in plain(html) and "性质: 投诉" in plain(html)
    address = dict(parse_qsl(urlsplit(link(html, "list-chip")).query))
    assert address == {"q": "灯", "state": "closed", "kind": "complaint"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("q=-灯", "至少要有一个"), ("q=%25%25", "没有可以查询"), ("q=" + "+".join(map(str, range(50))), "词语太多"),
        ("q=" + "a" * 300, "词语太多"), ("made_from=yesterday", "2026-11-24"), ("worker=x", "没有这个人"),
        ("made_from=2026-02-02&made_to=2026-01-01", "结束日期早于"), ("number=abc", "电话号码是"),
        ("cell=12x", "网格编码是"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_and_is_no_error_page(town: Town, asked: str, said: str) -> None:
    town.filed()
    answer = town.visit("agent").get(f"/cases?{asked}")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400 and said in html and "请改正" in html and numbers(html) == []
    assert town.visit("agent").get(f"/cases/count?{asked}").json == {"count": None, "text": ""}


@pytest.mark.parametrize(
    "asked",
    ["state=nonsense&sort=x&at=nonsense", "at=a.99999999999999999." + "0" * 32, "at=a..", "made_from=0001-01-01",
     "made_to=9999-12-31", "rating=0", "light="],
)  # fmt: skip
def test_a_broken_address_shows_what_it_can(town: Town, asked: str) -> None:
    case = town.filed()
    assert numbers(town.visit("agent").text(f"/cases?{asked}")) in ([case.case_no], [])


ORDERS = (
    '"',
    '""',
    '-""',
    "NOT",
    "AND OR",
    "*",
    "'",
    "a' | 'b",
    '"a" OR "b"',
    "(灯",
    "\\",
    "a:b",
    "\x00灯",
    "𠀀",
)


def test_what_databases_take_for_orders_is_words_to_us(town: Town) -> None:
    town.filed()
    agent = town.visit("agent")
    for query in ORDERS:
        assert agent.get("/cases", query_string={"q": query}).status_code in (200, 400), query


@pytest.mark.parametrize("sort", ["made", "made-asc", "due", "due-desc"])
@pytest.mark.parametrize("words", ["", "灯"])
def test_pages_go_there_and_back_and_new_cases_shift_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, sort: str, words: str
) -> None:
    monkeypatch.setattr(desk.page, "__defaults__", (None, 2))
    cases = []
    for days in (0, 0, 3, 40, 400):
        town.clock.now += timedelta(days=days)
        cases.append(town.filed().case_no)
    expected = cases if sort in ("made-asc", "due") else cases[::-1]
    agent = town.visit("agent")
    first = agent.text(f"/cases?sort={sort}&q={words}")
    assert numbers(first) == expected[:2] and not link(first, "list-before")
    second = agent.text(link(first, "list-after"))
    assert numbers(second) == expected[2:4]
    third = agent.text(link(second, "list-after"))
    assert numbers(third) == expected[4:] and not link(third, "list-after")
    back = agent.text(link(third, "list-before"))
    assert numbers(back) == expected[2:4]
    newer = town.filed().case_no
    assert numbers(agent.text(link(first, "list-after"))) == expected[2:4]
    front = agent.text(link(back, "list-before"))
    assert numbers(front) == expected[:2]
    if sort == "made":
        assert numbers(agent.text(link(front, "list-before"))) == [newer]
    assert numbers(agent.text(f"/cases?sort={sort}&q={words}")) == numbers(
        agent.text(link(third, "list-first"))
    )


def test_the_count_is_exact_up_to_a_limit_and_says_so_beyond(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        town.filed()
    monkeypatch.setattr("backoffice.caselist.COUNTED", 2)
    monkeypatch.setattr(casecount.count, "__defaults__", (2, casecount.PATIENCE))
    agent = town.visit("agent")
    for asked in ("", "q=灯"):
        assert agent.get(f"/cases/count?{asked}").json == {"count": None, "text": "超过 2 件"}


def test_a_count_that_was_cut_off_says_at_least(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = town.visit("agent")
    for language, least, nothing in (
        ("zh", "至少 1,234 件（计数超时）", "计数超时，件数未知"),
        ("en", "at least 1,234 cases (counting took too long)", "counting took too long, the number is not known"),
        ("ug", "ئاز دېگەندە \u20681,234\u2069 دېلو (ساناش ۋاقتى بەك ئۇزۇن)", "ساناش ۋاقتى بەك ئۇزۇن، سانى نامەلۇم"),
    ):  # fmt: skip
        agent.post("/language", {"language": language})
        for found, said in ((1_234, least), (0, nothing)):
            cut = casecount.Count(found, whole=False)
            monkeypatch.setattr("backoffice.caselist.count", lambda *_, cut=cut: cut)
            assert agent.get("/cases/count").json == {"count": None, "text": said}


def test_a_list_that_takes_too_long_says_what_to_do(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.filed()

    class Slow:
        def __enter__(self) -> list[str]:
            return ["too long"]

        def __exit__(self, *_: object) -> bool:
            return True

    def stopped(*_: Any) -> None:
        raise StoreUnreachable("as if it had been stopped")

    monkeypatch.setattr("backoffice.caselist.patient", lambda *_: Slow())
    monkeypatch.setattr("backoffice.caselist.page", stopped)
    agent = town.visit("agent")
    assert "查询耗时过长" in agent.text("/cases")
