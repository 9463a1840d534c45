"""A group call rings who is on duty in one's own department, with numbers of the address book, once in a while."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.desk.duty import set_duty
from schema.desk.errors import Refused
from schema.desk.groupcalls import MOST, call_group
from schema.desk.handsets import Speaker, enrol
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.people import Department, User
from tests.schema.desk.casework import Office


def worker(desk: Office, login: str, department: UUID | None, mobile: str, *, on: bool = True) -> UUID:
    """A worker with a handset, on duty or not."""
    with desk.store.work() as work:
        user = User(
            login=login, name=login, post="worker", password="x", department=department, mobile=mobile
        )
        work.session.add(user)
        work.session.flush()
        enrol(work, device=f"hs-{login}", worker=user.id, secret="sixteen letters!")
        set_duty(work, Speaker(f"hs-{login}", user.id), id=uuid7(), made=work.now, on=on)
        return user.id


def refused(desk: Office, who: UUID, department: UUID) -> tuple[str, str]:
    with pytest.raises(Refused) as caught, desk.store.work() as work:
        call_group(work, who, department, hotline="12345")
    return caught.value.code, caught.value.field


def orders(desk: Office) -> list[dict[str, Any]]:
    with desk.store.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.name == "CallGroup").order_by(OutboxRow.id))
        return [row.body for row in rows]


def test_who_is_on_duty_is_rung_and_nobody_else(desk: Office) -> None:
    with desk.store.work() as work:
        top, team, other = (
            Department(id=uuid7(), code=f"group-{name}", name=name) for name in ("top", "team", "other")
        )
        work.session.add(top)
        work.session.flush()
        team.parent = top.id
        work.session.add_all([team, other])
        work.session.flush()
        units = {"top": top.id, "team": team.id, "other": other.id}
    asks = worker(desk, "a", units["top"], "13800000001")
    below = worker(desk, "b", units["team"], "138 0000 0002")
    worker(desk, "c", units["team"], "13800000003", on=False)
    worker(desk, "d", units["team"], "")
    worker(desk, "e", units["team"], "12345")
    worker(desk, "f", units["other"], "13800000006")
    worker(desk, "g", units["team"], "13800000002")  # two share a telephone: it is rung once
    assert refused(desk, below, units["top"]) == ("not-allowed", ""), "not above one's own"
    assert refused(desk, asks, units["other"]) == ("not-allowed", "")
    with desk.store.work() as work:
        assert call_group(work, asks, units["top"], hotline="12345") == ["a", "b", "g"]
    (order,) = orders(desk)
    assert order["numbers"] == ["13800000001", "13800000002"] and order["by"] == str(asks)
    assert refused(desk, asks, units["top"]) == ("wrong-state", "too-soon")
    with desk.store.work() as work:
        set_duty(work, Speaker("hs-b", below), id=uuid7(), made=work.now, on=False)
    assert refused(desk, below, units["team"]) == ("wrong-state", "off-duty")
    lonely = worker(desk, "h", units["other"], "")
    assert refused(desk, lonely, units["other"]) == ("wrong-state", "no-number")
    for number in range(MOST):
        worker(desk, f"many{number}", units["other"], f"1390000{number:04}")
    with desk.store.read() as session:
        one = session.scalars(select(User.id).where(User.login == "f")).one()
    assert refused(desk, one, units["other"]) == ("wrong-state", "too-many")
    assert len(orders(desk)) == 1
