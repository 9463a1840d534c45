"""A stream of events to programs, played without sockets: who asks, what is committed, what they are told."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select
from twisted.internet.defer import Deferred, fail, succeed
from twisted.web.test.requesthelper import DummyRequest

from backoffice.api import stream as stream_module
from backoffice.api.stream import EventStream
from backoffice.words import Words
from schema.bus_memory import MemoryBus
from schema.facts import SeatReady
from schema.outbox import OutboxRow
from schema.relay import Relay
from tests.backoffice.conftest import Town

WORDS = Words.read()


class StreamRequest(DummyRequest):
    """A request with the headers of a program, that remembers its producer."""

    def __init__(self, secret: str = "", *, last: str = "", method: bytes = b"GET", **args: str) -> None:
        super().__init__([b"events"])
        self.method = method
        self.args = {name.encode(): [value.encode()] for name, value in args.items()}
        self.producer: Any = None
        self.channel = None  # type: ignore[assignment]
        if secret:
            self.requestHeaders.setRawHeaders("Authorization", [f"Bearer {secret}"])
        if last:
            self.requestHeaders.setRawHeaders("Last-Event-ID", [last])

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        assert streaming
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None

    @property
    def text(self) -> str:
        return b"".join(self.written).decode()

    @property
    def events(self) -> list[tuple[int, str]]:
        return [(seq, event["kind"]) for seq, event in parsed(self.text)]

    @property
    def problem(self) -> tuple[int | None, str]:
        return self.responseCode, json.loads(self.text)["code"]


def parsed(text: str) -> list[tuple[int, Any]]:
    """The events of whole frames."""
    found = []
    for frame in text.split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in frame.split("\n") if not line.startswith(":"))
        if "data" in fields:
            event = json.loads(fields["data"])
            assert (fields["id"], fields["event"]) == (str(event["seq"]), event["kind"])
            found.append((event["seq"], event))
    return found


@dataclass
class Play:
    """A stream over the town's store; threads are done at once unless `held`."""

    town: Town
    relay: Relay
    now: float = 0.0
    held: list[Callable[[], None]] = field(default_factory=list)
    hold: bool = False

    def __post_init__(self) -> None:
        self.stream = EventStream(self.town.store, WORDS, lambda mode: mode != "listen", self, None)

    def seconds(self) -> float:
        return self.now

    def at_once(self, _reactor: Any, _pool: Any, call: Any, *given: Any) -> "Deferred[Any]":
        try:
            result = succeed(call(*given))
        except Exception as error:
            result = fail(error)
        if not self.hold:
            return result
        later: Deferred[Any] = Deferred()
        self.held.append(lambda: result.chainDeferred(later))
        return later

    def let_go(self) -> None:
        while self.held:
            self.held.pop(0)()

    def ask(self, secret: str = "", **how: Any) -> StreamRequest:
        request = StreamRequest(secret, **how)
        self.stream.render(request)
        return request

    def happens(self, *facts: Any) -> list[int]:
        """Facts are committed and published; their places."""
        with self.town.store.work() as work:
            for fact in facts:
                work.emit(fact)
        self.relay.publish()
        with self.town.store.read() as session:
            places = session.scalars(select(OutboxRow.seq).order_by(OutboxRow.seq)).all()
        return [int(seq or 0) for seq in places[-len(facts) :]]


@pytest.fixture
def play(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    made = Play(town, Relay(town.store, MemoryBus(town.store)))
    monkeypatch.setattr(stream_module, "deferToThreadPool", made.at_once)
    yield made
    made.stream.close()


def ready(town: Town, seat: str = "101") -> SeatReady:
    return SeatReady(at=town.clock(), seat=seat, node="pbx1")
