"""Waiting on a real PBX: services behind one number, who is next, what callers are told, and where they go instead."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from conf.services import Service
from schema.desk.deadlines import keep_calendar
from schema.desk.voicemails import SHORTEST, take_in_voicemail
from schema.facts import RecordingKept
from schema.orders import MakeReady, Pause, PickCaller, SkillSeat
from schema.places import GridCell
from schema.recordings import Recording
from schema.rules.calendar import Calendar, Span
from schema.wire import from_body
from tests.journeys.callsite import CallSite, running
from tests.journeys.waiting import call_in, fact, facts, hears
from tests.real.pbx import Ami

pytestmark = [pytest.mark.real, pytest.mark.journey]
CELL = "330106001001001"
CLOSED = {"workdays": "00:00-00:01", "other_days": "00:00-00:01"}
SERVICES = (
    Service("hotline", zh="热线", callback_after=-1),
    Service(
        "water",
        zh="供水",
        queue="water",
        wants="pipes:3",
        priority=2,
        first=("138999* 9",),
        callback_after=-1,
    ),
    Service("tax", zh="税务", queue="tax", overflow_to="water", overflow_after=2, callback_after=-1),
    Service("short", zh="短", queue="short", max_wait=2, callback_after=-1),
    Service("night", zh="夜", queue="night", when_closed="voicemail", callback_after=-1, **CLOSED),
    Service("shut", zh="休", queue="shut", when_closed="queue:hotline", callback_after=-1, **CLOSED),
    Service("full", zh="满", queue="full", max_waiting=0, callback_after=-1),
    Service("feast", zh="节", queue="feast", workdays="00:00-24:00", callback_after=-1, calendar="feasts"),
)
KEY = {service.name: str(number) for number, service in enumerate(SERVICES, 1)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    """One site with two seats; each test pauses and readies them as it needs."""
    acd = {"tell_first": 2, "tell_every": 60, "usual_place": 80}
    site = CallSite(tmp_path_factory.mktemp("waits"), services=SERVICES, acd=acd)
    now = datetime.now(UTC).astimezone(site.store.zone).date()
    days = {now + timedelta(days=n): "春节" for n in range(-1, 3)}
    with site.store.work() as work:
        keep_calendar(work, Calendar(site.store.zone, (Span(0, 1440),), date(2100, 1, 1), days), "feasts")
    with running(site):
        for seat, answers in (("101", "auto"), ("102", "auto")):
            site.seat(seat, answers=answers)
        yield site


@pytest.fixture(autouse=True)
def rested(site: CallSite) -> Iterator[None]:
    """Both seats paused before each test, everybody off the telephone after it."""
    for seat in ("101", "102"):
        site.order(SkillSeat(seat=seat))
        site.order(Pause(seat=seat, reason="rest"))
    yield
    for phone in site.phones[2:]:
        phone.stop()
    del site.phones[2:]
    site.until(lambda: True if site.channels() == 0 else None, "nobody on the telephone", 20)


def ready(site: CallSite, seat: str) -> None:
    site.order(MakeReady(seat=seat))
    site.seat_is(seat, "ready")


def test_a_service_gives_queue_skill_and_priority_and_its_seat_answers(site: CallSite) -> None:
    site.order(SkillSeat(seat="102", languages="zh:5 en:5", skills="pipes:5"))
    site.order(SkillSeat(seat="101", languages="zh:5"))
    ready(site, "101")
    ready(site, "102")
    row = call_in(site, site.citizen("13899900001"), KEY["water"], language="2")
    row = site.call_is("13899900001", "talking")
    assert (row.queue, row.seat, row.language) == ("water", "102", "en")
    (queued,) = facts(site, "CallQueued", call=str(row.id))
    assert (queued["priority"], queued["skills"]) == (9, "pipes:3")


def test_the_first_priority_goes_before_the_longest_wait(site: CallSite) -> None:
    call_in(site, site.citizen("13700000001"), KEY["hotline"])
    call_in(site, site.citizen("13899900002"), KEY["water"])
    site.order(SkillSeat(seat="101", skills="pipes:5"))
    ready(site, "101")
    site.call_is("13899900002", "talking")
    assert site.calls("13700000001")[-1].stage == "queue"


def test_a_number_served_lately_gets_the_same_agent(site: CallSite) -> None:
    ready(site, "102")
    phone = site.citizen("13700000002")
    call_in(site, phone)
    site.call_is("13700000002", "talking")
    phone.hang_up()
    site.call_is("13700000002", outcome="answered")
    ready(site, "101")
    site.order(Pause(seat="102", reason="rest"))
    ready(site, "102")  # 101 is idle longer now
    call_in(site, phone)
    assert site.call_is("13700000002", "talking").seat == "102"


def test_an_agent_picks_a_waiting_number(site: CallSite) -> None:
    call_in(site, site.citizen("13700000003"), KEY["water"])
    picked = call_in(site, site.citizen("13700000004"), KEY["water"])
    ready(site, "101")  # has no skill for either
    site.order(PickCaller(seat="101", call=picked.id))
    assert site.call_is("13700000004", "talking").seat == "101"
    failed = site.order(PickCaller(seat="101", call=picked.id), "failed")
    assert "talking" in failed.reason


def test_who_waits_is_told_place_and_time_in_their_language(site: CallSite) -> None:
    first, second = site.citizen("13700000005"), site.citizen("13700000006")
    begun = call_in(site, first)
    row = call_in(site, second, language="3")
    for said in ("place-before", "number-2", "place-after", "wait-before", "number-3", "wait-after"):
        hears(site, second, "ug", said)
    for said in ("next", "wait-before", "number-two-of", "wait-after"):
        hears(site, first, "zh", said)
    told = {call.id: fact(site, "WaitTold", call=str(call.id)) for call in (begun, row)}
    assert [(one["position"], one["seconds"]) for one in told.values()] == [(1, 120), (2, 180)]


def test_a_wait_that_is_too_long_goes_on_in_another_queue(site: CallSite) -> None:
    site.order(SkillSeat(seat="101", queues="water"))
    ready(site, "101")
    row = call_in(site, site.citizen("13700000007"), KEY["tax"])
    overflowed = fact(site, "CallOverflowed", call=str(row.id))
    assert (overflowed["queue"], overflowed["to"], overflowed["reason"]) == ("tax", "queue:water", "waited")
    assert site.call_is("13700000007", "talking").queue == "water"


def test_after_the_longest_wait_there_is_a_message(site: CallSite) -> None:
    phone = site.citizen("13700000008")
    row = call_in(site, phone, KEY["short"])
    overflowed = fact(site, "CallOverflowed", call=str(row.id))
    assert (overflowed["to"], overflowed["reason"]) == ("message", "waited")
    hears(site, phone, "zh", "waited")
    site.call_is("13700000008", outcome="overflow")


def test_a_full_queue_gives_a_message(site: CallSite) -> None:
    phone = site.citizen("13700000009")
    row = call_in(site, phone, KEY["full"])
    assert fact(site, "CallOverflowed", call=str(row.id))["reason"] == "full"
    hears(site, phone, "zh", "full")
    hears(site, phone, "zh", "call-later")


def test_on_a_holiday_a_caller_is_told_so(site: CallSite) -> None:
    phone = site.citizen("13700000012")
    row = call_in(site, phone, KEY["feast"])
    overflowed = fact(site, "CallOverflowed", call=str(row.id))
    assert (overflowed["to"], overflowed["reason"]) == ("message", "holiday")
    hears(site, phone, "zh", "holiday")


def test_at_night_a_caller_leaves_a_message_that_is_recorded_and_becomes_a_case(site: CallSite) -> None:
    phone = site.citizen("13700000010")
    row = call_in(site, phone, KEY["night"])
    overflowed = fact(site, "CallOverflowed", call=str(row.id))
    assert (overflowed["to"], overflowed["reason"]) == ("voicemail", "closed")
    hears(site, phone, "zh", "leave-message")
    fact(site, "RecordingStarted", call=str(row.id))
    time.sleep(2)
    phone.press("#")
    hears(site, phone, "zh", "message-kept")
    site.call_is("13700000010", outcome="overflow")
    kept = from_body("RecordingKept", fact(site, "RecordingKept", call=str(row.id)))
    assert isinstance(kept, RecordingKept)
    with site.store.work() as work:
        work.session.add(GridCell(code=CELL, name="一", ring=[[120, 30], [121, 30], [121, 31]]))
        work.session.flush()
        case = take_in_voicemail(work, kept, "", lambda *_: ("留言", "请听录音"))
        assert case is not None
        assert (case.state, case.contact, case.call, case.number) == (
            "accepted",
            row.id,
            row.id,
            "13700000010",
        )


@pytest.mark.parametrize("spoken", [3, 0])
def test_hanging_up_ends_a_message_and_what_was_said_so_far_counts(site: CallSite, spoken: int) -> None:
    phone, pbx = site.citizen(f"1370000002{spoken}"), site.settings.pbx
    ears = Ami(pbx.ami_port, "ears", pbx.ears_secret)
    try:
        row = call_in(site, phone, KEY["night"])
        started = ears.told("Recording", Call=str(row.id))
        file = site.settings.spool / f"{started['Name']}.wav"
        if spoken:
            site.until(lambda: True if file.stat().st_size > spoken * 16_000 else None, "the voice", 20)
        phone.hang_up()
    finally:
        ears.close()
    state = "accepted" if spoken else ""
    ended = site.call_is(phone.number, outcome="overflow")
    kept = from_body("RecordingKept", fact(site, "RecordingKept", call=str(row.id)))
    assert isinstance(kept, RecordingKept) and (kept.seconds >= spoken if spoken else kept.seconds < SHORTEST)
    with site.store.work() as work:
        if work.session.get(GridCell, CELL) is None:
            work.session.add(GridCell(code=CELL, name="一", ring=[[120, 30], [121, 30], [121, 31]]))
            work.session.flush()
        case = take_in_voicemail(work, kept, "", lambda *_: ("留言", "请听录音"))
        assert (case.state if case is not None else "") == state
        assert case is None or (case.contact, case.number) == (row.id, phone.number)
    with site.store.read() as session:
        recording = session.get_one(Recording, kept.recording)
        assert recording.state == "kept" and ("no case" in recording.reason) == (state == "")
    site.until(lambda: True if site.channels() == 0 else None, "no channel is left", 20)
    assert ended.ended_by == "citizen"
    site.until(lambda: True if not list(site.settings.spool.iterdir()) else None, "an empty spool", 20)


def test_a_closed_service_may_be_answered_elsewhere(site: CallSite) -> None:
    ready(site, "101")
    row = call_in(site, site.citizen("13700000011"), KEY["shut"])
    assert fact(site, "CallOverflowed", call=str(row.id))["to"] == "queue:hotline"
    assert site.call_is("13700000011", "talking").queue == "hotline"


def test_with_everything_of_ours_dead_the_net_of_the_queue_brings_the_seat_that_serves_it(
    site: CallSite,
) -> None:
    site.order(SkillSeat(seat="101", queues="tax"))
    site.order(SkillSeat(seat="102", queues="water"))
    call_in(site, site.citizen("13700000013"), KEY["water"])
    for seat in ("101", "102"):
        ready(site, seat)  # neither has the skill
    time.sleep(1)
    site.bridge.kill()
    try:
        site.phones[1].wait("CALL_ESTABLISHED", 20, after=len(site.phones[1].events))
    finally:
        site.bridge.start().wait_ready(30)
    site.call_is("13700000013", "talking")
    assert not any(event["type"] == "CALL_INCOMING" for event in site.phones[0].events[-2:])
