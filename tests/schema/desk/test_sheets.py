from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from schema.base import table_of
from schema.calls import CallRow, CallStep
from schema.desk.sheets import Sheet
from schema.ids import uuid7
from schema.store import Store

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
CALL = uuid7()
CALLS, STEPS = table_of(CallRow), table_of(CallStep)


def commit(store: Store, sheet: Sheet, **waits: Any) -> None:
    with store.work() as work:
        sheet.write(work.session, **waits)
    sheet.written(**waits)


def stages(store: Store) -> list[tuple[str, str]]:
    with store.read() as session:
        return [(row.stage, row.outcome) for row in session.scalars(select(CallRow).order_by(CallRow.number))]


@pytest.fixture
def sheet() -> Sheet:
    sheet = Sheet(CALLS, ["id"], last=CALLS.c.outcome == "")
    sheet.add(CALL, id=CALL, contact=CALL, node="pbx1", entered_at=NOON)
    return sheet


def change(sheet: Sheet, **values: Any) -> None:
    row = sheet.change(CALL)
    assert row is not None
    row.update(values)


def test_a_row_is_written_with_its_defaults_and_then_again_when_it_changes(
    store: Store, sheet: Sheet
) -> None:
    commit(store, sheet)
    assert stages(store) == [("ivr", "")]
    change(sheet, stage="queue")
    assert stages(store) == [("ivr", "")]
    commit(store, sheet)
    assert stages(store) == [("queue", "")]


def test_what_was_not_committed_is_written_again(store: Store, sheet: Sheet) -> None:
    with pytest.raises(RuntimeError), store.work() as work:
        sheet.write(work.session)
        raise RuntimeError
    assert stages(store) == []
    commit(store, sheet)
    assert stages(store) == [("ivr", "")]


def test_a_row_that_is_over_is_forgotten_and_never_changed_again(store: Store, sheet: Sheet) -> None:
    change(sheet, outcome="answered")
    sheet.over(CALL)
    assert CALL in sheet
    commit(store, sheet)
    assert CALL not in sheet and sheet.change(CALL) is None
    sheet.add(CALL, id=CALL, contact=CALL, node="pbx1", entered_at=NOON)  # told once more
    commit(store, sheet)
    assert stages(store) == [("ivr", "answered")]


def test_a_row_that_waits_for_anothers_stays_until_it_may_go(store: Store, sheet: Sheet) -> None:
    sheet.over(CALL)
    commit(store, sheet, waits=lambda row: row["id"] == CALL)
    assert stages(store) == [] and CALL in sheet
    commit(store, sheet, waits=lambda _: False)
    assert stages(store) == [("ivr", "")] and CALL not in sheet


def test_only_a_row_that_nobody_can_have_seen_is_taken_back(store: Store, sheet: Sheet) -> None:
    assert sheet.drop(CALL)
    commit(store, sheet)
    assert stages(store) == [] and len(sheet) == 0
    sheet.add(CALL, id=CALL, contact=CALL, node="pbx1", entered_at=NOON)
    commit(store, sheet)
    assert not sheet.drop(CALL)


def test_what_is_written_once_is_left_as_it_was_and_numbered_by_the_database(store: Store) -> None:
    steps = Sheet(STEPS, ["key"], once=True)
    for hop in ("first", "second"):
        steps.add("k", contact=CALL, call=CALL, key="k", hop=hop, at=NOON)
        steps.over("k")
        commit(store, steps)
    with store.read() as session:
        assert [(row.key, row.hop) for row in session.scalars(select(CallStep))] == [("k", "first")]
