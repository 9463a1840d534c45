from datetime import datetime

import pytest
from twisted.internet.testing import MemoryReactorClock, StringTransport

from cti.ears import PING_EVERY, SILENT_TOO_LONG, Ears, Session

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
YES = b"Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
EVENT = "Event: X\r\nName: 王\r\n\r\n".encode()


class Aborting(StringTransport):
    """A transport that remembers being aborted."""

    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True


class Stage:
    """Ears at a reactor that goes nowhere."""

    def __init__(self) -> None:
        self.reactor = MemoryReactorClock()
        self.heard: list[bytes] = []
        self.states: list[bool] = []
        self.ears = Ears(
            self.reactor, "127.0.0.1", 5038, "the secret", heard=self.take, changed=self.states.append
        )
        self.ears.start()

    def take(self, events: list[bytes], monotonic: int, at: datetime) -> None:
        assert at.tzinfo is not None and monotonic > 0
        self.heard += events

    def connected(self) -> tuple[Session, Aborting]:
        session, transport = self.ears.buildProtocol(None), Aborting()
        session.makeConnection(transport)
        return session, transport


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_it_logs_in_and_hands_over_events(stage: Stage) -> None:
    session, transport = stage.connected()
    assert b"Action: Login\r\nUsername: ears\r\nSecret: the secret\r\n" in transport.value()
    session.dataReceived(BANNER + YES + EVENT)
    assert stage.states == [True]
    assert stage.heard == [EVENT[:-4]]


@pytest.mark.parametrize("at", range(1, len(EVENT)))
def test_an_event_may_be_split_anywhere(stage: Stage, at: int) -> None:
    session, _ = stage.connected()
    session.dataReceived(BANNER + YES + EVENT[:at])
    assert stage.heard == []
    session.dataReceived(EVENT[at:])
    assert stage.heard == [EVENT[:-4]]


def test_answers_to_pings_are_no_events(stage: Stage) -> None:
    session, _ = stage.connected()
    session.dataReceived(BANNER + YES + b"Response: Success\r\nPing: Pong\r\n\r\n")
    assert (stage.heard, stage.states) == ([], [True])


def test_who_is_not_let_in_tries_again_later_and_hears_nothing(stage: Stage) -> None:
    session, transport = stage.connected()
    session.dataReceived(BANNER + b"Response: Error\r\nMessage: Authentication failed\r\n\r\n" + EVENT)
    assert transport.aborted
    session.connectionLost()
    assert (stage.heard, stage.states) == ([], [])
    tried = len(stage.reactor.tcpClients)
    stage.reactor.advance(0.3)
    assert len(stage.reactor.tcpClients) == tried + 1


def test_a_stream_that_makes_no_sense_ends_the_session(stage: Stage) -> None:
    session, transport = stage.connected()
    session.dataReceived(BANNER + YES)
    session.dataReceived(b"x" * (2 << 20))
    assert transport.aborted


def test_a_silent_pbx_is_pinged_and_then_given_up(stage: Stage) -> None:
    session, transport = stage.connected()
    session.dataReceived(BANNER + YES)
    transport.clear()
    stage.reactor.advance(PING_EVERY)
    assert transport.value() == b"Action: Ping\r\n\r\n"
    for _ in range(round(SILENT_TOO_LONG / PING_EVERY) + 1):
        stage.reactor.advance(PING_EVERY)
    assert transport.aborted


def test_each_failure_is_waited_for_longer_and_a_success_forgives(stage: Stage) -> None:
    waits = []
    for _ in range(7):
        session, _ = stage.connected()
        session.connectionLost()
        (due,) = [call for call in stage.reactor.getDelayedCalls() if call.active()]
        waits.append(due.getTime() - stage.reactor.seconds())
        stage.reactor.advance(waits[-1])
    assert waits == pytest.approx([0.25, 0.5, 1, 2, 4, 5, 5])
    session, _ = stage.connected()
    session.dataReceived(BANNER + YES)
    session.connectionLost()
    (due,) = [call for call in stage.reactor.getDelayedCalls() if call.active()]
    assert due.getTime() - stage.reactor.seconds() == pytest.approx(0.25)
    assert stage.states == [True, False]


def test_stopped_ears_do_not_come_back(stage: Stage) -> None:
    session, transport = stage.connected()
    session.dataReceived(BANNER + YES)
    stage.ears.stop()
    assert transport.aborted
    session.connectionLost()
    assert [call for call in stage.reactor.getDelayedCalls() if call.active()] == []
