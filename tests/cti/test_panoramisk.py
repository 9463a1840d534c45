"""Panoramisk, tamed: answers are whole when they say so, and a session that ended is over."""

import asyncio

import pytest
from panoramisk.message import Message

from cti.panoramisk import MOST_BYTES, Lost, Protocol, Said, Session
from tests.real.pbx import run


class Wire(asyncio.Transport):
    """A transport that keeps what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        self.sent += bytes(data)

    def abort(self) -> None:
        """Remember it."""
        self.aborted = True


def session() -> tuple[Session, Protocol, Wire]:
    """A session on a wire of the test's own."""
    protocol, wire = Protocol(), Wire()
    protocol.connection_made(wire)
    return Session(asyncio.get_running_loop(), protocol), protocol, wire


async def plain() -> None:
    live, protocol, wire = session()
    action = Said({"Action": "QueueAdd", "Interface": "PJSIP/seat101"})
    answer = live.say(action)
    assert wire.sent.endswith(b"\r\n\r\n") and b"Interface: PJSIP/seat101\r\n" in wire.sent
    protocol.data_received(b"Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: ")
    protocol.data_received(f"{action.id}\r\nMessage: Added interface to queue\r\n\r\n".encode())
    assert [m["Message"] for m in await answer] == ["Added interface to queue"]
    assert protocol.responses == {}


def test_an_answer_in_one_message_is_whole_whatever_its_words() -> None:
    run(plain())


async def listed() -> None:
    live, protocol, _wire = session()
    action = Said({"Action": "QueueStatus"})
    answer = live.say(action)
    end = f"ActionID: {action.id}\r\n\r\n"
    protocol.data_received(f"A/1\r\nResponse: Success\r\nEventList: start\r\n{end}".encode())
    protocol.data_received(f"Event: DialComplete\r\n{end}".encode())
    assert not answer.done(), "a row may be called anything"
    protocol.data_received(f"Event: QueueStatusComplete\r\nEventList: Complete\r\n{end}".encode())
    assert len(await answer) == 3


def test_a_list_is_whole_when_it_says_so() -> None:
    run(listed())


async def split() -> None:
    live, protocol, _wire = session()
    action = Said({"Action": "Getvar"})
    answer = live.say(action)
    data = f"A/1\r\nResponse: Success\r\nActionID: {action.id}\r\nValue: 王😀\r\n\r\n".encode()
    for at in range(len(data)):
        protocol.data_received(data[at : at + 1])
    assert (await answer)[0]["Value"] == "王😀"


def test_a_character_split_across_reads_stays_whole() -> None:
    run(split())


async def ended() -> None:
    live, protocol, wire = session()
    action = Said({"Action": "Hangup", "Channel": "c"})
    answer = live.say(action)
    sent = wire.sent
    protocol.connection_lost(None)
    protocol.connection_lost(None)
    assert live.lost.done() and protocol.responses == {} and not live.awaiting_actions
    live.forget(action)
    await live.send_awaiting_actions()
    with pytest.raises(Lost):
        await answer
    with pytest.raises(Lost):
        await live.say(Said({"Action": "Hangup", "Channel": "d"}))
    assert wire.sent == sent


def test_what_was_said_in_a_session_that_ended_is_forgotten() -> None:
    run(ended())


async def strangers() -> None:
    live, protocol, wire = session()
    protocol.data_received(b"A/1\r\nEvent: Shutdown\r\nShutdown: Cleanly\r\n\r\nnonsense\r\n\r\n\r\n\r\n")
    assert not live.lost.done() and not wire.aborted
    protocol.data_received(b"Response: Success\r\nActionID: nobody\r\n\r\n")
    protocol.data_received(b"x" * (MOST_BYTES + 1))
    assert wire.aborted


def test_what_concerns_no_action_is_passed_over_and_what_never_ends_is_cut_off() -> None:
    run(strangers())


def test_an_answer_that_comes_twice_does_no_harm() -> None:
    async def twice() -> None:
        action = Said({"Action": "Ping"})
        reply = Message({"Response": "Success"})
        assert action.add_message(reply) and action.add_message(reply)
        assert len(await action.future) == 1

    run(twice())
