"""What is answered when something is wrong: translated, and nothing typed is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from backoffice.errors import status_of
from schema.desk.errors import Refused
from schema.store import StoreUnreachable
from tests.backoffice.conftest import Town
from tests.conftest import store_url  # noqa: F401 (on both databases)


@contextmanager
def away(*_: Any) -> Iterator[None]:
    raise StoreUnreachable("the database does not answer: connection refused")
    yield


@pytest.fixture
def dark(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town whose database has just gone."""
    town.filed()
    monkeypatch.setattr(town.store, "read", away)
    monkeypatch.setattr(town.store, "work", away)
    return town


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "数据库没有响应"), ("en", "nothing you typed is lost"), ("ug", "ساندان")]
)
def test_a_page_without_its_database_says_so_and_tries_again_by_itself(
    dark: Town, language: str, words: str
) -> None:
    client = dark.app.test_client()
    client.set_cookie("gridline", "x" * 43)
    client.set_cookie("gridline_language", language)
    answer = client.get("/cases")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
    assert words in html and 'http-equiv="refresh" content="5"' in html
    assert "connection refused" not in html


def test_a_form_sent_to_a_database_that_is_away_is_kept_and_sent_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, case = town.visit("agent"), town.filed()
    with monkeypatch.context() as dark:
        dark.setattr(town.store, "read", away)
        dark.setattr(town.store, "work", away)
        fields = {"text": "已<修>好\n第二行", "order": "o", "password": "secret"}
        answer = agent.post(f"/cases/{case.case_no}/handle", fields)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 503 and 'data-retry="5"' in html and "http-equiv" not in html
    assert '<textarea name="text" hidden>已&lt;修&gt;好\n第二行</textarea>' in html
    assert f'name="csrf" value="{agent.csrf}"' in html and "secret" not in html


def test_a_script_gets_json(dark: Town) -> None:
    client = dark.app.test_client()
    client.set_cookie("gridline", "x" * 43)
    answer = client.get("/api/here")
    assert answer.status_code == 503 and answer.json["error"] == "store" and "数据库" in answer.json["text"]


def test_the_door_itself_still_shows(dark: Town) -> None:
    client = dark.app.test_client()
    client.set_cookie("gridline", "x" * 43)
    assert client.get("/login").status_code == 200


def test_what_breaks_is_noted_and_not_shown(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("backoffice.caselist.page", broken)
    answer = town.visit("agent").get("/cases")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 500 and "服务器出错" in html and "secret inside" not in html


def test_what_breaks_every_page_is_said_in_plain_words(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = town.visit("agent")

    def broken(*_: Any) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("backoffice.app.disk_alarms", broken)
    answer = visit.get("/cases")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert "服务器出错" in answer.get_data(as_text=True) and "secret inside" not in answer.get_data(
        as_text=True
    )


def test_who_lacks_a_right_is_told_which_in_their_language(town: Town) -> None:
    visit = town.visit("agent")
    for language, words in {
        "zh": "需要“查看日志”权限",
        "en": "It takes the right “",
        "ug": "ھوقۇقى كېرەك",
    }.items():
        visit.post("/language", {"language": language, "next": "/me"})
        answer = visit.get("/audit")
        assert answer.status_code == 403 and words in answer.get_data(as_text=True)


def test_what_is_not_there_is_said_with_the_bar_to_who_is_logged_in_alone(town: Town) -> None:
    visit = town.visit("supervisor")
    html = visit.get("/nothing").get_data(as_text=True)
    assert (
        'data-testid="error-page"' in html
        and 'data-testid="user-menu"' in html
        and 'href="/wallboard"' in html
    )
    assert 'data-testid="user-menu"' not in town.stranger().get("/nothing").get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing", 404), ("/api/nothing", 404), ("/static/../app.py", 404)]
)
def test_what_is_not_there(town: Town, path: str, status: int) -> None:
    answer = town.visit("agent").get(path)
    assert answer.status_code == status
    assert "没有这个页面" in (
        answer.json["text"] if path.startswith("/api") else answer.get_data(as_text=True)
    )


def test_a_method_that_is_not_meant(town: Town) -> None:
    answer = town.visit("agent").post("/cases")
    assert answer.status_code == 405 and "不能以这种方式" in answer.get_data(as_text=True)


def test_each_refusal_has_its_status() -> None:
    codes = {
        code: status_of(Refused(code, "x"))
        for code in ("not-found", "stale", "wrong-state", "bad-field", "not-allowed", "?")
    }
    assert codes == {
        "not-found": 404, "stale": 409, "wrong-state": 409, "bad-field": 400, "not-allowed": 403, "?": 400,
    }  # fmt: skip
