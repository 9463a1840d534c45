"""The door as a whole: messages up, the state down as soon as it changes, the app's files, and what is too much."""

import gzip
import json
import socket

import pytest
import structlog
from pytest_twisted import ensureDeferred
from twisted.internet.defer import gatherResults
from twisted.internet.threads import deferToThread

from conf.settings import Settings
from field_gateway.door import site as door_site
from field_gateway.door.app import BODY_LIMIT
from schema.cases import Task
from schema.desk.duty import set_duty
from schema.facts import CaseDispatched
from schema.handsets import Handset, Refusal, Report
from schema.ids import CaseId, ContactId, TaskId, uuid7
from schema.store import StoreUnreachable
from tests.field_gateway.door.site import House, Told, basic, house, password
from tests.field_gateway.play import Handset as Player


def report(here: House, **content: object) -> bytes:
    return Player(here.store, here.settings.vault).report(**content)


@ensureDeferred
async def test_a_message_is_kept_once_however_often_it_comes(site: Settings, sqlite_url: str) -> None:
    async with house(site, sqlite_url) as here:
        body = report(here)
        seen = [await here.ask("POST", "/field/v1/up/report", body, Authorization=basic()) for _ in range(2)]
        assert [(one.status, one.json["status"]) for one in seen] == [(201, "kept"), (200, "again")]
        other = body.replace("已修好".encode(), "没修好".encode())
        told: Told = await here.ask("POST", "/field/v1/up/report", other, Authorization=basic())
        assert (told.status, told.json["status"]) == (409, "conflict")
        told = await here.ask("POST", "/field/v1/up/report", b"{no json", Authorization=basic())
        assert (told.status, told.json["code"]) == (422, "not-json")
        told = await here.ask("POST", "/field/v1/up/song", b"{}", Authorization=basic())
        assert told.status == 404
        told = await here.ask(
            "POST",
            "/field/v1/up/report",
            gzip.compress(bytes(9999)),
            Authorization=basic(),
            Content_Encoding="gzip",
        )
        assert told.status == 415
        assert here.street.rows()["reports"] == 1


@ensureDeferred
async def test_many_of_the_same_at_once_are_one(site: Settings, store_url: str) -> None:
    async with house(site, store_url) as here:
        body = report(here)
        asked = [here.ask("POST", "/field/v1/up/report", body, Authorization=basic()) for _ in range(6)]
        seen = await gatherResults(asked)
        assert sorted(one.status for one in seen) == [200] * 5 + [201]
        assert here.street.rows()["reports"] == 1


@ensureDeferred
async def test_a_poll_is_answered_when_a_task_comes_and_not_before(site: Settings, sqlite_url: str) -> None:
    async with house(site, sqlite_url) as here:
        with here.store.work() as work:
            handset = work.session.get_one(Handset, "hs1")
            set_duty(work, handset, id=uuid7(), made=work.now, on=True)
        first: Told = await here.ask("GET", "/field/v1/down?wait=25", Authorization=basic())
        assert first.json == {"tasks": [], "recalled": [], "messages": [], "etag": first.json["etag"]}
        etag = first.json["etag"]
        same: Told = await here.ask("GET", "/field/v1/down", Authorization=basic(), If_None_Match=f'"{etag}"')
        assert (same.status, same.body) == (304, b"")
        poll = here.ask("GET", f"/field/v1/down?wait=50&etag={etag}", Authorization=basic())
        while not len(here.door.down):
            await deferToThread(lambda: None)
        task = here.street.dispatch()
        fact = CaseDispatched(
            at=here.store.clock(), contact=ContactId(task.contact), case=CaseId(task.case), case_no="S1",
            state="dispatched", version=1, task=TaskId(task.id), worker=here.street.one.id,
        )  # fmt: skip
        here.door._on_fact(type("Envelope", (), {"message": fact})())
        told: Told = await poll
        assert [one["task"] for one in told.json["tasks"]] == [str(task.id)] and told.json["etag"] != etag
        with here.store.read() as session:
            assert session.get_one(Task, task.id).state == "sent"
        assert len(here.door.down) == 0


@ensureDeferred
async def test_a_handset_that_asks_says_how_it_is(site: Settings, sqlite_url: str) -> None:
    async with house(site, sqlite_url) as here:
        for status in ('{"battery": 41, "version": "1.2", "backlog": 7}', "{broken", '{"battery": 400}'):
            told: Told = await here.ask(
                "GET", "/field/v1/down", Authorization=basic(), X_Gridline_Status=status
            )
            assert told.status == 200
        with here.store.read() as session:
            row = session.get_one(Handset, "hs1")
        assert (row.battery, row.version, row.backlog) == (41, "1.2", 7) and row.seen_at is not None


@ensureDeferred
async def test_a_message_that_fails_for_no_known_reason_is_set_aside(
    site: Settings, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(site, sqlite_url) as here:

        def breaks(*_: object) -> None:
            raise ZeroDivisionError("nobody foresaw this")

        monkeypatch.setattr(here.door.room.intake, "take", breaks)
        told: Told = await here.ask("POST", "/field/v1/up/report", report(here), Authorization=basic())
        assert (told.status, told.json["code"]) == (422, "failed")
        assert "ZeroDivisionError" in here.street.one_of(Refusal).reason


@ensureDeferred
async def test_who_asks_anew_has_given_the_other_poll_up(site: Settings, sqlite_url: str) -> None:
    async with house(site, sqlite_url) as here:
        etag = (await here.ask("GET", "/field/v1/down", Authorization=basic())).json["etag"]
        path = f"/field/v1/down?wait=50&etag={etag}"
        first = here.ask("GET", path, Authorization=basic())
        while not len(here.door.down):
            await deferToThread(lambda: None)
        second = here.ask("GET", path, Authorization=basic())
        assert (await first).json["etag"] == etag
        here.door.down.close()
        assert (await second).json["etag"] == etag


@ensureDeferred
async def test_the_app_s_files_come_packed_and_only_when_they_are_new(
    site: Settings, sqlite_url: str
) -> None:
    async with house(site, sqlite_url) as here:
        plain: Told = await here.ask("GET", "/")
        assert plain.headers["Content-Type"].startswith("text/html") and b"/js/main.js" in plain.body
        packed: Told = await here.ask("GET", "/", Accept_Encoding="br, gzip")
        assert gzip.decompress(packed.body) == plain.body and packed.headers["Content-Encoding"] == "gzip"
        known: Told = await here.ask("GET", "/", If_None_Match=f'W/"x", {plain.headers["ETag"]}')
        assert (known.status, known.body) == (304, b"")
        worker: Told = await here.ask("GET", "/sw.js")
        assert worker.headers["Content-Type"].startswith("text/javascript") and "'unsafe" not in str(
            worker.headers
        )
        for path in ("/../service.py", "/%2e%2e/service.py", "/nothing.js", "/field"):
            assert (await here.ask("GET", path)).status == 404, path
        assert (await here.ask("POST", "/")).status == 405


@ensureDeferred
async def test_what_is_too_large_is_told_before_it_is_read(site: Settings, sqlite_url: str) -> None:
    def announce(port: int, lines: str, more: bytes = b"") -> bytes:
        with socket.create_connection(("127.0.0.1", port), 10) as line:
            line.sendall(f"POST /field/v1/up/report HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n".encode() + more)
            return line.recv(4096)

    async with house(site, sqlite_url) as here:
        with structlog.testing.capture_logs() as logs:
            said = await deferToThread(announce, here.door.port, f"Content-Length: {BODY_LIMIT + 1}")
            assert said.startswith(b"HTTP/1.1 413 ") and b'"too-long"' in said
            chunk = b"%x\r\n" % 200_000 + bytes(200_000) + b"\r\n"
            said = await deferToThread(announce, here.door.port, "Transfer-Encoding: chunked", chunk * 2)
            assert said.startswith(b"HTTP/1.1 413 ")
            await here.ask("GET", "/field/v1/down?secret=1", Authorization=basic("hs1", "a secret"))
        assert {one["status"] for one in logs if one["event"] == "field door"} == {413, 401}
        assert "secret" not in json.dumps([one for one in logs if one["event"] == "field door"])


@ensureDeferred
async def test_under_pressure_positions_go_first_and_nothing_is_taken(
    site: Settings, sqlite_url: str
) -> None:
    async with house(site, sqlite_url) as here:
        here.door.gate.inside = here.door.gate.most // 2
        told: Told = await here.ask("POST", "/field/v1/up/position", b"{}", Authorization=basic())
        assert told.status == 503 and 2 <= int(told.headers["Retry-After"]) <= 10
        kept: Told = await here.ask("POST", "/field/v1/up/report", report(here), Authorization=basic())
        assert kept.status == 201 and here.door.gate.inside == here.door.gate.most // 2
        here.door.gate.inside = here.door.gate.most
        told = await here.ask("POST", "/field/v1/up/report", report(here), Authorization=basic())
        assert (told.status, told.json["error"]) == (503, "later")
        assert here.door.gate.shed == {"position": 1, "report": 1} and here.street.rows()["reports"] == 1


@ensureDeferred
async def test_too_many_connections_are_told_and_closed(
    site: Settings, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(site, sqlite_url) as here:
        monkeypatch.setattr(door_site, "MOST", 0)
        full: Told = await here.ask("GET", "/")
        assert full.status == 503 and int(full.headers["Retry-After"]) >= 2


@ensureDeferred
async def test_while_the_database_is_away_a_handset_is_asked_to_come_again(
    site: Settings, sqlite_url: str
) -> None:
    async with house(site, sqlite_url) as here:

        def gone(*_: object) -> None:
            raise StoreUnreachable("the database does not answer")

        intake = here.door.room.intake
        intake.take = gone  # type: ignore[method-assign,assignment]
        told: Told = await here.ask("POST", "/field/v1/up/report", report(here), Authorization=basic())
        assert told.status == 503 and "Retry-After" in told.headers


@ensureDeferred
async def test_a_worker_reads_their_own_tasks_and_reports(site: Settings, sqlite_url: str) -> None:
    async with house(site, sqlite_url) as here:
        said = password(here, here.street.one)
        asked = json.dumps({"login": "w1", "password": said}).encode()
        token = (await here.ask("POST", "/field/v1/login", asked, Authorization=basic())).json["token"]
        task = here.street.dispatch()
        here.street.dispatch(here.street.two.id, no="S2")
        await here.ask("POST", "/field/v1/up/report", report(here, text="看到了"), Authorization=basic())
        await here.ask("POST", "/field/v1/up/report", report(here), Authorization=basic("hs2"))
        mine = {"Authorization": basic(), "X_Gridline_Login": token}
        tasks: Told = await here.ask("GET", "/field/v1/tasks", **mine)
        assert [one["task"]["task"] for one in tasks.json["tasks"]] == [str(task.id)]
        told: Told = await here.ask("GET", "/field/v1/history", **mine)
        assert [one["text"] for one in told.json["reports"]] == ["看到了"]
        before = told.json["reports"][0]["at"].replace("+", "%2B")
        told = await here.ask("GET", f"/field/v1/history?before={before}", **mine)
        assert told.json == {"reports": [], "before": None}
        assert (await here.ask("GET", "/field/v1/history?before=noon", **mine)).status == 400
        config: Told = await here.ask("GET", "/field/v1/config")
        assert config.json["languages"] == ["zh", "en", "ug"] and config.json["hotline"] == "12345"
        with here.store.read() as session:
            assert session.query(Report).count() == 2 and session.query(Handset).count() == 2
