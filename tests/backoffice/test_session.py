"""The session: in, out, and in which language."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from backoffice.guard import LANGUAGE_COOKIE, SESSION_COOKIE
from conf.door import Door
from schema.desk.passwords import hashed
from schema.desk.people import find_user
from schema.people import AuditRow
from tests.backoffice.conftest import Town

PASSWORD = "a long password"
HASH = hashed(PASSWORD)


@pytest.fixture
def known(town: Town) -> Town:
    with town.store.work() as work:
        for post in ("agent", "admin", "worker", "supervisor"):
            user = find_user(work.session, post)
            assert user is not None
            user.password = HASH
            user.language = "en"
    return town


def test_the_right_password_opens_and_leads_to_ones_work(known: Town) -> None:
    for post, home in (
        ("agent", "/seat"),
        ("supervisor", "/wallboard"),
        ("admin", "/wallboard"),
        ("worker", "/me"),
    ):
        visit = known.stranger()
        answer = visit.post("/login", {"login": post, "password": PASSWORD})
        assert (answer.status_code, answer.location) == (303, "/")
        cookie = next(
            value for value in answer.headers.getlist("Set-Cookie") if value.startswith(SESSION_COOKIE + "=")
        )
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Secure" not in cookie
        assert visit.get("/").location == home
        assert visit.get(home).status_code == 200


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x", "x"]
)
def test_nobody_is_sent_to_somebody_elses_address(known: Town, next_: str) -> None:
    answer = known.stranger().post("/login", {"login": "agent", "password": PASSWORD, "next": next_})
    assert answer.location == "/"


def test_one_comes_back_to_the_page_one_asked_for(known: Town) -> None:
    visit = known.stranger()
    answer = visit.get("/cases?state=filed")
    assert answer.location == "/login?next=/cases?state=filed"
    html = visit.text(answer.location)
    assert 'name="next" value="/cases?state=filed"' in html
    answer = visit.post("/login", {"login": "agent", "password": PASSWORD, "next": "/cases?state=filed"})
    assert answer.location == "/cases?state=filed"


def test_a_wrong_password_is_said_plainly_and_then_the_door_shuts(known: Town) -> None:
    visit = known.stranger()
    office = known.app.extensions["gridline"]
    plain_door = replace(office.settings, door=Door(captcha_after=0))
    known.app.extensions["gridline"] = replace(office, settings=plain_door)
    for _ in range(5):
        answer = visit.post("/login", {"login": "agent", "password": "wrong"})
        assert answer.status_code == 401 and "不正确" in answer.get_data(as_text=True)
    answer = visit.post("/login", {"login": "agent", "password": PASSWORD})
    assert answer.status_code == 429
    html = answer.get_data(as_text=True)
    assert "30 秒" in html and "2026-11-24 16:00:30" in html and 'value="agent"' in html
    assert PASSWORD not in html
    assert visit.post("/login", {"login": "", "password": ""}).status_code == 400


def test_log_out_ends_the_session_at_once(known: Town) -> None:
    agent = known.visit("agent")
    assert agent.post("/logout").location == "/login"
    assert agent.get("/cases").location.startswith("/login")
    with known.store.read() as session:
        assert [row.what for row in session.scalars(select(AuditRow))][-1] == "log-out"


def test_logging_in_anew_does_not_leave_the_old_session_open(known: Town) -> None:
    agent = known.visit("agent")
    old = agent.client.get_cookie(SESSION_COOKIE)
    agent.post("/login", {"login": "agent", "password": PASSWORD})
    assert old is not None
    fresh = known.app.test_client()
    fresh.set_cookie(SESSION_COOKIE, old.value)
    assert fresh.get("/cases").status_code == 302


def test_the_language_is_switched_for_the_user_and_in_a_cookie(town: Town) -> None:
    agent = town.visit("agent")
    assert '<html lang="zh" dir="ltr"' in agent.text("/cases")
    answer = agent.post("/language", {"language": "ug", "next": "/cases?q=x"})
    assert answer.location == "/cases?q=x"
    assert '<html lang="ug" dir="rtl"' in agent.text("/cases")
    assert '<html lang="ug"' in town.visit("agent").text("/cases"), "the next session too"
    cookie = agent.client.get_cookie(LANGUAGE_COOKIE)
    assert cookie is not None and cookie.value == "ug"
    agent.post("/language", {"language": "tlh"})
    assert '<html lang="ug"' in agent.text("/cases")


def test_a_strangers_language_is_the_browsers_then_the_cookies(town: Town) -> None:
    visit = town.stranger()
    for asked, given in (("en-GB,zh;q=0.5", "en"), ("fr", "zh"), ("fr, ug;q=0.3", "ug"), ("en;q=0", "zh")):
        answer = visit.get("/login", headers={"Accept-Language": asked})
        assert f'<html lang="{given}"' in answer.get_data(as_text=True)
    visit.post("/language", {"language": "en"})
    assert '<html lang="en"' in visit.text("/login")


def test_the_door_is_passed_by_who_is_in(town: Town) -> None:
    agent = town.visit("agent")
    assert agent.get("/login?next=/cases").location == "/cases"
    assert agent.get("/api/here").json == {"login": "agent"}
    assert agent.text("/me")
