"""The hint of duplicates in the case form, and the page on which a supervisor chooses its threshold."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from schema.choices import Choice
from schema.ids import uuid7
from schema.people import AuditRow
from schema.rules.duplicates import THRESHOLD
from schema.rules.languages import LANGUAGES
from tests.backoffice.conftest import CELL, Town, Visit, plain
from tests.conftest import store_url  # noqa: F401 (on both databases)

TYPED = {
    "class_": "government", "kind": "complaint", "title": "街灯坏了", "text": "文三路晚上没有路灯。", "cell": CELL,
    "address": "", "lon": "120.1602", "lat": "30.27", "number": "13700000009", "citizen": "",
}  # fmt: skip


def ask(visit: Visit, **changes: Any) -> Any:
    return visit.post("/api/duplicates", json={**TYPED, "contact": str(uuid7()), **changes})


def test_an_agent_who_types_sees_the_earlier_case_and_why(town: Town) -> None:
    case = town.filed(lon=120.16, lat=30.27)
    (told,) = ask(town.visit("agent")).json
    assert (told["case_no"], told["title"], told["state"]) == (case.case_no, "路灯不亮", "立案")
    assert (told["age"], told["away"], told["made"]) == ("不到一天前", "相距 19 米", "2026-11-24 16:00")
    assert told["percent"] > 100 * THRESHOLD
    assert told["reasons"][:3] == ["位置相距 19 米：占 35%", "都涉及路灯：占 27%", "一天之内：占 17%"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reasons_are_in_the_language_of_the_page(town: Town, language: str) -> None:
    town.filed(lon=120.16, lat=30.27)
    clerk = town.visit("clerk")
    clerk.client.set_cookie("gridline_language", language)
    clerk.post("/language", {"language": language})
    (told,) = ask(clerk).json
    words = " ".join([told["age"], told["away"], *told["reasons"]])
    script = {"zh": "[\u4e00-\u9fff]", "en": "[a-z]", "ug": "[\u0620-\u06ff]"}
    assert re.search(script[language], words) and "duplicate." not in words
    assert not any(re.search(script[other], words) for other in LANGUAGES if other != language)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "家里停水了", "text": "整栋楼都没水"},
        {"lon": "east", "lat": "", "cell": "no such place", "contact": "x"},
        {"title": ["x"], "text": {"a": 1}, "cell": None, "lon": True, "lat": "1e999", "number": 7},
        {"title": "\0\ud800\u202e", "text": "\0" * 9999, "cell": "\0", "number": "\0", "address": "𠀀" * 300},
        dict.fromkeys(TYPED, ""),
    ],
)
def test_what_is_typed_half_or_wrong_is_no_trouble(town: Town, changes: dict[str, Any]) -> None:
    town.filed(lon=120.16, lat=30.27)
    answer = ask(town.visit("agent"), **changes)
    assert answer.status_code == 200 and answer.json == []


@pytest.mark.parametrize("body", ["[]", "7", "no json", ""])
def test_what_is_no_form_is_refused(town: Town, body: str) -> None:
    agent = town.visit("agent")
    answer = agent.client.post(
        "/api/duplicates", data=body, content_type="application/json", headers={"X-CSRF": agent.csrf}
    )
    assert answer.status_code == 400


def test_the_form_has_a_place_for_the_hint_that_is_told_to_who_cannot_see(town: Town) -> None:
    for path, post in (("/cases/new", "clerk"), ("/seat", "agent")):
        html = town.visit(post).text(path)
        hint = re.search(r"<section[^>]*data-duplicates.*?</section>", html, re.S)
        assert hint is not None and " hidden" in hint[0] and 'aria-label="可能已有相同案卷"' in hint[0]
        assert re.search(r'role="status" data-likelytold', html)


def test_a_supervisor_chooses_the_threshold_and_everybody_sees_who_did(town: Town) -> None:
    town.filed(lon=120.16, lat=30.27)
    boss, agent = town.visit("supervisor"), town.visit("agent")
    assert 'value="70"' in boss.text("/duplicates") and "还没有人更改过" in boss.text("/duplicates")
    order = str(uuid7())
    for _ in range(2):
        assert boss.post("/duplicates", {"order": order, "percent": "95"}).location == "/duplicates"
    html = boss.text("/duplicates")
    assert 'value="95"' in html and "supervisor 某 95%" in plain(html)
    assert ask(agent).json == []
    with town.store.read() as session:
        assert session.scalars(select(Choice.value)).all() == [0.95]
        assert ("duplicates.set", "95%") in [
            (row.what, row.subject) for row in session.scalars(select(AuditRow))
        ]
    assert "/duplicates" in boss.text("/cases") and "/duplicates" not in agent.text("/cases")


@pytest.mark.parametrize("percent", ["", "29", "96", "many", "nan", "-inf"])
def test_a_threshold_that_makes_no_sense_is_refused_in_words(town: Town, percent: str) -> None:
    answer = town.visit("supervisor").post("/duplicates", {"order": str(uuid7()), "percent": percent})
    assert answer.status_code == 400 and "30 到 95" in answer.get_data(as_text=True)
    with town.store.read() as session:
        assert session.scalars(select(Choice)).all() == []
