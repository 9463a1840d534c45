"""What the register is asked for: read from an address, and written back into one."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from backoffice.contactform import ContactForm, read_form
from schema.ids import uuid7

ZONE = ZoneInfo("Asia/Shanghai")


def read(numbers: bool = True, only: Any = None, **asked: str) -> ContactForm:
    names = {name.rstrip("_"): value for name, value in asked.items()}
    return read_form(MultiDict(names), ZONE, numbers=numbers, only=only, channels=("phone", "letter"))


def test_days_are_the_sites_and_both_are_included() -> None:
    came = read(from_="2026-11-24", to="2026-11-24").wanted.came
    assert came == (datetime(2026, 11, 23, 16, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC))
    assert read(to=date.max.isoformat(), from_="0001-01-01").wanted.came == (None, None)


def test_what_chooses_is_written_back_into_an_address() -> None:
    form = read(channel="letter", number="138 0000 0001", outcome="received", nonsense="x")
    assert (form.wanted.channel, form.wanted.number, form.wanted.outcome) == (
        "letter",
        "13800000001",
        "received",
    )
    assert form.query(at="a.1") == "channel=letter&number=138+0000+0001&outcome=received&at=a.1"
    assert form.query(number=None) == "channel=letter&outcome=received" and form.wrong == {}


def test_what_makes_no_sense_is_told() -> None:
    for asked, field in (
        ({"from_": "x"}, "from"), ({"from_": "2026-11-25", "to": "2026-11-24"}, "to"),
        ({"channel": "pigeon"}, "channel"),
        ({"outcome": "x"}, "outcome"), ({"agent": "x"}, "agent"), ({"number": "x"}, "number"),
    ):  # fmt: skip
        assert set(read(**asked).wrong) == {field}, asked


def test_one_who_may_not_look_for_numbers_does_not_and_one_sees_others_only_with_the_right() -> None:
    assert read(numbers=False, number="13800000001").wrong == {"number": "contactlist.no_numbers"}
    me, other = uuid7(), uuid7()
    assert read(agent=str(other)).wanted.taken_by == other
    assert read(only=me, agent=str(other)).wanted.taken_by == me
