"""One's own page: another password, a second factor on and off, and where one is logged in."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from backoffice.own import browser_name
from schema.desk import second
from schema.desk.people import FREE_TRIES, find_user
from schema.people import AuditRow, WebSession
from tests.backoffice.conftest import Town, Visit, plain
from tests.backoffice.test_door import HASH, PASSWORD, settle

FRESH = "three pears on a wall"


@pytest.fixture
def known(town: Town) -> Town:
    with town.store.work() as work:
        user = find_user(work.session, "agent")
        assert user is not None
        user.password = HASH
    return town


def change(visit: Visit, password: str = PASSWORD, fresh: str = FRESH, again: str = FRESH) -> tuple[int, str]:
    answer = visit.post("/me/password", {"password": password, "fresh": fresh, "again": again})
    return answer.status_code, plain(answer.get_data(as_text=True))


def is_on(town: Town) -> bool:
    with town.store.read() as session:
        return second.is_on(session, town.users["agent"].id)


def test_a_browser_is_called_as_people_call_it() -> None:
    chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    for agent, name in {
        f"Mozilla/5.0 (X11; Linux x86_64) {chrome}": "Chrome · Linux",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chrome} Edg/140.0": "Edge · Windows",
        f"Mozilla/5.0 (Linux; Android 14) {chrome}": "Chrome · Android",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1": "Safari · iPhone",
        "curl/8": "curl/8",
    }.items():
        assert browser_name(agent) == name


def test_a_changed_password_ends_every_other_session_but_this(known: Town) -> None:
    agent, other = known.visit("agent"), known.visit("agent")
    assert change(agent)[0] == 303
    assert other.get("/me").status_code == 302
    assert "密码已更改" in agent.text("/me?done=password")
    with known.store.read() as session:
        assert len(session.scalars(select(WebSession)).all()) == 1
        assert session.scalars(select(AuditRow.what)).all() == ["door.password"]
    assert known.stranger().post("/login", {"login": "agent", "password": FRESH}).status_code == 303


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"password": "wrong"}, 401, "当前密码不正确"),
        ({"fresh": "short", "again": "short"}, 400, "至少要有 8"),
        ({"again": "another"}, 400, "不一致"),
        ({"fresh": "password1", "again": "password1"}, 400, "常见密码"),
        ({"fresh": "agent1234", "again": "agent1234"}, 400, "拼成"),
        ({"fresh": PASSWORD, "again": PASSWORD}, 400, "相同"),
    ],
)
def test_what_will_not_do_is_said_and_changes_nothing(
    known: Town, given: dict[str, str], status: int, said: str
) -> None:
    agent = known.visit("agent")
    assert change(agent, **given)[0] == status
    assert said in change(agent, **given)[1]
    with known.store.read() as session:
        user = find_user(session, "agent")
    assert user is not None and user.password == HASH


def test_a_stolen_session_cannot_try_passwords_without_end(known: Town) -> None:
    agent = known.visit("agent")
    for _ in range(FREE_TRIES):
        assert change(agent, "wrong")[0] == 401
    status, words = change(agent)
    assert status == 401 and "30 秒" in words


def test_a_second_factor_is_taken_into_use_with_password_and_code_and_put_off_with_a_code(
    known: Town,
) -> None:
    agent = known.visit("agent")
    assert agent.post("/me/second", {"password": "wrong"}).status_code == 401
    html = agent.post("/me/second", {"password": PASSWORD}).get_data(as_text=True)
    secret = re.sub(r"\s", "", re.search(r'data-testid="second-secret">([^<]+)<', html)[1])  # type: ignore[index]

    def code() -> str:
        known.clock.now += timedelta(seconds=60)
        return pyotp.TOTP(secret).at(known.clock.now)

    assert agent.post("/me/second/confirm", {"code": "000000"}).status_code == 401 and not is_on(known)
    shown = agent.post("/me/second/confirm", {"code": code()}).get_data(as_text=True)
    codes = re.findall(r'<li class="ltr id">([^<]+)<', shown)
    assert len(codes) == 10 and is_on(known)
    assert "剩余恢复码 10 个" in agent.text("/me") and codes[0] not in agent.text("/me")
    assert agent.post("/me/second/confirm", {"code": code()}).location == "/me"
    assert agent.post("/me/second/codes", {"code": "000000"}).status_code == 401
    fresh = agent.post("/me/second/codes", {"code": code()}).get_data(as_text=True)
    assert not set(codes) & set(re.findall(r'<li class="ltr id">([^<]+)<', fresh))
    assert agent.post("/me/second/off", {"code": codes[0]}).status_code == 401 and is_on(known)
    assert agent.post("/me/second/off", {"code": code()}).location == "/me?done=second" and not is_on(known)


def test_where_the_post_must_have_one_it_is_not_put_off(known: Town) -> None:
    settle(known, second_factor_for=("agent",))
    agent = known.visit("agent")
    answer = agent.post("/me/second/off", {"code": "000000"})
    assert answer.status_code == 403 and "必须" in answer.get_data(as_text=True)


def test_one_sees_where_one_is_logged_in(known: Town) -> None:
    agent = known.visit("agent")
    known.visit("agent")
    html = agent.text("/me")
    assert html.count("<tr><td><time") == 2 and html.count("本机") == 1
