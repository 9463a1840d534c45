"""A list in an address and back."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from backoffice.listform import ListForm, read_form
from schema.ids import uuid7
from schema.rules.numbering import Numbering
from schema.rules.searchwords import Asked, Key

ZONE = ZoneInfo("Asia/Shanghai")


def form(query: str, numbering: Numbering | None = None) -> ListForm:
    asked = MultiDict(parse_qsl(query, keep_blank_values=True))
    return read_form(asked, ZONE, numbering or Numbering())


def test_an_address_without_fields_is_every_case_newest_first() -> None:
    found = form("state=&kind=&q=&x=y")
    assert not found.chosen and not found.wrong and found.query() == ""
    assert found.wanted.newest_first and not found.wanted.by_due and found.wanted.words is None


def test_the_address_brings_the_same_list_back() -> None:
    worker = uuid7()
    query = (
        "q=a+%2Bb%26c&state=filed&state=closed&light=over&class=social&channel=phone&category=02&sort=due&number=%2B86138000"
        f"&cell=3301&worker={worker}&made_from=2026-11-01&made_to=2026-11-02"
    )
    found = form(query)
    again = form(found.query())
    assert again.wanted == found.wanted and again.values == found.values and not found.wrong
    assert (
        found.wanted.worker == worker
        and found.wanted.states == ("filed", "closed")
        and found.wanted.channel == "phone"
    )
    assert form(found.query(q=None, at="x")).value("q") == "" and "at=x" in found.query(at="x")
    assert form(found.without("state", "filed")).values["state"] == ["closed"]


def test_days_are_the_sites_and_both_are_included() -> None:
    made = form("made_from=2026-11-01&made_to=2026-11-02").wanted.made
    assert made == (datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 2, 16, tzinfo=UTC))


def test_what_is_typed_above_the_list_is_a_case_a_day_a_telephone_or_words() -> None:
    assert form("q=zw-20261124-0001").wanted.case_no == "ZW-20261124-0001"
    day = form("q=SH-20261124-").wanted
    assert (day.class_, day.made) == ("social", form("made_from=2026-11-24&made_to=2026-11-24").wanted.made)
    assert form("q=SH-20261399").wanted.words is not None
    assert form("q=0571 8888 0000").wanted.number == "057188880000"
    assert form("q=3301").wanted.words == Asked((Key("3301"),))
    assert form("q=13800000001&number=12345").wanted.number == "12345"


def test_what_makes_no_sense_does_not_choose() -> None:
    found = form("state=x&light=y&rating=9&sort=z&made_to=soon&cell=abc&q=-a")
    assert found.wrong.keys() == {"made_to", "cell", "q"}
    assert found.wanted == form("").wanted


def test_numbers_of_the_citys_template_are_known_and_those_of_before_too() -> None:
    city = Numbering("{area}.{class}{day}.{n:5}", {"government": "Z", "social": "S"}, "3301")
    assert form("q=3301.s261124.00042", city).wanted.case_no == "3301.S261124.00042"
    assert form("q=ZW-20261124-0001", city).wanted.case_no == "ZW-20261124-0001"
    assert form("q=3301.S261124", city).wanted.class_ == "social"
    assert form("q=3301.S261124").wanted.class_ == ""
