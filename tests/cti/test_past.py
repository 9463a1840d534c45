from datetime import timedelta
from zoneinfo import ZoneInfo

from cti import past
from demo.workdays import city_calendar
from schema.calls import CallRow
from schema.desk.deadlines import keep_calendar
from schema.ids import uuid7
from schema.rules.services import Service
from schema.store import Store
from tests.cti.play import LI, NOON

ZONE = ZoneInfo("Asia/Shanghai")


def test_the_answers_of_the_last_hour_and_the_calendars_of_the_services_are_read(store: Store) -> None:
    with store.work() as work:
        for number, minutes, answered, direction in (
            ("1", 10, True, "in"), ("2", 70, True, "in"), ("3", 5, False, "in"), ("4", 5, True, "out"),
        ):  # fmt: skip
            at = NOON - timedelta(minutes=minutes)
            call = uuid7()
            work.session.add(
                CallRow(id=call, contact=call, node="pbx1", number=number, entered_at=at, queue="hotline", seat="102",
                        user=LI, direction=direction, answered_at=at if answered else None)
            )  # fmt: skip
        keep_calendar(work, city_calendar("Asia/Shanghai"))
    with store.read() as session:
        found = past.read(session, ZONE, (Service("a", calendar="harbour"),), NOON, 3600)
    assert [(one.number, one.queue, one.seat, one.user) for one in found.answers] == [
        ("1", "hotline", "102", LI)
    ]
    assert set(found.calendars) == {"city", "harbour"}
    assert found.calendars["city"].days_off and not found.calendars["harbour"].days_off
