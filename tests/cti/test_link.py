"""The mouth: the same plays against a scripted AMI server and the real PBX, then faults only a script can make."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from conf.layout import lay_out
from conf.settings import Settings
from cti.link import ActionFailed, LinkDown, LinkLost, Mouth, State, UnsafeAction, checked, read
from tests.cti.fakeami import FakeAmi, Fields, listed, message
from tests.patience import LONG
from tests.real.pbx import RealPbx, run


class RealAmi:
    """The real PBX in the shape of the scripted one."""

    def __init__(self, folder: Path) -> None:
        self.settings = lay_out(Settings(var=folder))
        self.port = self.settings.pbx.ami_port
        self.user, self.secret = "mouth", self.settings.pbx.mouth_secret
        self.pbx: RealPbx | None = None

    async def start(self) -> None:
        """Start Asterisk."""
        if self.pbx is None:
            self.pbx = await asyncio.to_thread(RealPbx, self.settings)
        else:
            await asyncio.to_thread(self.pbx.start)

    async def stop(self) -> None:
        """End it."""
        if self.pbx is not None:
            await asyncio.to_thread(self.pbx.stop)


Peer = FakeAmi | RealAmi
Play = Callable[[Peer, Mouth], Awaitable[None]]


@pytest.fixture(params=["scripted", pytest.param("real", marks=pytest.mark.real)])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Peer:
    """Who is at the other end."""
    return FakeAmi() if request.param == "scripted" else RealAmi(tmp_path / "var")


async def happens(condition: Callable[[], bool], seconds: float = LONG) -> None:
    """Wait until something is so that nobody tells of."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)


async def until(state: State, mouth: Mouth) -> None:
    """Wait until the mouth is up, or down."""
    await happens(lambda: mouth.state == state)


def perform(peer: Peer, play: Play, **how: float) -> list[State]:
    """Perform a play with a mouth that is up; returns the states it went through."""
    states: list[State] = []

    async def whole() -> None:
        await peer.start()
        mouth = Mouth("127.0.0.1", peer.port, peer.user, peer.secret, changed=states.append, **how)  # type: ignore[arg-type]
        try:
            await mouth.connect()
            await until("up", mouth)
            await play(peer, mouth)
        finally:
            await mouth.close()
            await peer.stop()

    run(whole())
    return states


def test_it_says_and_hears_the_answer(peer: Peer) -> None:
    async def play(_peer: Peer, mouth: Mouth) -> None:
        answer = await mouth.action({"Action": "Setvar", "Variable": "GRIDLINE_BEAT", "Value": "42"})
        assert answer.fields["Response"] == "Success" and answer.events == []
        heard = await mouth.action({"Action": "Getvar", "Variable": "GRIDLINE_BEAT"})
        assert heard.fields["Value"] == "42"

    assert perform(peer, play) == ["up", "down"]


def test_every_character_comes_back_whole(peer: Peer) -> None:
    text = "市民 ياردەم 😀 " * 12

    async def play(_peer: Peer, mouth: Mouth) -> None:
        await mouth.action({"Action": "Setvar", "Variable": "NAME", "Value": text})
        assert (await mouth.action({"Action": "Getvar", "Variable": "NAME"})).fields[
            "Value"
        ].strip() == text.strip()

    perform(peer, play)


def test_lists_and_the_actions_whose_words_mislead_all_resolve(peer: Peer) -> None:
    async def play(_peer: Peer, mouth: Mouth) -> None:
        assert (await mouth.action({"Action": "CoreShowChannels"}, timeout=2)).events == []
        add = {"Action": "QueueAdd", "Queue": "hotline", "Interface": "PJSIP/seat101"}
        assert "to queue" in (await mouth.action(add, timeout=2)).message
        with pytest.raises(ActionFailed, match="Already there"):
            await mouth.action(add, timeout=2)
        status = await mouth.action({"Action": "QueueStatus", "Queue": "hotline"}, timeout=2)
        assert [m["Location"] for m in status.events if m["Event"] == "QueueMember"] == ["PJSIP/seat101"]
        call = {
            "Action": "Originate",
            "Channel": "Local/s@gridline-bye",
            "Application": "Wait",
            "Data": "0",
        }
        assert "queued" in (await mouth.action({**call, "Async": "true"}, timeout=2)).message

    perform(peer, play)


def test_what_the_pbx_refuses_raises_with_its_words(peer: Peer) -> None:
    async def play(_peer: Peer, mouth: Mouth) -> None:
        with pytest.raises(ActionFailed, match="Channel does not exist"):
            await mouth.action(
                {"Action": "Redirect", "Channel": "PJSIP/none-1", "Context": "gridline-wait", "Exten": "s",
                 "Priority": "1"}
            )  # fmt: skip
        with pytest.raises(ActionFailed, match="Permission denied"):
            await mouth.action({"Action": "Command", "Command": "core show version"})

    perform(peer, play)


def test_a_line_break_never_leaves_and_nothing_is_done(peer: Peer) -> None:
    async def play(_peer: Peer, mouth: Mouth) -> None:
        for value in (
            "1\r\nX: y",
            "1\n\nAction: Setvar\nVariable: EVIL\nValue: 1",
            "a\0b",
            "a\rb",
            "a\u2028b",
        ):
            with pytest.raises(UnsafeAction):
                await mouth.action({"Action": "Setvar", "Variable": "GOOD", "Value": value})
        for name in ("EVIL", "GOOD"):
            assert (await mouth.action({"Action": "Getvar", "Variable": name})).fields.get("Value", "") == ""

    perform(peer, play)


def test_many_at_once_each_get_their_own_answer(peer: Peer) -> None:
    async def play(_peer: Peer, mouth: Mouth) -> None:
        names = [f"N{n}" for n in range(200)]
        await asyncio.gather(*(mouth.action({"Action": "Setvar", "Variable": n, "Value": n}) for n in names))
        answers = await asyncio.gather(*(mouth.action({"Action": "Getvar", "Variable": n}) for n in names))
        assert [a.fields["Value"] for a in answers] == names

    perform(peer, play)


def test_while_the_pbx_is_away_nothing_is_sent_and_afterwards_it_is_up_again(peer: Peer) -> None:
    async def play(peer: Peer, mouth: Mouth) -> None:
        await peer.stop()
        await until("down", mouth)
        with pytest.raises(LinkDown):
            await mouth.action({"Action": "Setvar", "Variable": "LATE", "Value": "1"})
        await peer.start()
        await until("up", mouth)
        assert (await mouth.action({"Action": "Getvar", "Variable": "LATE"})).fields.get("Value", "") == ""

    assert perform(peer, play) == ["up", "down", "up", "down"]


# -- faults ------------------------------------------------------------------------------------------------


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


# -- what may be said --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"Action": ["Ping", "Hangup"]},
        {"Action": "Ping", "ActionID": "mine"},
        {"Action": "Ping", "X: y\r\nAction": "z"},
        {"Action": "Ping", "Na me": "z"},
        {"Action": "Ping", "Variable": ["a=1", "b=\r\n2"]},
        {"Action": "Ping", "Text": "\ud800"},
        {"Action": "Ping", "Text": "市" * 340},
        {"Action": "Ping", "Variable": ["a=1"] * 121},
    ],
)
def test_what_could_be_read_as_anything_else_is_not_said(action: dict[str, str | list[str]]) -> None:
    with pytest.raises(UnsafeAction):
        checked(action)


def test_what_is_safe_is_said_as_it_is() -> None:
    action = {"Action": "Originate", "Variable": ["__A=1", "B=市"], "CallerID": '"王" <12345>'}
    assert checked(action) == action


def test_an_answer_keeps_rows() -> None:
    answer = read(
        [
            {"Response": "Success", "EventList": "start"},
            {"Event": "Row", "ChanVariable(A)": "1", "ChanVariable(B)": "2"},
            {"Event": "RowsComplete", "EventList": "Complete"},
        ]
    )
    assert answer.events == [{"Event": "Row", "ChanVariable(A)": "1", "ChanVariable(B)": "2"}]
    with pytest.raises(ActionFailed, match="no"):
        read([{"Response": "Error", "Message": "no"}])
