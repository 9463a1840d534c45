"""Registers by order: begun, filled once an order, never over what somebody else changed, brought back, closed."""

import pytest
from sqlalchemy import select

from schema.desk.errors import Refused
from schema.desk.registerlists import history, register_called, registers, rows_with, walk
from schema.desk.registers import bring_back, close_register, import_register, make_register
from schema.ids import uuid7
from schema.orders import BringBackRegister, CloseRegister, ImportRegister, MakeRegister, Order
from schema.outbox import OutboxRow
from schema.registers import RegisterImport
from tests.schema.desk.casework import Office

ONE = "编号,名称\n1,路灯\n2,井盖\n"
TWO = "编号,名称\n2,雨水井盖\n3,100% 长椅\n"
CARRY = {MakeRegister: make_register, ImportRegister: import_register, BringBackRegister: bring_back,
         CloseRegister: close_register}  # fmt: skip


def do(desk: Office, order: Order) -> object:
    with desk.store.work() as work:
        return CARRY[type(order)](work, order)  # type: ignore[operator]


def keys(desk: Office, typed: str = "") -> list[str]:
    with desk.store.read() as session:
        return [row.key for row in rows_with(session, "things", typed).rows]


def begun(desk: Office) -> None:
    do(desk, MakeRegister(by=desk.clerk, name="things", zh="部件", ug="زاپچاس"))
    do(
        desk,
        ImportRegister(by=desk.clerk, register="things", version=0, way="replace", text=ONE, file="一.csv"),
    )


def test_a_register_is_filled_changed_and_brought_back_version_by_version(desk: Office) -> None:
    begun(desk)
    second = ImportRegister(by=desk.clerk, register="things", version=1, way="merge", text=TWO)
    for _ in range(2):
        done = do(desk, second)
        assert isinstance(done, RegisterImport)
        assert (done.version, done.added, done.changed, done.removed) == (2, 1, 1, 0)
    assert keys(desk) == ["1", "2", "3"] and keys(desk, "井盖 雨") == ["2"] and keys(desk, "100%") == ["3"]
    assert keys(desk, "1_0") == []
    do(desk, ImportRegister(by=desk.clerk, register="things", version=2, way="replace", text=TWO))
    assert keys(desk) == ["2", "3"]
    back = BringBackRegister(by=desk.admin, register="things", version=3, to=1)
    for _ in range(2):
        done = do(desk, back)
        assert isinstance(done, RegisterImport) and (done.version, done.way, done.back_to) == (4, "back", 1)
    with desk.store.read() as session:
        assert [row.values for rows in walk(session, "things", 1) for row in rows] == [
            ["1", "路灯"],
            ["2", "井盖"],
        ]
        assert register_called(session, "things").rows == 2
        assert [(row.version, row.way, who) for row, who in history(session, "things")] == [
            (4, "back", "name of admin"), (3, "replace", "name of clerk"), (2, "merge", "name of clerk"),
            (1, "replace", "name of clerk"),
        ]  # fmt: skip
        said = select(OutboxRow.name).where(OutboxRow.name.like("Register%"))
        assert session.scalars(said).all() == ["RegisterChanged"] * 4


def test_other_headings_are_another_register_and_never_added_to_the_old_ones(desk: Office) -> None:
    begun(desk)
    other = "编号,状态\n1,路灯\n"
    with pytest.raises(Refused, match="other-heads"):
        do(desk, ImportRegister(by=desk.clerk, register="things", version=1, way="merge", text=other))
    done = do(desk, ImportRegister(by=desk.clerk, register="things", version=1, way="replace", text=other))
    assert isinstance(done, RegisterImport) and (done.changed, done.removed) == (1, 1)
    with desk.store.read() as session:
        assert register_called(session, "things").columns == ["编号", "状态"]


def test_nothing_faulty_stale_or_not_allowed_is_taken(desk: Office) -> None:
    begun(desk)
    faulty = ONE + "2,again\n"
    for order, code, field in (
        (MakeRegister(by=desk.agent, name="more", zh="更多"), "not-allowed", ""),
        (MakeRegister(by=desk.clerk, name="things", zh="再来"), "bad-field", "register"),
        (MakeRegister(by=desk.clerk, name="No", zh=" "), "bad-field", "register"),
        (ImportRegister(by=desk.agent, register="things", version=1, way="merge", text=ONE), "not-allowed", ""),
        (ImportRegister(by=desk.clerk, register="things", version=0, way="merge", text=ONE), "stale", ""),
        (ImportRegister(by=desk.clerk, register="none", version=0, way="merge", text=ONE), "not-found", ""),
        (ImportRegister(by=desk.clerk, register="things", version=1, way="joke", text=ONE), "bad-field", "way"),
        (ImportRegister(by=desk.clerk, register="things", version=1, way="merge", text=""), "bad-field", "csv"),
        (ImportRegister(by=desk.clerk, register="things", version=1, way="merge", text=faulty), "bad-field", "faulty"),
        (BringBackRegister(by=desk.clerk, register="things", version=1, to=1), "not-found", ""),
    ):  # fmt: skip
        with pytest.raises(Refused) as bad:
            do(desk, order)
        assert bad.value.code == code and field in ("", bad.value.field, *bad.value.fields), order
    done = do(
        desk,
        ImportRegister(by=desk.clerk, register="things", version=1, way="merge", text=faulty, leave_out=True),
    )
    assert isinstance(done, RegisterImport) and (done.faulty, done.added, done.changed) == (1, 0, 0)


def test_a_closed_register_is_not_there_until_it_is_opened_again(desk: Office) -> None:
    begun(desk)
    for _ in range(2):
        do(desk, CloseRegister(by=desk.clerk, register="things"))
    with desk.store.read() as session:
        assert registers(session) == [] and len(registers(session, closed=True)) == 1
        with pytest.raises(Refused, match="no register"):
            register_called(session, "things")
    with pytest.raises(Refused, match="no register"):
        do(desk, ImportRegister(by=desk.clerk, register="things", version=1, way="merge", text=ONE))
    do(desk, CloseRegister(by=desk.clerk, register="things", back=True))
    assert keys(desk) == ["1", "2"]
    assert do(desk, MakeRegister(order=uuid7(), by=None, name="laws", zh="法规")) is not None
