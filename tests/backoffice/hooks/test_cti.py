"""Facts as Zammad's generic CTI is told them; facts of a real PBX, too."""

from datetime import UTC, datetime

import pytest

from backoffice.hooks.cti import Call, cause_of, told, written
from schema import facts
from schema.ids import CallId, ContactId, uuid7

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
ID = uuid7()
COMMON = {"at": AT, "call": CallId(ID), "contact": ContactId(ID), "node": "pbx1"}


def ended(outcome: str, cause: int = 16) -> facts.CallEnded:
    return facts.CallEnded(**COMMON, stage="talking", outcome=outcome, cause=cause)  # type: ignore[arg-type]


def test_a_call_out_is_from_the_hotline() -> None:
    fact = facts.CallEntered(**COMMON, leg="", channel="", number="139", dialled="", direction="out")  # type: ignore[arg-type]
    assert told(fact, Call("139", "out", "call-out"), "12345") == {
        "event": "newCall", "from": "12345", "to": "139", "direction": "out", "callId": str(ID)
    }  # fmt: skip


def test_a_withheld_number_is_anonymous() -> None:
    fact = facts.CallEntered(**COMMON, leg="1", channel="", number="", dialled="12345")  # type: ignore[arg-type]
    found = told(fact, Call("", "in"), "12345")
    assert found is not None and found["from"] == "anonymous"


def test_what_is_between_seats_or_of_another_node_is_not_told() -> None:
    fact = facts.CallEntered(**COMMON, leg="1", channel="", number="102", dialled="", purpose="internal")  # type: ignore[arg-type]
    assert told(fact, Call("102", "out", "internal"), "12345") is None
    guest = facts.CallAnswered(**COMMON, seat="101", leg="1", guest=True)  # type: ignore[arg-type]
    assert told(guest, Call("139", "in"), "12345") is None
    assert told(facts.NoticePlayed(**COMMON), Call("139", "in"), "12345") is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "cause", "wanted"),
    [
        ("answered", 16, "normalClearing"), ("abandoned", 16, "cancel"), ("failed", 17, "busy"),
        ("failed", 1, "notFound"), ("failed", 19, "noAnswer"), ("failed", 34, "congestion"),
        ("failed", 16, "noAnswer"), ("lost", 0, "congestion"),
    ],
)  # fmt: skip
def test_why_it_ended_is_said_in_zammads_words(outcome: str, cause: int, wanted: str) -> None:
    assert cause_of(ended(outcome, cause)) == wanted


def test_a_form_has_users_as_a_list_and_other_scripts_encoded() -> None:
    body = {"event": "answer", "from": "+86138", "user": ["李 雷", "a&b"]}
    assert (
        written(body, "form") == "event=answer&from=%2B86138&user%5B%5D=%E6%9D%8E+%E9%9B%B7&user%5B%5D=a%26b"
    )
    assert written({"event": "answer"}, "json") == '{"event":"answer"}'
