"""A peer is away for a while: the page says so, people go on, and nothing is lost when it is back."""

import time

import pytest
from sqlalchemy import func, select

from schema.calls import CallRow
from schema.handsets import Report
from tests.journeys.conftest import Journeys, paused
from tests.patience import until

pytestmark = [pytest.mark.real, pytest.mark.journey]


def test_the_database_is_away_for_ten_seconds_during_a_call(journey_on: Journeys) -> None:
    journey = journey_on(split=True)
    journey.agent_sits_down()
    journey.worker_clocks_on()
    journey.citizen_calls()
    journey.agent_answers()
    with paused(journey.supervisor.bases["postgres"]):
        began = time.monotonic()
        journey.agent.get_by_test_id("store-banner").wait_for(state="visible", timeout=30_000)
        report = journey.handset.report(
            task=None, text="数据库停了也要报", lon=120.1592, lat=30.2671, photo=False
        )
        journey.citizen.hang_up()
        time.sleep(max(0.0, 10 - (time.monotonic() - began)))
        assert report in journey.handset.waiting(), (
            "a receipt came for a report that cannot have been committed"
        )
    journey.agent.get_by_test_id("store-banner").wait_for(state="hidden", timeout=30_000)
    ended = journey.hops.until("call.ended", 30)
    assert ended.at < journey.hops.until("recording.kept", 30).at
    until(lambda: report not in journey.handset.waiting(), 40)
    with journey.store.read() as session:
        call = session.scalars(select(CallRow)).one()
        assert (call.outcome, call.stage, call.ended_by) == ("answered", "talking", "citizen")
        assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_the_broker_is_killed_and_back(journey_on: Journeys) -> None:
    journey = journey_on()
    journey.worker_clocks_on()
    broker = journey.supervisor.child("mosquitto")
    before = broker.pid
    broker.kill()
    reports = {
        journey.handset.report(task=None, text=f"断网时的报告 {n}", lon=120.1592, lat=30.2671, photo=False)
        for n in range(5)
    }
    until(lambda: broker.pid not in (0, before))
    until(lambda: not reports.intersection(journey.handset.waiting()), 40)
    with journey.store.read() as session:
        assert set(session.scalars(select(Report.id))) == reports
