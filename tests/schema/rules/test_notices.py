"""Who is told by which ways, when it is quiet, how often it is tried, and what a mail address is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from schema.rules.lights import LADDER
from schema.rules.notices import (
    BY_FACT,
    DEFAULT,
    KINDS,
    MOST_TRIES,
    Wishes,
    after_quiet,
    is_mail,
    kind_of,
    minute_of,
    pause_after,
    plan,
)

ZONE = ZoneInfo("Asia/Shanghai")
NONE = frozenset[str]()


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def ways(kind: str, wishes: Wishes = DEFAULT, **who: str) -> list[tuple[str, str, str]]:
    given = {"mail": "li@city.example", "mobile": "13900000001"} | who
    return [
        (one.way, one.address, one.why) for one in plan(kind, wishes=wishes, now=at(10), zone=ZONE, **given)
    ]


def test_each_step_of_the_ladder_tells_whom_the_ladder_says() -> None:
    for rung in LADDER:
        assert KINDS[rung.what].told == rung.tells
        assert kind_of("CaseUrged", {"rung": rung.what}) == rung.what


def test_a_fact_makes_the_notice_of_its_kind() -> None:
    assert kind_of("ExtensionDecided", {"granted": True}) == "extension-granted"
    assert kind_of("ExtensionDecided", {"granted": False}) == "extension-refused"
    assert kind_of("CaseDispatched", {}) == "assigned"
    assert kind_of("CaseFiled", {}) == ""
    assert set(BY_FACT.values()) <= KINDS.keys()


def test_the_inbox_is_always_told_first() -> None:
    for kind in KINDS:
        assert ways(kind, Wishes(NONE, NONE)) == [("message", "", "")]
        assert ways(kind)[0] == ("message", "", "")


def test_what_is_wanted_and_has_no_address_says_so() -> None:
    assert ways("assigned", mail="", mobile="") == [
        ("message", "", ""), ("mail", "", "no-address"), ("sms", "", "no-mobile"),
    ]  # fmt: skip
    assert ways("assigned", Wishes(frozenset({"assigned"}), NONE), mobile="") == [
        ("message", "", ""), ("mail", "li@city.example", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wishes", "now", "then"),
    [
        (Wishes(NONE, NONE, 22 * 60, 7 * 60), at(21, 59), at(21, 59)),
        (Wishes(NONE, NONE, 22 * 60, 7 * 60), at(22), at(7, day=25)),
        (Wishes(NONE, NONE, 22 * 60, 7 * 60), at(0, 30), at(7)),
        (Wishes(NONE, NONE, 22 * 60, 7 * 60), at(7), at(7)),
        (Wishes(NONE, NONE, 12 * 60, 13 * 60 + 30), at(12, 45), at(13, 30)),
        (Wishes(NONE, NONE, 12 * 60, 13 * 60 + 30), at(13, 30), at(13, 30)),
        (Wishes(NONE, NONE, 0, 0), at(3), at(3)),
    ],
)
def test_quiet_hours_end_where_they_were_chosen_to(wishes: Wishes, now: datetime, then: datetime) -> None:
    assert after_quiet(wishes, now.astimezone(UTC), ZONE) == then


def test_quiet_hours_hold_back_mail_but_neither_the_inbox_nor_what_is_pressing() -> None:
    quiet = Wishes(DEFAULT.mail, DEFAULT.sms, 9 * 60, 11 * 60)
    given = {"mail": "a@b.example", "mobile": "1", "wishes": quiet, "now": at(10), "zone": ZONE}
    assert [one.at for one in plan("assigned", **given)] == [at(10), at(11), at(11)]  # type: ignore[arg-type]
    assert [one.at for one in plan("supervised", **given)] == [at(10)] * 3  # type: ignore[arg-type]


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(tries) for tries in range(1, MOST_TRIES)]
    known = [pause for pause in pauses if pause is not None]
    assert len(known) == len(pauses) and known == sorted(known) and known[-1] == timedelta(hours=1)
    assert pause_after(MOST_TRIES) is None
    assert timedelta(days=1) < sum(known, timedelta(0)) < timedelta(days=3)


@pytest.mark.parametrize("good", ["a@b", "li.na+city@mail.city.example", "x" * 64 + "@b.example"])
def test_an_address(good: str) -> None:
    assert is_mail(good)


@pytest.mark.parametrize(
    "bad",
    ["", "a", "a@", "@b", "a@b\nBcc: c@d", "a@b\r\n", "a b@c", "a@b,c@d", "<a@b>", "李@b", "a@b..c", "a..b@c",
     "x" * 65 + "@b", "a@" + "b" * 300, '"a"@b'],
)  # fmt: skip
def test_what_is_no_address_or_could_be_more_than_one(bad: str) -> None:
    assert not is_mail(bad)


def test_a_minute_of_the_day() -> None:
    assert [minute_of(text) for text in ("00:00", "22:30", "23:59")] == [0, 1350, 1439]
    assert [minute_of(text) for text in ("", "24:00", "1:00", "12:60", "१२:००")] == [None] * 5
