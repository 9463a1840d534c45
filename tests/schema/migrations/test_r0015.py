"""A filled database goes forward: the cases there are, are found by their words and those of their history."""

from alembic import command

from schema.cases import Case
from schema.desk.caselist import Wanted, page
from schema.desk.clocks import catch_up
from schema.ids import uuid7
from schema.rules.searchwords import read_query
from schema.store import Store, migrating
from schema.upgrade import _config, upgrade
from tests.schema.migrations.test_r0011 import FILED, put


def test_cases_of_before_are_found_and_their_lights_choose(empty_url: str) -> None:
    with migrating(empty_url) as connection:
        command.upgrade(_config(connection), "0014")
        put(connection, "grid_cells", code="330106001001001", name="一", ring=[[0, 0]], area=0.0)
        case = uuid7()
        put(connection, "cases", id=case, case_no="ZW-20260929-0001", contact=case, number="", kind="complaint",
            title="路灯不亮", text="چىراغ", language="zh", cell="330106001001001", address="文三路", state="dispatched",
            before="", made_at=FILED, due_at=FILED, due_words='{"units": 1, "unit": "calendar-days"}', version=1,
            **{"class": "government"})  # fmt: skip
        put(connection, "case_steps", case=case, contact=case, order=case, hop="case.dispatched", state="dispatched",
            at=FILED, text="请带梯子", detail={})  # fmt: skip
    upgrade(empty_url)
    store = Store(empty_url)
    catch_up(store)
    with store.read() as session:
        for words in ("路灯", "چىراغ", "文三路 梯子", "灯"):
            assert [row.id for row in page(session, Wanted(words=read_query(words)), FILED).rows] == [case], (
                words
            )
        assert page(session, Wanted(words=read_query("噪声")), FILED).rows == []
        row = session.get_one(Case, case)
        assert row.soon_at is not None and row.version == 1
    store.close()
