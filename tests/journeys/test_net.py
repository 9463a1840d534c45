"""With our own software dead, calls still flow: the PBX queues and connects, and the records are right afterwards."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from conf.children import listens
from demo.browser import heard_shares
from demo.journey import AGENT_TONE, CITIZEN_TONE, CLEAR, Journey
from schema.calls import CallRow
from schema.recordings import Recording
from tests.journeys.conftest import Journeys

pytestmark = [pytest.mark.real, pytest.mark.journey]


def answer_and_be_heard(journey: Journey, seconds: float) -> None:
    answer = journey.agent.get_by_test_id("call-answer")
    answer.wait_for(timeout=seconds * 1000)
    answer.click()
    time.sleep(1)
    others, own = heard_shares(journey.agent, [CITIZEN_TONE, AGENT_TONE], seconds=1)
    assert others > CLEAR > own


def one_right_record(journey: Journey) -> None:
    """Let the bridge come back, end the call, and look at what was written."""
    gridline = journey.supervisor.child("gridline")
    journey.supervisor.release("gridline")
    until(lambda: gridline.pid != 0 and listens(journey.supervisor.settings.web.port), 30)
    until(lambda: calls(journey, "talking") == 1, 20)
    journey.citizen.hang_up()
    until(lambda: calls(journey, "talking", ended=True) == 1, 15)
    with journey.store.read() as session:
        call = session.scalars(select(CallRow)).one()
    assert (call.outcome, call.seat, call.by_net) == ("answered", "101", True)
    assert call.user is not None and call.ended_by == "citizen"
    until(lambda: kept(journey) == 1, 15)


def test_the_bridge_is_killed_while_a_caller_waits(journey_on: Journeys) -> None:
    journey = journey_on()
    journey.agent_sits_down()
    journey.citizen_calls()
    journey.agent_answers()
    journey.agent.get_by_test_id("call-hangup").click()  # now the seat is in wrap-up, and nobody is free
    journey.agent.locator("[data-testid=seat-state][data-state=wrapup]").wait_for()
    journey.hops.until("call.ended", 10)
    journey.hops.until("recording.kept", 10)
    with journey.store.work() as work:  # the first call's rows are not what this is about
        work.session.query(Recording).delete()
    known = journey.hops.contacts_of(journey.citizen.number)
    journey.dial_and_choose(known)
    journey.hops.until("queue.entered", 15)
    first = known.pop()
    journey.supervisor.hold("gridline")
    answer_and_be_heard(journey, 15)
    gridline = journey.supervisor.child("gridline")
    journey.supervisor.release("gridline")
    until(lambda: gridline.pid != 0 and listens(journey.supervisor.settings.web.port), 30)
    journey.hops.until("seat.answered", 20)
    journey.citizen.hang_up()
    journey.hops.until("call.ended", 15)
    with journey.store.read() as session:
        call = session.scalars(select(CallRow).where(CallRow.contact != first)).one()
    assert (call.outcome, call.seat, call.by_net, call.ended_by) == ("answered", "101", True, "citizen")
    assert call.queued_at is not None and call.answered_at is not None and call.queued_at < call.answered_at
    until(lambda: kept(journey) == 1, 15)


def test_a_call_comes_while_everything_of_ours_is_dead(journey_on: Journeys) -> None:
    journey = journey_on()
    journey.agent_sits_down()
    journey.citizen.start()
    time.sleep(1)  # the net's members are set when the seat is ready
    journey.supervisor.hold("gridline")
    journey.citizen.dial("12345")
    answer_and_be_heard(journey, 20)
    one_right_record(journey)


def calls(journey: Journey, stage: str, *, ended: bool = False) -> int:
    with journey.store.read() as session:
        query = select(func.count()).select_from(CallRow).where(CallRow.stage == stage)
        query = query.where(CallRow.ended_at.is_not(None) if ended else CallRow.ended_at.is_(None))
        return session.scalar(query) or 0


def kept(journey: Journey) -> int:
    with journey.store.read() as session:
        return (
            session.scalar(select(func.count()).select_from(Recording).where(Recording.state == "kept")) or 0
        )


def until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds:.0f} s"
        time.sleep(0.05)
