"""The door: a password, digits after wrong tries, a second step – and no session before all of it held."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from backoffice.door import HALF_COOKIE
from backoffice.guard import SESSION_COOKIE
from conf.door import Door
from schema.desk import captcha, people, second
from schema.desk.passwords import hashed
from schema.desk.people import find_user
from schema.doors import Captcha
from schema.people import AuditRow, User
from tests.backoffice.conftest import Town, Visit, plain

PASSWORD = "a long password"
HASH = hashed(PASSWORD)


@pytest.fixture
def known(town: Town) -> Town:
    with town.store.work() as work:
        for post in ("agent", "admin", "worker", "supervisor"):
            user = find_user(work.session, post)
            assert user is not None
            user.password = HASH
    return town


def settle(town: Town, **changes: Any) -> None:
    """Another setting of the door."""
    office = town.app.extensions["gridline"]
    town.app.extensions["gridline"] = replace(office, settings=replace(office.settings, door=Door(**changes)))


def try_(visit: Visit, login: str = "agent", password: str = PASSWORD, **more: str) -> Any:
    return visit.post("/login", {"login": login, "password": password, **more})


def asked(answer: Any) -> dict[str, str]:
    """The captcha of a page, solved."""
    found = re.search(r'name="captcha" value="([^"]+)"', answer.get_data(as_text=True))
    assert found, "no captcha"
    return {"captcha": found[1]}


def solved(town: Town, answer: Any) -> dict[str, str]:
    shown = asked(answer)
    with town.store.read() as session:
        return shown | {"digits": session.get_one(Captcha, shown["captcha"]).answer}


def is_in(visit: Visit) -> bool:
    return visit.client.get_cookie(SESSION_COOKIE) is not None


def rows(town: Town) -> list[tuple[str, bool, str]]:
    with town.store.read() as session:
        found = session.scalars(select(AuditRow).order_by(AuditRow.id))
        return [(row.what, row.allowed, row.reason) for row in found]


def enrolled(town: Town, login: str = "agent") -> str:
    """A second factor for somebody; its secret. The clock goes on, so that the next code is a fresh one."""
    sealer = town.app.extensions["gridline"].sealer
    with town.store.work() as work:
        user = find_user(work.session, login)
        assert user is not None
        secret = second.begin(work, user.id, sealer)
        assert second.confirm(work, user.id, pyotp.TOTP(secret).at(town.clock.now), sealer)
    town.clock.now += timedelta(minutes=2)
    return secret


# -- the digits ------------------------------------------------------------------------------------------------


def test_after_three_wrong_tries_digits_are_asked_for_before_a_password_is_looked_at(
    known: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = known.stranger()
    for _ in range(2):
        assert "login-captcha" not in try_(visit, password="wrong").get_data(as_text=True)
    page = try_(visit, password="wrong")
    assert page.status_code == 401 and "login-captcha" in page.get_data(as_text=True)

    def never(*_: object) -> bool:
        raise AssertionError("argon2 was spent")

    with monkeypatch.context() as watched:
        watched.setattr(people, "verified", never)
        first = try_(visit)
        assert first.status_code == 401 and "重新输入密码" in first.get_data(as_text=True)
        wrong = try_(visit, **asked(first), digits="x")
        assert wrong.status_code == 401 and "验证码不正确" in wrong.get_data(as_text=True)
        assert PASSWORD not in wrong.get_data(as_text=True)
    answer = try_(visit, **solved(known, wrong))
    assert answer.status_code == 303 and is_in(visit)
    assert ("log-in", False, "wrong digits") in rows(known)


def test_digits_are_taken_once_and_in_time(known: Town) -> None:
    visit = known.stranger()
    for _ in range(3):
        page = try_(visit, password="wrong")
    right = solved(known, page)
    page = try_(visit, password="wrong", **right)
    assert try_(visit, **right).status_code == 401 and not is_in(visit)
    late = solved(known, page)
    known.clock.now += captcha.LASTS
    assert try_(visit, **late).status_code == 401 and not is_in(visit)


def test_an_address_with_wrong_tries_is_asked_at_once_and_no_longer_after_a_while(known: Town) -> None:
    visit = known.stranger()
    for name in ("nobody1", "nobody2", "nobody3"):
        try_(visit, name, "wrong")
    assert "login-captcha" in known.stranger().text("/login")
    assert try_(known.stranger(), "admin").status_code == 401
    known.clock.now += people.LATELY + timedelta(seconds=1)
    assert "login-captcha" not in known.stranger().text("/login")
    assert try_(known.stranger(), "admin").status_code == 303


def test_a_login_nobody_has_is_asked_as_a_real_one_is(known: Town) -> None:
    pages = []
    for name in ("agent", "nobody"):
        visit = known.stranger()
        for _ in range(3):
            page = try_(visit, name, "wrong")
        pages.append(re.sub(r'(captcha/|value="|content="|data-now=")[^"]+', "", page.get_data(as_text=True)))
        known.clock.now += people.LATELY * 5
    assert pages[0] == pages[1]


def test_a_picture_and_a_sound_say_the_digits_a_dozen_times(known: Town) -> None:
    visit = known.stranger()
    for _ in range(3):
        page = try_(visit, password="wrong")
    id = asked(page)["captcha"]
    picture, sound = visit.get(f"/login/captcha/{id}.png"), visit.get(f"/login/captcha/{id}.wav")
    assert picture.data.startswith(b"\x89PNG") and picture.mimetype == "image/png"
    assert sound.data[:4] == b"RIFF" and sound.mimetype == "audio/wav" and len(sound.data) > 20_000
    for _ in range(captcha.MOST_SERVED - 2):
        assert visit.get(f"/login/captcha/{id}.png").status_code == 200
    assert visit.get(f"/login/captcha/{id}.png").status_code == 404
    assert visit.get("/login/captcha/nothing.png").status_code == 404


def test_other_digits_are_to_be_had_without_losing_the_name(known: Town) -> None:
    visit = known.stranger()
    for _ in range(3):
        page = try_(visit, password="wrong")
    other = visit.post("/login", {"login": "agent", "another": "1"})
    assert other.status_code == 200 and 'value="agent"' in other.get_data(as_text=True)
    assert asked(other) != asked(page)


def test_a_site_may_do_without_digits(known: Town) -> None:
    settle(known, captcha_after=0)
    visit = known.stranger()
    for _ in range(4):
        assert "login-captcha" not in try_(visit, password="wrong").get_data(as_text=True)
    assert try_(visit).status_code == 303


# -- the second step -------------------------------------------------------------------------------------------


def test_with_a_second_factor_the_password_alone_opens_nothing(known: Town) -> None:
    secret = enrolled(known)
    visit = known.stranger()
    answer = try_(visit, next="/cases?state=filed")
    assert (answer.status_code, answer.location) == (303, "/login/step") and not is_in(visit)
    assert visit.get("/cases").status_code == 302, "half-way in is not in"
    assert "第二步" in visit.text("/login/step")
    wrong = visit.post("/login/code", {"code": "000000"})
    assert wrong.status_code == 401 and not is_in(visit)
    code = pyotp.TOTP(secret).at(known.clock.now)
    assert visit.post("/login/code", {"code": code}).location == "/login/step"
    answer = visit.get("/login/step")
    assert answer.location == "/cases?state=filed" and is_in(visit)
    assert visit.get("/cases").status_code == 200
    assert visit.client.get_cookie(HALF_COOKIE, path="/login") is None
    assert rows(known)[-4:] == [
        ("door.second-on", True, ""), ("door.first", True, ""), ("door.code", False, "wrong code"),
        ("log-in", True, "second factor"),
    ]  # fmt: skip
    again = known.stranger()
    try_(again)
    assert again.post("/login/code", {"code": code}).status_code == 401, "a code is taken once"


def test_the_password_over_and_over_does_not_lift_the_lock_of_wrong_codes(known: Town) -> None:
    secret = enrolled(known)
    settle(known, captcha_after=0)
    visit = known.stranger()
    for _ in range(people.FREE_TRIES):
        assert try_(visit).location == "/login/step"
        assert visit.post("/login/code", {"code": "000000"}).status_code == 401
    locked = visit.post("/login/code", {"code": pyotp.TOTP(secret).at(known.clock.now)})
    assert locked.status_code == 429 and "30 秒" in locked.get_data(as_text=True) and not is_in(visit)
    assert try_(visit).status_code == 429


def test_steps_cannot_be_skipped_or_taken_without_a_password(known: Town) -> None:
    enrolled(known)
    visit = known.stranger()
    for path in ("code", "enrol", "password"):
        assert (
            visit.post(f"/login/{path}", {"code": "1", "fresh": "another long one"}).location == "/login/step"
        )
    assert visit.get("/login/step").location == "/login"
    try_(visit)
    for path in ("enrol", "password"):
        answer = visit.post(
            f"/login/{path}", {"code": "1", "fresh": "another long one", "again": "another long one"}
        )
        assert answer.location == "/login/step" and not is_in(visit)
    assert visit.post("/login/leave").location == "/login"
    assert visit.get("/login/step").location == "/login"


def test_a_post_that_must_have_one_enrols_on_the_way_in(known: Town) -> None:
    settle(known, second_factor_for=("admin",))
    assert try_(known.stranger()).location == "/", "other posts need none"
    visit = known.stranger()
    assert try_(visit, "admin").location == "/login/step" and not is_in(visit)
    html = visit.text("/login/step")
    secret = re.sub(r"\s", "", re.search(r'data-testid="second-secret">([^<]+)<', html)[1])  # type: ignore[index]
    assert "<svg" in html and "style=" not in html
    assert secret in re.sub(r"\s", "", visit.text("/login/step")), "looking again shows the same"
    assert visit.post("/login/enrol", {"code": "000000"}).status_code == 401
    done = visit.post("/login/enrol", {"code": pyotp.TOTP(secret).at(known.clock.now)})
    assert done.get_data(as_text=True).count('<li class="ltr id">') == second.CODES and not is_in(visit)
    assert visit.get("/login/step").location == "/" and is_in(visit)


def test_a_given_password_is_changed_before_anything_else_opens(known: Town) -> None:
    with known.store.work() as work:
        people.set_password(work, "agent", "given by somebody", temporary=True)
    visit = known.stranger()
    assert try_(visit, password="given by somebody").location == "/login/step" and not is_in(visit)
    for fresh, again, said in (
        ("short", "short", "至少要有 8"), ("my own secret", "my own secrets", "不一致"),
        ("given by somebody", "given by somebody", "相同"), ("agent agent", "agent agent", "拼成"),
    ):  # fmt: skip
        answer = visit.post("/login/password", {"fresh": fresh, "again": again})
        assert answer.status_code == 400 and said in plain(answer.get_data(as_text=True)), fresh
    answer = visit.post("/login/password", {"fresh": "my own secret", "again": "my own secret"})
    assert answer.status_code == 303 and is_in(visit)
    assert try_(known.stranger(), password="given by somebody").status_code == 401
    assert try_(known.stranger(), password="my own secret").location == "/"
    with known.store.read() as session:
        assert not session.scalars(select(User.password_temporary).where(User.login == "agent")).one()


def test_a_lost_key_file_is_said_plainly_and_opens_nothing(known: Town) -> None:
    enrolled(known)
    key = known.settings.var / "keys" / "door.key"
    key.unlink()
    office = known.app.extensions["gridline"]
    known.app.extensions["gridline"] = replace(office)  # another process, which has not read the key yet
    visit = known.stranger()
    try_(visit)
    answer = visit.post("/login/code", {"code": "123456"})
    assert answer.status_code == 503 and "密钥文件" in answer.get_data(as_text=True) and not is_in(visit)
    assert not key.exists()
