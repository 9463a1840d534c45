"""Faults of an AMI session that only a scripted server can make."""

import asyncio
from collections.abc import Iterator

import pytest

from cti.link import LinkLost, Mouth, State
from tests.cti.fakeami import FakeAmi, Fields, listed, message
from tests.cti.linkplay import Peer, happens, perform, until
from tests.real.pbx import run


@pytest.fixture
def fake() -> Iterator[FakeAmi]:
    """The scripted server."""
    yield FakeAmi()


def silent(_action: Fields) -> None:
    """No answer."""


def test_what_was_not_answered_is_lost_with_the_link_and_never_said_again(fake: FakeAmi) -> None:
    fake.script["Hangup"] = silent

    async def play(_peer: Peer, mouth: Mouth) -> None:
        doing = asyncio.gather(
            *(mouth.action({"Action": "Hangup", "Channel": f"c{n}"}) for n in range(3)),
            return_exceptions=True,
        )
        await happens(lambda: sum(a["Action"] == "Hangup" for a in fake.said) == 3)
        fake.drop()
        assert [type(outcome) for outcome in await doing] == [LinkLost] * 3
        await until("up", mouth)
        await mouth.action({"Action": "Ping"})
        assert sum(a["Action"] == "Hangup" for a in fake.said) == 3

    perform(fake, play)


def test_no_answer_within_the_time_is_a_timeout_and_the_link_stays(fake: FakeAmi) -> None:
    fake.script["Originate"] = silent

    async def play(_peer: Peer, mouth: Mouth) -> None:
        with pytest.raises(TimeoutError):
            await mouth.action({"Action": "Originate", "Channel": "x"}, timeout=0.05)
        assert mouth.state == "up"
        assert mouth._session is not None and mouth._session.protocol.responses == {}

    perform(fake, play)


def test_an_answer_that_comes_late_disturbs_nobody(fake: FakeAmi) -> None:
    late: list[Fields] = []
    fake.script["Hangup"] = lambda action: late.append(action)  # type: ignore[func-returns-value]
    fake.script["Setvar"] = lambda action: (
        message(late[0]["ActionID"], Response="Error", Message="late")
        + message(action["ActionID"], Response="Success", Message="Variable Set")
    )

    async def play(_peer: Peer, mouth: Mouth) -> None:
        with pytest.raises(TimeoutError):
            await mouth.action({"Action": "Hangup", "Channel": "x"}, timeout=0.05)
        answer = await mouth.action({"Action": "Setvar", "Variable": "A", "Value": "1"})
        assert answer.message == "Variable Set"

    perform(fake, play)


def test_a_pbx_that_hangs_is_noticed_by_the_ping(fake: FakeAmi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cti.link.TIMEOUT", 0.2)

    async def play(_peer: Peer, mouth: Mouth) -> None:
        fake.script["Ping"] = silent
        await until("down", mouth)
        del fake.script["Ping"]
        await until("up", mouth)

    assert perform(fake, play, ping_every=0.1)[:3] == ["up", "down", "up"]


def test_answers_cut_anywhere_are_read_whole(fake: FakeAmi) -> None:
    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        while line := await reader.readline():
            if not line.startswith(b"ActionID: "):
                continue
            ident = line.decode().split()[1]
            rows = [{"Event": "Row", "Name": "王小明"}, {"Event": "Row", "Name": "😀"}]
            for byte in message(ident, Response="Success") if len(seen) == 0 else listed(ident, "Rows", rows):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0)
            seen.append(ident)
        writer.close()
        gone.set()

    gone = asyncio.Event()
    seen: list[str] = []

    async def whole() -> list[str]:
        server = await asyncio.start_server(slowly, "127.0.0.1", 0)
        mouth = Mouth("127.0.0.1", server.sockets[0].getsockname()[1], "u", "s")
        await mouth.connect()
        await until("up", mouth)
        answer = await mouth.action({"Action": "Rows"})
        await mouth.close()
        await gone.wait()
        server.close()
        await server.wait_closed()
        return [row["Name"] for row in answer.events]

    assert run(whole()) == ["王小明", "😀"]


def test_a_wrong_secret_is_tried_again_with_growing_waits_and_said_once(
    fake: FakeAmi, caplog: pytest.LogCaptureFixture
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(3600 if len(waits) == 7 else 0)

    async def whole() -> State:
        await fake.start()
        mouth = Mouth("127.0.0.1", fake.port, "mouth", "wrong", sleep=sleep)
        await mouth.connect()
        await happens(lambda: len(waits) == 7)
        state = mouth.state
        await mouth.close()
        await fake.stop()
        return state

    assert run(whole()) == "down"
    assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    assert [r.getMessage() for r in caplog.records if "no AMI session" in r.getMessage()] == [
        f"no AMI session with 127.0.0.1:{fake.port}: Authentication failed"
    ]


def test_closing_fails_what_waits_and_leaves_no_task(fake: FakeAmi) -> None:
    fake.script["Hangup"] = silent

    async def play(_peer: Peer, mouth: Mouth) -> None:
        doing = asyncio.get_running_loop().create_task(mouth.action({"Action": "Hangup", "Channel": "x"}))
        await asyncio.sleep(0.05)
        await mouth.close()
        with pytest.raises(LinkLost):
            await doing
        assert not [t for t in asyncio.all_tasks() if t.get_name() == "AMI mouth"]

    assert perform(fake, play) == ["up", "down"]
