"""What we say to the PBX: each intention as an action, and what no action may be made of."""

from uuid import UUID

import pytest

from cti import speaks
from cti.link import checked
from cti.speaks import Unspeakable

CALL = UUID("01a20d61-dfa1-71c5-9b2a-aa5074843958")
CONTACT = UUID("01a20d61-dfa1-71c5-9b2a-aa5074843959")
CASE = UUID("01a20d61-dfa1-71c5-9b2a-aa507484395a")


def test_a_seat_rings_by_redirecting_the_caller() -> None:
    assert speaks.ring_seat("PJSIP/carrier-1", "101") == {
        "Action": "Redirect", "Channel": "PJSIP/carrier-1", "Context": "gridline-dial", "Exten": "101",
        "Priority": "1",
    }  # fmt: skip


def test_a_citizen_is_called_with_the_ids_of_the_order() -> None:
    said = speaks.call_citizen("13800138000", CALL, CONTACT, CASE, "zh-Hans", "12345", ring_ms=20_000)
    assert said["Channel"] == "PJSIP/13800138000@carrier"
    assert said["ChannelId"] == str(CALL)
    assert (said["Context"], said["Async"], said["Timeout"]) == ("gridline-visit", "true", "20000")
    assert said["Variable"] == [
        f"__GRIDLINE_CONTACT={CONTACT}",
        f"__GRIDLINE_CALL={CALL}",
        f"__GRIDLINE_CASE={CASE}",
        "__GRIDLINE_LANGUAGE=zh-Hans",
    ]
    visit = speaks.call_citizen("110", CALL, CONTACT, CASE, "ug", "057188880000", visit=CONTACT)
    assert visit["Variable"][-1] == f"__GRIDLINE_VISIT={CONTACT}" and visit["CallerID"] == "057188880000"
    assert "__GRIDLINE_CASE=" in speaks.call_citizen("110", CALL, CONTACT, None, "ug", "12345")["Variable"]


@pytest.mark.parametrize(
    "number", ["", "1", "carrier", "138&PJSIP/seat101", "138@evil", "138,s", "1" * 21, "138\n"]
)
def test_only_numbers_are_called(number: str) -> None:
    with pytest.raises(Unspeakable):
        speaks.call_citizen(number, CALL, CONTACT, CASE, "zh", "12345")


@pytest.mark.parametrize("language", ["", "zh,__GRIDLINE_AGI=agi://evil", "z", "zh_CN", "zh-"])
def test_a_language_sets_no_other_variable(language: str) -> None:
    with pytest.raises(Unspeakable):
        speaks.call_citizen("13800138000", CALL, CONTACT, CASE, language, "12345")


def test_a_caller_to_show_is_a_number() -> None:
    with pytest.raises(Unspeakable):
        speaks.call_citizen("13800138000", CALL, CONTACT, CASE, "zh", '"x" <1>')


@pytest.mark.parametrize("seat", ["", "1", "seat101", "101&102", "101/x", "1" * 9, "１０１", "101\n"])
def test_only_extensions_are_seats(seat: str) -> None:
    for say in (
        lambda: speaks.seat_channel(seat),
        lambda: speaks.ring_seat("c", seat),
        lambda: speaks.add_member("hotline", seat, "Wang", paused=False),
        lambda: speaks.remove_member("hotline", seat),
        lambda: speaks.pause_member("hotline", seat, paused=True),
    ):
        with pytest.raises(Unspeakable):
            say()


def test_the_net_queues_members() -> None:
    assert speaks.add_member("hotline", "101", "", paused=True) == {
        "Action": "QueueAdd", "Queue": "hotline", "Interface": "PJSIP/seat101", "MemberName": "101",
        "Paused": "true",
    }  # fmt: skip
    assert speaks.remove_member("hotline", "101")["Action"] == "QueueRemove"
    paused = speaks.pause_member("hotline", "101", paused=False, reason="rest")
    assert (paused["Paused"], paused["Reason"]) == ("false", "rest")


def test_the_rest_is_plain() -> None:
    assert speaks.beat(7) == {"Action": "Setvar", "Variable": "GRIDLINE_BEAT", "Value": "7"}
    assert speaks.hang_up("c", 17)["Cause"] == "17"
    assert speaks.queue_caller_back("c")["Exten"] == "back"
    for said in (
        speaks.channels(),
        speaks.queue_status("hotline"),
        speaks.variable("c", "X"),
    ):
        assert checked(said) == said
