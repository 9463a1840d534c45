"""Clocks come to a filled database: its calendar is version 1, its cases and their history are as they were."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import IntegrityError

from demo.workdays import city_calendar
from schema.cases import Case, CaseStep
from schema.desk.cases import send_back_case
from schema.desk.clocks import clock_of
from schema.desk.deadlines import find_calendar, newest_version
from schema.desk.pausing import suspend_case
from schema.ids import CaseId, uuid7
from schema.orders import SendBackCase, SuspendCase
from schema.rules.calendar import WORKING_DAYS, due
from schema.store import Store, migrating
from schema.upgrade import _config, upgrade

CITY = city_calendar("Asia/Shanghai")
FILED = datetime(2026, 9, 29, 2, tzinfo=UTC)
MOMENT = sa.DateTime(timezone=True)


TYPES = {int: sa.Integer, str: sa.String, datetime: MOMENT, bool: sa.Boolean, dict: sa.JSON, list: sa.JSON,
         UUID: sa.Uuid, date: sa.Date, float: sa.Float}  # fmt: skip


def put(connection: sa.Connection, table: str, **values: Any) -> None:
    columns = [sa.column(name, TYPES[type(value)]) for name, value in values.items()]
    connection.execute(sa.table(table, *columns).insert().values(values))


def fill(connection: sa.Connection, state: str) -> CaseId:
    """A site of version 0010: the city's calendar, a cell and a case with a step."""
    for span in CITY.spans:
        put(connection, "calendar_spans", calendar="city", opens=span.opens, closes=span.closes, made_at=FILED,
            known_to=CITY.known_to)  # fmt: skip
    for works, days in ((False, CITY.days_off), (True, CITY.workdays)):
        for day, name in days.items():
            put(connection, "calendar_days", calendar="city", day=day, works=works, name=name)
    put(connection, "grid_cells", code="330106001001001", name="一", ring=[[0, 0]], area=0.0)
    case, found = uuid7(), due(FILED, 5, WORKING_DAYS, CITY)
    put(connection, "cases", id=case, case_no="ZW-20260929-0001", contact=case, number="", kind="complaint", title="t",
        text="t", language="zh", cell="330106001001001", address="", state=state, made_at=FILED, due_at=found.at,
        due_words=found.record(), version=1, **{"class": "government"})  # fmt: skip
    put(connection, "case_steps", case=case, contact=case, order=case, hop="case.filed", state="filed", at=FILED,
        text="", detail={})  # fmt: skip
    return CaseId(case)


def test_a_filled_database_goes_forward(empty_url: str) -> None:
    with migrating(empty_url) as connection:
        command.upgrade(_config(connection), "0010")
    with migrating(empty_url) as connection:
        case = fill(connection, "checked")
    upgrade(empty_url)
    store = Store(empty_url)
    with store.read() as session:
        assert find_calendar(session, ZoneInfo("Asia/Shanghai")) == CITY
        assert newest_version(session) == 1
        row = session.get_one(Case, case)
        assert (row.before, row.merged_into, row.parent, row.version) == ("", None, None, 1)
        clock = clock_of(session, row)
        assert clock is not None and (clock.units, clock.version, clock.started) == (5, 1, FILED)
    with pytest.raises(IntegrityError, match="history"), store.work() as work:
        work.session.execute(sa.update(CaseStep).values(text="x"))
    with store.work() as work:
        send_back_case(work, SendBackCase(case=case, reason="x"))
        suspend_case(work, SuspendCase(case=case, reason="x"))
    with store.read() as session:
        row = session.get_one(Case, case)
        assert (row.state, row.before) == ("suspended", "handled")
    store.close()
