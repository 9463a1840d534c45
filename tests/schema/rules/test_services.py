from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.calendar import Calendar, Span
from schema.rules.services import (
    BadServices,
    Closed,
    Full,
    Holiday,
    Hours,
    Overflow,
    Queue,
    Service,
    admit,
    check,
    next_step,
    priority_of,
    step,
)

CITY = Calendar(
    ZoneInfo("Asia/Shanghai"),
    (Span(510, 720), Span(810, 1050)),
    date(2026, 12, 31),
    days_off={date(2026, 2, day): "春节" for day in range(15, 24)},
    workdays={date(2026, 2, 14): "春节", date(2026, 2, 28): "春节"},
)
OFFICE = Hours((Span(510, 720), Span(810, 1050)), dates={date(2026, 2, 13): (Span(510, 720),)})


def local(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00+08:00").astimezone(UTC)


def office(**how: object) -> Service:
    return Service("tax", hours=OFFICE, when_closed="voicemail", **how)  # type: ignore[arg-type]


def test_a_caller_who_comes_in_time_waits_in_the_services_queue() -> None:
    service = Service("tax", "tax", (("tax", 3),), 2, ("zh", "ug"))
    at = local("2026-03-04", "03:00")
    assert admit(service, at, 5, 0, CITY, language="ug") == Queue("tax", (("tax", 3),), 2, "ug")
    assert admit(service, at, 5, 0, CITY, language="en") == Queue("tax", (("tax", 3),), 2, "zh")


def test_the_hotline_answers_at_any_time_of_any_day() -> None:
    for day in ("2026-02-14", "2026-02-17", "2026-02-21", "2027-05-01"):
        assert isinstance(admit(Service("hotline"), local(day, "04:00"), 0, 1, CITY), Queue)


@pytest.mark.parametrize(
    ("day", "clock", "opens"),
    [
        ("2026-03-04", "12:00", ("2026-03-04", "13:30")),  # lunch; a span ends as its minute begins
        ("2026-03-04", "03:00", ("2026-03-04", "08:30")),
        ("2026-03-06", "18:00", ("2026-03-09", "08:30")),  # Friday evening
        ("2026-02-13", "14:00", ("2026-02-14", "08:30")),  # a half day; then a Saturday that is worked 调休
        ("2026-02-14", "17:30", ("2026-02-24", "08:30")),  # the evening before the festival
    ],
)
def test_closed_says_what_is_offered_and_when_it_opens(day: str, clock: str, opens: tuple[str, str]) -> None:
    assert admit(office(), local(day, clock), 0, 3, CITY) == Closed("voicemail", local(*opens))


def test_a_make_up_saturday_is_open_and_a_plain_one_is_not() -> None:
    assert isinstance(admit(office(), local("2026-02-28", "09:00"), 0, 1, CITY), Queue)
    assert isinstance(admit(office(), local("2026-03-07", "09:00"), 0, 1, CITY), Closed)


def test_a_holiday_is_told_by_its_name() -> None:
    assert admit(office(), local("2026-02-17", "09:00"), 0, 3, CITY) == Holiday(
        "春节", "voicemail", local("2026-02-24", "08:30")
    )


def test_an_opening_beyond_what_the_calendar_knows_is_not_certain() -> None:
    found = admit(office(), local("2026-12-31", "18:00"), 0, 0, CITY)
    assert found == Closed("voicemail", local("2027-01-01", "08:30"), certain=False)


def test_a_service_that_never_opens_says_so() -> None:
    never = Service("none", hours=Hours(()))
    assert admit(never, local("2026-03-04", "09:00"), 0, 1, CITY) == Closed("message", None, certain=False)


def test_a_full_queue_overflows_or_is_full_but_not_while_a_seat_is_idle() -> None:
    at = local("2026-03-04", "09:00")
    assert admit(office(max_waiting=5), at, 5, 0, CITY) == Full(5, callback=False)
    assert admit(office(max_waiting=5, callback_after=60), at, 5, 0, CITY) == Full(5, callback=True)
    assert admit(office(max_waiting=5, overflow_to="b"), at, 5, 0, CITY) == Overflow("b")
    for waiting, idle in ((4, 0), (5, 1)):
        assert isinstance(admit(office(max_waiting=5), at, waiting, idle, CITY), Queue)


def test_a_service_may_overflow_at_once_when_no_seat_is_idle() -> None:
    service, at = office(overflow_to="b", overflow_after=0), local("2026-03-04", "09:00")
    assert admit(service, at, 0, 0, CITY) == Overflow("b")
    assert isinstance(admit(service, at, 0, 1, CITY), Queue)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        admit(office(), datetime(2026, 3, 4), 0, 0, CITY)  # noqa: DTZ001 - what is refused


def test_what_waiting_brings() -> None:
    service = Service("a", callback_after=60, overflow_to="b", overflow_after=180, max_wait=600)
    assert [step(service, s) for s in (0, 59, 60, 179, 180, 600)] == [
        "keep", "keep", "offer_callback", "offer_callback", "overflow", "give_up",
    ]  # fmt: skip
    assert step(service, 100, offered=True) == "keep"
    assert step(Service("a"), 1e9) == "keep"


bound = st.none() | st.floats(1, 1000)


@given(bound, bound, bound, st.booleans(), st.floats(0, 1000))
def test_nothing_happens_before_the_time_at_which_it_says_to_ask_again(
    offer: float | None, over: float | None, most: float | None, offered: bool, waited: float
) -> None:
    service = Service("a", overflow_to="b", overflow_after=over, callback_after=offer, max_wait=most)
    at, now = next_step(service, waited, offered=offered), step(service, waited, offered=offered)
    until = waited + 1e6 if at is None else at
    between = waited + (until - waited) * 0.999
    if between < until:
        assert step(service, between, offered=offered) == now
    if at is not None and now == "keep":
        assert step(service, at, offered=offered) != "keep"


def test_a_numbers_own_priority_goes_before_its_prefix_and_the_longer_prefix_first() -> None:
    service = Service("a", priority=1, first={"0571*": 3, "05718888*": 5, "057188880000": 9, "*": 2})
    numbers = ("057188880000", "057188881111", "057111112222", "13800000000", "")
    assert [priority_of(service, number) for number in numbers] == [9, 5, 3, 2, 1]


@pytest.mark.parametrize(
    "how",
    [
        {"when_closed": "nothing"},
        {"overflow_after": 5},
        {"overflow_to": "hotline"},
        {"priority": 10},
        {"first": {"1*": 10}},
    ],
)
def test_settings_that_cannot_be_are_refused(how: dict[str, object]) -> None:
    with pytest.raises(BadServices, match="a: "):
        Service("a", **how)  # type: ignore[arg-type]


def test_hours_that_cannot_be_are_refused() -> None:
    for spans in ((Span(60, 60),), (Span(0, 1441),), (Span(0, 60), Span(30, 90))):
        with pytest.raises(BadServices):
            Hours(dates={date(2026, 1, 1): spans})


def test_services_that_send_a_caller_in_a_circle_are_refused() -> None:
    a, b = Service("a", "a", overflow_to="b"), Service("b", "b", when_closed="queue:c")
    check([a, b, Service("c", "c")])
    with pytest.raises(BadServices, match="circle"):
        check([a, b, Service("c", "c", overflow_to="a")])
    with pytest.raises(BadServices, match="no queue b"):
        check([a])


@given(st.integers(0, 60 * 24 * 400))
def test_it_opens_at_a_time_at_which_it_is_open_and_not_earlier(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opens = OFFICE.opens_after(now, CITY)
    assert opens is not None and OFFICE.open_at(opens, CITY)
    assert opens == now or not any(
        OFFICE.open_at(now + (opens - now) * share / 50, CITY) for share in range(50)
    )
