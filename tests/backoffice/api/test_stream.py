"""The event stream: who gets in, what is seen, how a line ends; and that nothing is lost or doubled over reconnects."""

import http.client
import random
import socket
import struct
import threading
import time
from typing import Any

import pytest
from pytest_twisted import ensureDeferred
from sqlalchemy import delete, select
from twisted.internet import reactor
from twisted.internet.threads import deferToThread

from backoffice.api import stream as stream_module
from backoffice.api.line import STUCK_AFTER
from backoffice.api.stream import MOST
from backoffice.service import Web
from schema.bus_memory import MemoryBus
from schema.desk import tokens
from schema.facts import CallAnswered, SeatPaused
from schema.ids import CallId, uuid7
from schema.orders import Hold
from schema.outbox import OutboxRow
from schema.relay import Relay
from schema.store import StoreUnreachable
from tests.backoffice.api import streamplay
from tests.backoffice.api.conftest import program
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.api.streamplay import Play, parsed, ready
from tests.backoffice.conftest import FakePlayer, Town
from tests.backoffice.test_service import FakeBus
from tests.conftest import store_url  # noqa: F401 (on both databases)

play = streamplay.play


def test_from_now_on_a_program_is_told_what_is_committed(play: Play) -> None:
    town = play.town
    play.happens(ready(town))
    client = program(town)
    line = play.ask(client.secret)
    assert line.responseHeaders.getRawHeaders("content-type") == ["text/event-stream; charset=utf-8"]
    assert line.text == "retry: 1000\nid: 1\n\n"
    play.happens(ready(town), Hold(seat="101"), SeatPaused(at=town.clock(), seat="102", reason="rest"))
    play.stream.wake()
    assert line.events == [(2, "SeatReady"), (4, "SeatPaused")]
    (_, event), _ = parsed(line.text)
    assert (event["family"], event["body"]["seat"], event["at"]) == ("agents", "101", "2026-11-24T08:00:00Z")


def test_it_goes_on_behind_the_last_event_that_was_seen(play: Play) -> None:
    town = play.town
    places = play.happens(*(ready(town) for _ in range(5)))
    client = program(town)
    assert play.ask(client.secret, after="0").events == [(seq, "SeatReady") for seq in places]
    assert play.ask(client.secret, last="3").events == [(4, "SeatReady"), (5, "SeatReady")]
    assert play.ask(client.secret, last="4", after="0").events == [(5, "SeatReady")]


def test_what_is_behind_and_what_is_new_join_without_a_seam(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module.tail, "PAGE", 3)
    town, client = play.town, program(play.town)
    play.happens(*(ready(town) for _ in range(10)))
    first = play.ask(client.secret)
    play.hold = True
    late = play.ask(client.secret, after="0")
    play.happens(*(ready(town) for _ in range(10)))
    play.stream.wake()
    play.let_go()
    play.happens(ready(town))
    play.stream.wake()
    play.let_go()
    assert [seq for seq, _ in late.events] == list(range(1, 22))
    assert [seq for seq, _ in first.events] == list(range(11, 22))


@pytest.mark.parametrize(
    ("kinds", "wanted"),
    [
        ("agents", ["SeatReady", "SeatPaused"]), ("calls", ["CallAnswered"]), ("SeatPaused", ["SeatPaused"]),
        ("calls,SeatReady", ["SeatReady", "CallAnswered"]), ("recordings", []),
    ],
)  # fmt: skip
def test_only_the_kinds_that_are_asked_for(play: Play, kinds: str, wanted: list[str]) -> None:
    town = play.town
    talk = CallAnswered(at=town.clock(), call=CallId(uuid7()), node="pbx1", seat="101", leg="1")
    play.happens(ready(town), SeatPaused(at=town.clock(), seat="101", reason="rest"), talk)
    assert [kind for _, kind in play.ask(program(town).secret, after="0", kinds=kinds).events] == wanted


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"after": "x"}, (400, "malformed")), ({"after": "-1"}, (400, "malformed")),
        ({"last": "x"}, (400, "malformed")),
        ({"after": "9" * 30}, (400, "malformed")), ({"kinds": "Orders"}, (400, "malformed")),
        ({"pace": "1"}, (400, "malformed")), ({"after": "99"}, (409, "wrong-state")),
        ({"method": b"POST"}, (405, "method")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_problem(play: Play, how: Any, problem: tuple[int, str]) -> None:
    play.happens(ready(play.town))
    answer = play.ask(program(play.town).secret, **how)
    assert answer.problem == problem
    assert answer.responseHeaders.getRawHeaders("content-type") == ["application/problem+json"]


def test_a_place_that_is_not_kept_any_more_is_gone(play: Play) -> None:
    play.happens(*(ready(play.town) for _ in range(5)))
    with play.town.store.work() as work:
        work.session.execute(delete(OutboxRow).where(OutboxRow.seq <= 3))
    client = program(play.town)
    assert play.ask(client.secret, last="2").problem == (410, "gone")
    assert [seq for seq, _ in play.ask(client.secret, last="3").events] == [4, 5]


def test_without_a_good_token_nothing_is_told(play: Play) -> None:
    assert play.ask().problem == (401, "no-token")
    answer = play.ask("gl_" + "x" * 43)
    assert answer.problem == (401, "bad-token")
    assert answer.responseHeaders.getRawHeaders("www-authenticate") == [
        'Bearer realm="gridline", error="invalid_token"'
    ]


def test_while_the_database_is_away_it_is_told_to_come_back(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = program(play.town).secret
    open_line = play.ask(secret)

    def away() -> Any:
        raise StoreUnreachable("away")

    with monkeypatch.context() as dark:
        dark.setattr(play.town.store, "read", away)
        answer = play.ask(secret)
        assert answer.problem == (503, "store")
        assert answer.responseHeaders.getRawHeaders("retry-after") == ["5"]
        play.stream.wake()
        play.stream.beat()
        assert not open_line.finished
    play.happens(ready(play.town))
    play.stream.wake()
    assert open_line.events == [(1, "SeatReady")]


def test_a_beat_moves_the_place_of_who_is_told_nothing(play: Play) -> None:
    line = play.ask(program(play.town).secret, kinds="calls")
    play.happens(ready(play.town), ready(play.town))
    play.stream.wake()
    play.stream.beat()
    play.stream.beat()
    assert line.text == "retry: 1000\nid: 0\n\n: beat\nid: 2\n\n: beat\n\n"


def test_a_reader_that_takes_nothing_is_sent_nothing_and_after_a_while_let_go(play: Play) -> None:
    line = play.ask(program(play.town).secret)
    line.producer.pauseProducing()
    play.happens(ready(play.town))
    play.stream.wake()
    assert line.events == []
    line.producer.resumeProducing()
    assert line.events == [(1, "SeatReady")]
    line.producer.pauseProducing()
    play.now += STUCK_AFTER
    play.stream.beat()
    assert not line.finished
    play.now += 1
    play.stream.beat()
    assert line.finished


def test_a_token_that_is_revoked_or_has_other_rights_ends_its_lines(play: Play) -> None:
    town = play.town
    revoked, changed, kept = (program(town, "supervisor") for _ in range(3))
    lines = [play.ask(one.secret) for one in (revoked, changed, kept)]
    with town.store.work() as work:
        tokens.revoke(work, revoked.name)
        row = next(row for row, _ in tokens.listing(work.session) if row.name == changed.name)
        row.rights = ["board.see"]
    play.stream.beat()
    assert [line.finished for line in lines] == [1, 1, 0]
    play.stream.close()
    assert lines[2].finished == 1


def test_only_so_many_lines_are_open_at_once(play: Play) -> None:
    secret = program(play.town).secret
    lines = [play.ask(secret) for _ in range(MOST)]
    assert play.ask(secret).problem == (429, "too-many")
    lines[0].producer.stopProducing()
    assert play.ask(secret).text.startswith("retry:")


def read_some(port: int, secret: str, last: int, chance: random.Random) -> list[int]:
    """A connection that is killed after a random piece of the stream: the places of the whole events in it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Authorization": f"Bearer {secret}", **({"Last-Event-ID": str(last)} if last else {})}
    connection.request("GET", "/api/v1/events?after=0&kinds=agents", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    text, enough = b"", chance.randrange(10, 6000)
    end = time.monotonic() + chance.random()
    while len(text) < enough and time.monotonic() < end:
        text += answer.read1(chance.randrange(1, 700))
    # Not closed but killed: the peer hears a reset, and what was under way is lost.
    assert connection.sock is not None
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    answer.close()
    return [seq for seq, _ in parsed(text.decode("utf-8", "ignore"))]


@pytest.mark.real
@ensureDeferred
async def test_over_killed_connections_nothing_is_left_out_and_nothing_comes_twice(town: Town) -> None:
    store, secret = town.store, program(town).secret
    web = Web(town.settings, store, FakeBus(), FakePlayer(), reactor)
    web.start()
    many, stopping = 600, threading.Event()

    def write() -> None:
        chance, relay = random.Random(1), Relay(store, MemoryBus(store))
        for n in range(many):
            if stopping.is_set():
                return
            with store.work() as work:
                work.emit(ready(town, str(100 + n % 7)))
                if n % 3 == 0:
                    work.emit(Hold(seat="101"))
            if chance.random() < 0.3 or n == many - 1:
                relay.publish()

    def listen() -> list[int]:
        chance, got = random.Random(2), list[int]()
        end = time.monotonic() + 120
        while len(got) < many and time.monotonic() < end:
            got += read_some(web.port, secret, got[-1] if got else 0, chance)
        return got

    try:
        writing, listening = deferToThread(write), deferToThread(listen)
        got = await listening
        stopping.set()
        await writing
    finally:
        stopping.set()
        await web.stop()
    with store.read() as session:
        query = select(OutboxRow.seq).where(OutboxRow.name == "SeatReady", OutboxRow.seq.is_not(None))
        written = list(session.scalars(query.order_by(OutboxRow.seq)))
    assert len(written) == many and got == written
