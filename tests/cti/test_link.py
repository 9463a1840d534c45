"""The mouth: the same plays against a scripted AMI server and the real PBX, then faults only a script can make."""

import asyncio

import pytest

from cti.link import ActionFailed, LinkDown, Mouth, UnsafeAction, checked, read
from tests.cti.linkplay import Peer, peer, perform, until

__all__ = ["peer"]


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
