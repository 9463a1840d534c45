"""The room as a whole, on a real port of loopback: pages by WSGI, the feed, the bus, start and stop."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Timer
from typing import Any

import pytest
from pytest_twisted import ensureDeferred
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.task import deferLater
from twisted.python.failure import Failure
from twisted.web.client import Agent
from twisted.web.http_headers import Headers

from backoffice.service import Web
from conf.settings import Pbx, Settings
from schema.bus import Envelope, Handler, LiveHandler
from schema.desk import sessions
from schema.facts import CaseClosed
from schema.ids import CaseId, uuid7
from schema.people import User
from schema.store import Store, StoreUnreachable
from tests.backoffice.conftest import FakePlayer
from tests.patience import LONG

pytestmark = pytest.mark.real


class FakeBus:
    """A bus whose other end is the test."""

    def __init__(self) -> None:
        self.handlers: list[Handler] = []
        self.live: dict[str, LiveHandler] = {}
        self.shouts: list[tuple[str, bytes]] = []
        self.durable: dict[str, Handler] = {}
        self.state = "up"

    def subscribe(self, group: str, kinds: Any, handler: Handler, *, durable: bool = True) -> None:
        if durable:
            self.durable[group] = handler
        else:
            self.handlers.append(handler)

    def hear(self, topic: str, handler: LiveHandler) -> None:
        self.live[topic] = handler

    def shout(self, topic: str, payload: bytes) -> None:
        self.shouts.append((topic, payload))
        if topic in self.live:
            self.live[topic](payload)

    def start(self) -> None: ...

    def wake(self) -> None: ...

    def stop(self) -> None: ...


class Ear(Protocol):
    """Keeps what a feed sends."""

    def __init__(self) -> None:
        self.text = ""
        self.whole: Deferred[str] = Deferred()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.whole.callback(self.text)

    def dataReceived(self, data: bytes) -> None:
        self.text += data.decode()


async def body(answer: Any) -> str:
    ear = Ear()
    answer.deliverBody(ear)
    return await ear.whole


async def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, "it did not happen"
        await deferLater(reactor, 0.05, lambda: None)  # type: ignore[arg-type]


@pytest.fixture
def agent_token(store: Store) -> str:
    with store.work() as work:
        user = User(login="li", name="李", post="agent", password="x", seat="101")
        work.session.add(user)
        work.session.flush()
        return sessions.begin(work, user, ip="", agent="", lasts=timedelta(hours=1))


@ensureDeferred
async def test_pages_feed_and_bus_meet(
    store: Store, agent_token: str, tmp_path: Any, monkeypatch: Any
) -> None:
    bus = FakeBus()
    web = Web(Settings(var=tmp_path, pbx=Pbx(http_port=9)), store, bus, FakePlayer(), reactor)
    web.start()
    try:
        assert ("floor?", b"") in bus.shouts
        base = f"http://127.0.0.1:{web.port}"
        agent = Agent(reactor)  # type: ignore[arg-type]

        async def get(path: str, token: str = "") -> Any:
            headers = Headers({"Cookie": [f"gridline={token}"]} if token else {})
            return await agent.request(b"GET", (base + path).encode(), headers)

        page = await get("/login")
        assert page.code == 200 and "login-user" in await body(page)
        assert (await body(await get("/healthz"))) == '{"ok":true}\n'
        refused = await get("/feed")
        assert refused.code == 401
        await body(refused)

        feed = await get("/feed", agent_token)
        ear = Ear()
        feed.deliverBody(ear)
        await until(lambda: "event: bridge" in ear.text)
        bus.shout("floor", json.dumps({"node": "pbx1", "epoch": "e", "v": 1, "full": True, "link": "up", "seats": {},
                                       "calls": {}}).encode())  # fmt: skip
        fact = CaseClosed(at=store.clock(), contact=None, case=CaseId(uuid7()), case_no="ZW-20261124-0009",
                          state="closed", version=7)  # fmt: skip
        bus.handlers[0](Envelope(1, uuid7(), "CaseClosed", store.clock(), fact))
        bus.shout("seat", b'{"seat":"101","order":"o"}')
        await until(lambda: "event: seat" in ear.text)
        assert '"case_no":"ZW-20261124-0009"' in ear.text and '"epoch":"e"' in ear.text
        assert 'event: bridge\ndata: {"ok":true}' in ear.text

        def away() -> None:
            raise StoreUnreachable("away")

        with monkeypatch.context() as dark:
            dark.setattr(store, "ping", away)
            await until(lambda: 'event: store\ndata: {"ok":false}' in ear.text)
        await until(lambda: ear.text.count('event: store\ndata: {"ok":true}') == 2)
    finally:
        done: Deferred[Any] = web.stop()
        await done
    await until(lambda: "event: bye" in ear.text)


@ensureDeferred
async def test_a_page_that_is_being_written_does_not_keep_the_room_from_ending(
    store: Store, tmp_path: Any
) -> None:
    web = Web(Settings(var=tmp_path, pbx=Pbx(http_port=9)), store, FakeBus(), FakePlayer(), reactor)
    begun, go = Event(), Event()

    def slow(_asked: Any, begin: Any) -> list[bytes]:
        begun.set()
        go.wait(LONG)
        begin("200 OK", [])
        return [b"late"]

    web._app = slow  # type: ignore[assignment]
    web.start()
    asked = Agent(reactor).request(b"GET", f"http://127.0.0.1:{web.port}/login".encode())  # type: ignore[arg-type]
    await until(begun.is_set)
    Timer(0.3, go.set).start()
    await web.stop()
    assert await body(await asked) == "late"


@ensureDeferred
async def test_a_room_that_never_started_stops(store: Store, tmp_path: Any) -> None:
    await Web(Settings(var=tmp_path), store, FakeBus(), FakePlayer(), reactor).stop()
