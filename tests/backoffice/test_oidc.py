"""Log-in by another house, by a real provider: who is let in, who is not, and what is said when it is away."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.guard import SESSION_COOKIE
from conf.door import Door, Oidc
from conf.ports import free_ports
from schema.desk.people import find_user
from schema.doors import OidcFlow
from schema.people import AuditRow, User
from tests.backoffice.conftest import Town, Visit, plain
from tests.backoffice.test_door import HASH, PASSWORD, enrolled
from tests.real.oidc import CLIENT, SECRET, OidcServer, real_oidc

pytestmark = pytest.mark.real
HERE = "http://127.0.0.1:1"
BACK = HERE + "/login/oidc/back"


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcServer]:
    with real_oidc(free_ports(1)[0], BACK, HERE + "/login") as server:
        yield server


@pytest.fixture
def sso(town: Town, provider: OidcServer) -> Town:
    town.clock.now = datetime.now(UTC)
    settle(town, provider.issuer)
    return town


def settle(town: Town, issuer: str, door: Door = Door(), **more: Any) -> None:  # noqa: B008 (frozen)
    office = town.app.extensions["gridline"]
    oidc = Oidc(
        issuer=issuer, client_id=CLIENT, client_secret=SECRET, label="市政统一认证", address=HERE, **more
    )
    town.app.extensions["gridline"] = replace(office, settings=replace(office.settings, oidc=oidc, door=door))


def came_back(visit: Visit, provider: OidcServer, login: str, next: str = "/cases") -> Any:
    """What the site answers when somebody has logged in over there."""
    out = visit.get(f"/login/oidc?next={next}")
    assert out.status_code == 302
    return visit.get(provider.through(out.location, login, BACK).removeprefix(HERE))


def is_in(visit: Visit) -> bool:
    return visit.client.get_cookie(SESSION_COOKIE) is not None


def rows(town: Town) -> list[tuple[str, bool, str]]:
    with town.store.read() as session:
        found = session.scalars(select(AuditRow).order_by(AuditRow.id))
        return [(row.login, row.allowed, row.reason) for row in found]


def test_somebody_who_proved_it_there_is_in_and_goes_where_they_wanted(
    sso: Town, provider: OidcServer
) -> None:
    visit = sso.stranger()
    assert "用市政统一认证登录" in plain(visit.text("/login"))
    page = came_back(visit, provider, "agent", "/cases?state=filed")
    assert page.status_code == 200 and is_in(visit)
    assert 'http-equiv="refresh" content="0;url=/cases?state=filed"' in page.get_data(as_text=True)
    cookies = page.headers.getlist("Set-Cookie")
    assert next(c for c in cookies if c.startswith(SESSION_COOKIE + "=")).count("SameSite=Strict") == 1
    assert visit.get("/cases").status_code == 200
    assert rows(sso) == [("agent", True, "oidc")]
    with sso.store.read() as session:
        assert session.scalars(select(OidcFlow)).all() == []


def test_the_way_out_offers_to_leave_the_other_house_too(sso: Town, provider: OidcServer) -> None:
    visit = sso.stranger()
    came_back(visit, provider, "agent")
    csrf = re.search(r'name="csrf" content="([^"]+)"', visit.text("/cases"))
    assert csrf
    out = visit.post("/logout", {"csrf": csrf[1]})
    assert out.location == "/login?left=oidc" and 'href="/login/oidc/leave"' in visit.text(out.location)
    assert visit.get("/login/oidc/leave").location.startswith(
        f"{provider.issuer}/session/end?client_id={CLIENT}"
    )


def test_nobody_is_let_in_by_a_name_that_is_nobody_here(sso: Town, provider: OidcServer) -> None:
    visit = sso.stranger()
    answer = came_back(visit, provider, "newcomer")
    assert (
        answer.status_code == 401 and "没有对应的用户" in answer.get_data(as_text=True) and not is_in(visit)
    )
    assert rows(sso)[-1] == ("", False, "nobody here")
    assert came_back(sso.stranger(), provider, "agent").status_code == 200
    other = came_back(sso.stranger(), provider, "agent:2")
    assert other.status_code == 401, "another subject of the same name is somebody else"


def test_a_site_may_add_newcomers_with_one_post(sso: Town, provider: OidcServer) -> None:
    settle(sso, provider.issuer, post="clerk")
    visit = sso.stranger()
    assert came_back(visit, provider, "newcomer").status_code == 200 and is_in(visit)
    with sso.store.read() as session:
        user = find_user(session, "newcomer")
    assert user is not None and (user.post, user.name) == ("clerk", "newcomer of the city")


def test_a_second_factor_here_is_asked_for_unless_the_other_house_has_one(
    sso: Town, provider: OidcServer
) -> None:
    enrolled(sso)
    visit = sso.stranger()
    page = came_back(visit, provider, "agent")
    assert 'url=/login/step"' in page.get_data(as_text=True) and not is_in(visit)
    assert visit.get("/cases").status_code == 302 and "第二步" in visit.text("/login/step")
    sso.clock.now = datetime.now(UTC)
    settle(sso, provider.issuer, second_factor_there=True)
    visit = sso.stranger()
    assert came_back(visit, provider, "agent").status_code == 200 and is_in(visit)


def test_a_password_that_is_due_does_not_concern_who_did_not_use_it(sso: Town, provider: OidcServer) -> None:
    with sso.store.work() as work:
        work.session.scalars(select(User).where(User.login == "agent")).one().password_temporary = True
    visit = sso.stranger()
    assert came_back(visit, provider, "agent").status_code == 200 and is_in(visit)


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?code=y", "?error=access_denied"])
def test_what_nobody_set_out_for_is_not_taken(sso: Town, query: str) -> None:
    visit = sso.stranger()
    answer = visit.get("/login/oidc/back" + query)
    assert answer.status_code == 400 and "重新登录" in answer.get_data(as_text=True) and not is_in(visit)


def test_an_answer_is_taken_once_and_in_the_browser_it_was_asked_from(
    sso: Town, provider: OidcServer
) -> None:
    visit, thief = sso.stranger(), sso.stranger()
    back = provider.through(visit.get("/login/oidc").location, "agent", BACK).removeprefix(HERE)
    thief.get("/login/oidc")
    assert thief.get(back).status_code == 400 and not is_in(thief)
    assert visit.get(back).status_code == 200 and is_in(visit)
    fresh = sso.stranger()
    assert fresh.get(back).status_code == 400 and not is_in(fresh)


def test_a_refusal_over_there_and_a_forged_code_are_said_plainly(sso: Town) -> None:
    for query, said in (("error=access_denied", "已取消"), ("error=server_error", "未能证明"),
                        ("code=forged", "未能证明")):  # fmt: skip
        visit = sso.stranger()
        state = re.search(r"state=([^&]+)", visit.get("/login/oidc").location)
        assert state
        issuer = sso.app.extensions["gridline"].settings.oidc.issuer
        answer = visit.get(f"/login/oidc/back?state={state[1]}&iss={issuer}&{query}")
        assert answer.status_code == 401 and said in answer.get_data(as_text=True) and not is_in(visit)
    assert [allowed for _, allowed, _ in rows(sso)] == [False] * 3


def test_without_the_setting_there_is_no_button_and_no_page(town: Town) -> None:
    visit = town.stranger()
    assert "login-oidc" not in visit.text("/login")
    for path in ("/login/oidc", "/login/oidc/back?state=x", "/login/oidc/leave"):
        assert visit.get(path).status_code == 404


def test_with_the_other_house_away_that_is_said_and_the_password_still_opens(town: Town) -> None:
    settle(town, f"http://127.0.0.1:{free_ports(1)[0]}")
    with town.store.work() as work:
        work.session.scalars(select(User).where(User.login == "agent")).one().password = HASH
    visit = town.stranger()
    for path in ("/login/oidc", "/login/oidc/leave"):
        answer = visit.get(path)
        assert answer.status_code == 503 and "暂时无法连接" in answer.get_data(as_text=True)
    assert visit.post("/login", {"login": "agent", "password": PASSWORD}).status_code == 303 and is_in(visit)
