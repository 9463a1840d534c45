"""The feed on a Twisted test transport: who gets in, what is written when, how a line ends."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.web.test.requesthelper import DummyRequest

from backoffice import feed as feed_module
from backoffice.feed import Feed
from backoffice.floor import FloorMirror
from backoffice.guard import SESSION_COOKIE
from backoffice.hub import Hub
from backoffice.stream import LIMIT
from schema.desk import sessions
from schema.people import User
from schema.store import Store, StoreUnreachable

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class FeedRequest(DummyRequest):
    """A request that also has the cookie methods of a real one, and remembers its producer."""

    def __init__(self, token: str, contact: str = "") -> None:
        super().__init__([b"feed"])
        self.token = token
        self.producer: Any = None
        if contact:
            self.args = {b"contact": [contact.encode()]}

    def getCookie(self, name: bytes) -> bytes | None:
        return self.token.encode() if name == SESSION_COOKIE.encode() and self.token else None

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        assert streaming
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None

    @property
    def events(self) -> list[tuple[int, str, Any]]:
        """(id, event, data) of everything written after the headers."""
        frames = b"".join(self.written).decode().split("\n\n")[:-1]
        found = []
        for frame in frames:
            fields = dict(line.split(": ", 1) for line in frame.split("\n"))
            if "event" in fields:
                found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
        return found


class Play:
    """A feed over a store with one agent logged in; threads are done at once."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = store
        self.now = NOW
        store.clock = lambda: self.now
        self.floor = FloorMirror(lambda: None, lambda: 0.0)
        self.hub = Hub(self.floor)
        self.floor.listeners.append(self.hub.floor_changed)
        with store.work() as work:
            self.user = User(login="li", name="李", post="agent", password="x", seat="101")
            work.session.add(self.user)
            work.session.flush()
            self.token = sessions.begin(work, self.user, ip="", agent="", lasts=timedelta(hours=12))
        monkeypatch.setattr(feed_module, "deferToThreadPool", self.at_once)
        self.feed = Feed(store, self.hub, None, None)

    def at_once(self, _reactor: Any, _pool: Any, call: Callable[..., Any], *given: Any) -> "Deferred[Any]":
        try:
            return succeed(call(*given))
        except Exception as error:
            return fail(error)

    def listen(self, token: str | None = None, contact: str = "") -> FeedRequest:
        request = FeedRequest(self.token if token is None else token, contact)
        self.feed.render_GET(request)
        return request

    def said(self, v: int, full: bool = False, **more: Any) -> None:
        message = {"node": "pbx1", "epoch": "e", "v": v, "full": full, "link": "up", **more}
        self.floor.hear(json.dumps(message).encode())


@pytest.fixture
def play(store: Store, monkeypatch: pytest.MonkeyPatch) -> Play:
    return Play(store, monkeypatch)


def test_a_listener_gets_everything_whole_and_then_numbered_deltas(play: Play) -> None:
    play.said(4, True, seats={"101": {"state": "ready"}}, calls={})
    request = play.listen()
    assert request.responseHeaders.getRawHeaders("Content-Type") == ["text/event-stream; charset=utf-8"]
    assert b"".join(request.written).startswith(b"retry: 2000\n\n")
    play.said(5, seats={"101": {"state": "ringing"}})
    play.hub.beat("now")
    assert [(number, event) for number, event, _ in request.events] == [
        (1, "floor"), (2, "store"), (3, "bridge"), (4, "floor"), (5, "beat"),
    ]  # fmt: skip
    assert request.events[0][2]["full"] is True and request.events[3][2]["v"] == 5


@pytest.mark.parametrize("token", ["", "x" * 43, "short"])
def test_a_stranger_is_refused(play: Play, token: str) -> None:
    request = play.listen(token)
    assert request.responseCode == 401 and request.finished == 1 and not play.hub.listeners


def test_a_database_that_is_away_is_said_and_tried_again_by_the_browser(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise StoreUnreachable("away")

    monkeypatch.setattr(play.feed, "_who", away)
    request = play.listen()
    assert request.responseCode == 503 and request.finished == 1
    assert b"".join(request.written) == b'{"error":"store"}'


def test_a_peer_that_does_not_read_is_not_written_to_and_resynced_after_too_much(play: Play) -> None:
    play.said(1, True, seats={}, calls={})
    request = play.listen()
    before = len(request.events)
    request.producer.pauseProducing()
    for number in range(LIMIT + 50):
        play.said(2 + number, seats={"101": {"state": "ready", "since": str(number)}})
    assert len(request.events) == before
    request.producer.resumeProducing()
    (first, event, _), (second, floor, data), *_rest = request.events[before:]
    assert (event, floor, first, second) == ("resync", "floor", before + 1, before + 2)
    assert data["full"] and data["v"] == LIMIT + 51 and data["seats"]["101"]["since"] == str(LIMIT + 49)
    play.said(LIMIT + 52, seats={"101": None})
    assert request.events[-1][2]["v"] == LIMIT + 52


def test_a_little_waiting_loses_nothing(play: Play) -> None:
    request = play.listen()
    request.producer.pauseProducing()
    for number in range(5):
        play.hub.beat(str(number))
    request.producer.resumeProducing()
    assert [data["at"] for _, event, data in request.events if event == "beat"] == list("01234")


def test_a_line_that_is_gone_is_forgotten(play: Play) -> None:
    one, two = play.listen(), play.listen()
    one.processingFailed(Failure(ConnectionDone()))
    two.producer.stopProducing()
    assert not play.hub.listeners
    play.hub.beat("now")
    assert play.feed.recheck() is None


def test_an_open_screen_keeps_the_session_alive_and_its_end_ends_the_line(play: Play) -> None:
    request = play.listen()
    for _ in range(20):
        play.now += timedelta(minutes=30)
        play.feed.recheck()
    assert play.hub.listeners and play.now - NOW > sessions.IDLE
    with play.store.work() as work:
        sessions.end(work, sessions.hash_of(play.token))
    play.feed.recheck()
    assert request.events[-1][1] == "bye" and request.finished == 1 and not play.hub.listeners


def test_nobody_is_shown_out_because_the_database_is_away(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = play.listen()

    def away(*_: Any) -> None:
        raise StoreUnreachable("away")

    monkeypatch.setattr(play.feed, "_find", away)
    play.feed.recheck()
    assert request.finished == 0 and play.hub.listeners


def test_closing_says_goodbye(play: Play) -> None:
    request = play.listen()
    request.producer.pauseProducing()
    play.feed.close()
    assert request.finished == 1 and request.events[-1][1] == "bye"


def test_a_contact_that_is_no_id_is_no_contact(play: Play) -> None:
    for text in ("nonsense", "\u00ff"):
        request = play.listen(contact=text)
        assert request.producer.stream.contact is None
