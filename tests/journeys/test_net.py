"""With our own software dead, calls still flow: the PBX queues and connects, and the records are right afterwards."""

import time

import pytest
from sqlalchemy import func, select

from conf.children import listens
from demo.browser import heard_shares
from demo.journey import AGENT_TONE, CITIZEN_TONE, CLEAR, Journey
from schema.calls import CallRow
from schema.recordings import Recording
from tests.journeys.browserpids import chromium, silent
from tests.journeys.conftest import Journeys
from tests.journeys.waiting import likeness, spoken
from tests.patience import until

pytestmark = [pytest.mark.real, pytest.mark.journey]


def answer_and_be_heard(journey: Journey, seconds: float) -> None:
    answer = journey.agent.get_by_test_id("call-answer")
    answer.wait_for(timeout=seconds * 1000)
    answer.click()
    time.sleep(1)
    others, own = heard_shares(journey.agent, [CITIZEN_TONE, AGENT_TONE], seconds=1)
    assert others > CLEAR > own


def test_a_call_comes_while_everything_of_ours_is_dead(journey_on: Journeys) -> None:
    journey = journey_on()
    journey.agent_sits_down()
    journey.citizen.start()
    time.sleep(1)  # the net's members are set when the seat is ready
    journey.supervisor.hold("gridline")
    journey.citizen.dial("12345")
    answer_and_be_heard(journey, 20)

    gridline = journey.supervisor.child("gridline")
    journey.supervisor.release("gridline")
    until(lambda: gridline.pid != 0 and listens(journey.supervisor.settings.web.port))
    until(lambda: calls(journey) == 1)
    journey.citizen.hang_up()
    until(lambda: calls(journey, ended=True) == 1)
    with journey.store.read() as session:
        call = session.scalars(select(CallRow)).one()
    assert (call.stage, call.outcome, call.seat, call.by_net) == ("talking", "answered", "101", True)
    assert call.user is not None and call.ended_by == "citizen"
    until(lambda: kept(journey) == 1)


def test_a_machine_that_falls_silent_while_everything_of_ours_is_dead(journey_on: Journeys) -> None:
    """The PBX alone takes the citizen back to the line, and says why."""
    journey = journey_on()
    journey.agent_sits_down()
    journey.citizen.start()
    time.sleep(1)
    journey.supervisor.hold("gridline")
    journey.citizen.dial("12345")
    answer_and_be_heard(journey, 20)
    told = spoken(journey.supervisor.settings, "zh", "line-lost")
    with silent(chromium()):
        until(lambda: likeness(journey.citizen, told) > 0.7, every=0.3)
        assert not any(event["type"] == "CALL_CLOSED" for event in journey.citizen.events), (
            "still in the line"
        )
        journey.citizen.hang_up()


def calls(journey: Journey, *, ended: bool = False) -> int:
    with journey.store.read() as session:
        query = select(func.count()).select_from(CallRow).where(CallRow.stage == "talking")
        query = query.where(CallRow.ended_at.is_not(None) if ended else CallRow.ended_at.is_(None))
        return session.scalar(query) or 0


def kept(journey: Journey) -> int:
    with journey.store.read() as session:
        return (
            session.scalar(select(func.count()).select_from(Recording).where(Recording.state == "kept")) or 0
        )
