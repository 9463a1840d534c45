"""A handset is enrolled by a code, once; a worker logs in on it, and out; nobody else comes in."""

import base64
import json
import secrets
from datetime import timedelta
from typing import Any

from pytest_twisted import ensureDeferred

from conf.settings import Settings
from schema.desk.handsets import secret_fits
from schema.fieldaccess import HandsetCode
from schema.handsets import Handset
from schema.people import AuditRow, User
from tests.field_gateway.door.site import Told, basic, house, password

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode().rstrip("=")


def shown(**said: Any) -> bytes:
    return json.dumps(said).encode()


@ensureDeferred
async def test_a_code_enrols_one_handset_and_its_lost_answer_is_told_again(
    site: Settings, sqlite_url: str
) -> None:
    async with house(site, sqlite_url) as here:
        code = here.code()
        typed = code.lower().replace("-", " ")
        first: Told = await here.ask(
            "POST", "/field/v1/enrol", shown(code=typed, public_key=KEY, label="蓝色")
        )
        assert first.status == 201 and here.admitted == [1]
        device, secret = first.json["device"], first.json["secret"]
        assert first.json["mqtt"] == f"ws://127.0.0.1:{site.broker.ws_port}"
        with here.store.read() as session:
            row = session.get_one(Handset, device)
            assert secret_fits(row.secret, secret) and row.worker == here.street.one.id
            assert session.query(HandsetCode).one().label == "蓝色"
        again: Told = await here.ask("POST", "/field/v1/enrol", shown(code=code, public_key=KEY))
        assert (again.status, again.json["device"]) == (201, device) and again.json["secret"] != secret
        other = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        stolen: Told = await here.ask("POST", "/field/v1/enrol", shown(code=code, public_key=other))
        assert (stolen.status, stolen.json["error"]) == (400, "bad-code")
        with here.store.read() as session:
            assert {row.what for row in session.query(AuditRow)} == {"handset.code", "handset.enrolled"}


@ensureDeferred
async def test_wrong_codes_are_bounded_and_ended_ones_open_nothing(site: Settings, sqlite_url: str) -> None:
    async with house(site, sqlite_url) as here:
        code = here.code()
        with here.store.work() as work:
            row = work.session.query(HandsetCode).one()
            row.ends_at = work.now - timedelta(seconds=1)
        ended: Told = await here.ask("POST", "/field/v1/enrol", shown(code=code, public_key=KEY))
        assert (ended.status, ended.json["error"]) == (400, "code-ended")
        for wrong in (shown(code=code, public_key="AAAA"), shown(code=code), b"[", b"\xff"):
            bad: Told = await here.ask("POST", "/field/v1/enrol", wrong)
            assert (bad.status, bad.json["error"]) == (400, "bad-field")
        seen = [
            (await here.ask("POST", "/field/v1/enrol", shown(code=f"0000-0000-{i:04}", public_key=KEY)))
            for i in range(14)
        ]
        assert [one.status for one in seen[:12]] == [400] * 12 and seen[-1].status == 429
        assert int(seen[-1].headers["Retry-After"]) >= 1


@ensureDeferred
async def test_a_worker_logs_in_and_out_and_a_second_one_takes_the_handset_over(
    site: Settings, sqlite_url: str
) -> None:
    async with house(site, sqlite_url) as here:
        one, two = password(here, here.street.one), password(here, here.street.two, "a bridge in the rain")
        told: Told = await here.ask(
            "POST", "/field/v1/login", shown(login="W1", password=one), Authorization=basic()
        )
        assert told.status == 200 and told.json["login"] == 1
        assert told.json["worker"]["id"] == str(here.street.one.id)
        token = told.json["token"]
        me: Told = await here.ask("GET", "/field/v1/me", Authorization=basic(), X_Gridline_Login=token)
        assert (me.json["login"], me.json["device"], me.json["number"]) == ("w1", "hs1", 1)
        elsewhere: Told = await here.ask(
            "GET", "/field/v1/me", Authorization=basic("hs2"), X_Gridline_Login=token
        )
        assert (elsewhere.status, elsewhere.json["error"]) == (401, "login-expired")
        second: Told = await here.ask(
            "POST", "/field/v1/login", shown(login="w2", password=two), Authorization=basic()
        )
        assert second.json["login"] == 2
        old: Told = await here.ask("GET", "/field/v1/me", Authorization=basic(), X_Gridline_Login=token)
        assert old.status == 401
        token = second.json["token"]
        for ended in (True, False):
            out: Told = await here.ask(
                "POST", "/field/v1/logout", Authorization=basic(), X_Gridline_Login=token
            )
            assert out.json == {"ended": ended}
        wrong: Told = await here.ask(
            "POST", "/field/v1/login", shown(login="w1", password=two), Authorization=basic()
        )
        assert (wrong.status, wrong.json["error"]) == (401, "bad-login")


@ensureDeferred
async def test_a_password_that_is_due_is_changed_on_the_way_in(site: Settings, sqlite_url: str) -> None:
    async with house(site, sqlite_url) as here:
        given = password(here, here.street.one)
        with here.store.work() as work:
            work.session.get_one(User, here.street.one.id).password_temporary = True
        due: Told = await here.ask(
            "POST", "/field/v1/login", shown(login="w1", password=given), Authorization=basic()
        )
        assert (due.status, due.json["error"]) == (403, "password-due")
        both = shown(login="w1", password=given, new_password="ten thousand willows")
        assert (await here.ask("POST", "/field/v1/login", both, Authorization=basic())).status == 200
        new = shown(login="w1", password="ten thousand willows")
        assert (await here.ask("POST", "/field/v1/login", new, Authorization=basic())).status == 200


@ensureDeferred
async def test_strangers_and_blocked_handsets_get_nothing(site: Settings, sqlite_url: str) -> None:
    async with house(site, sqlite_url) as here:
        with here.store.work() as work:
            work.session.get_one(Handset, "hs2").blocked = True
        for path in ("/field/v1/up/report", "/field/v1/login", "/field/v1/logout"):
            told: Told = await here.ask("POST", path, b"{}")
            assert (told.status, told.json["error"]) == (401, "bad-credentials"), path
            assert "Basic" not in told.headers["WWW-Authenticate"]
            told = await here.ask("POST", path, b"{}", Authorization=basic("hs2"))
            assert (told.status, told.json["error"]) == (403, "blocked"), path
        for header in (basic("hs1", "wrong"), basic("nobody"), "Basic !!!", "Bearer x", basic("a/b")):
            told = await here.ask("GET", "/field/v1/down", Authorization=header)
            assert told.status == 401, header
        for _ in range(12):
            told = await here.ask("GET", "/field/v1/down", Authorization=basic("hs1", "wrong"))
        assert told.status == 429
