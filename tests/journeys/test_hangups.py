"""A caller may hang up anywhere: one right record is left, and nothing of the call stays on the floor or the PBX."""

import time

import pytest
from sqlalchemy import select

from schema.calls import CallRow, LegRow
from schema.recordings import Recording
from tests.journeys.conftest import Journeys

pytestmark = [pytest.mark.real, pytest.mark.journey]


@pytest.mark.parametrize("stage", ["ivr", "queue", "ringing", "talking"])
def test_a_caller_hangs_up_at_each_stage(journey_on: Journeys, stage: str) -> None:
    journey = journey_on()
    citizen, hops = journey.citizen, journey.hops
    if stage in ("ringing", "talking"):
        journey.agent_sits_down()
    citizen.start()
    known = hops.contacts_of(citizen.number)
    if stage == "ivr":
        citizen.dial("12345")
        citizen.wait("CALL_ESTABLISHED", 10)
        hops.find_contact(citizen.number, known)
        time.sleep(0.5)
    else:
        journey.dial_and_choose(known)
        hops.until(
            {"queue": "queue.entered", "ringing": "seat.ringing", "talking": "seat.ringing"}[stage], 15
        )
    if stage == "talking":
        journey.agent_answers()
        time.sleep(1)
    citizen.hang_up()
    hops.until("call.ended", 10)

    with journey.store.read() as session:
        call = session.scalars(select(CallRow)).one()
        legs = list(session.scalars(select(LegRow)))
    answered = stage == "talking"
    assert (call.stage, call.outcome) == (stage, "answered" if answered else "abandoned")
    assert call.ended_by == "citizen"
    assert call.ended_at is not None and call.ended_at >= call.entered_at
    assert (call.answered_at is not None) == answered and (call.queued_at is not None) == (stage != "ivr")
    assert all(leg.ended_at is not None for leg in legs)
    assert (
        sorted(leg.kind for leg in legs) == ["citizen", "seat"][: 2 if stage in ("ringing", "talking") else 1]
    )
    if answered:
        hops.until("recording.kept", 10)
    with journey.store.read() as session:
        assert len(list(session.scalars(select(Recording)))) == (1 if answered else 0)
    if stage == "ringing":
        journey.agent.locator("[data-testid=seat-state][data-state=ready]").wait_for()
    assert [hop.hop for hop in hops.look()].count("call.ended") == 1
