"""A store of many cases: cut off and gone on with, it is whole, and its indexes are the product's."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select

from bench.rig import casestore
from bench.rig.casestore import filled
from schema.cases import Case, CaseStep
from schema.casewords import CaseWords, is_compared
from schema.desk.casecount import Count, count
from schema.desk.caselist import Wanted, page
from schema.rules.searchwords import read_query
from schema.store import Store
from schema.tables import metadata
from tests.real.servers import Postgres

pytestmark = pytest.mark.real
TOTAL = 90


class CutOff(Exception):
    pass


@pytest.fixture
def server(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres]:
    monkeypatch.setattr(casestore, "CHUNK", 40)
    yield postgres
    postgres.drop(f"cases_{TOTAL}")


@pytest.mark.parametrize("cut", ["40 of", "ix_cases_number_made_at"])
def test_what_was_cut_off_is_gone_on_with(server: Postgres, cut: str) -> None:
    def stop(told: str) -> None:
        if told.startswith(cut):
            raise CutOff

    with pytest.raises(CutOff):
        filled(server, TOTAL, stop)
    told: list[str] = []
    url = filled(server, TOTAL, told.append)
    assert told and not any(one.startswith("40 of") for one in told)
    again: list[str] = []
    assert filled(server, TOTAL, again.append) == url and again == []
    store = Store(url)
    with store.read() as session:
        for table in (Case, CaseWords):
            assert session.scalar(select(func.count()).select_from(table)) == TOTAL
        assert (session.scalar(select(func.count()).select_from(CaseStep)) or 0) > TOTAL
        newest = page(session, Wanted(), store.clock()).rows[0]
        wanted = Wanted(words=read_query(newest.title))
        assert newest.id in {case.id for case in page(session, wanted, store.clock()).rows}
        assert count(session, Wanted(), store.clock()) == Count(TOTAL)
    with store.engine.connect() as connection:
        opts = {
            "compare_type": True,
            "include_object": lambda *told: told[1][:6] != "bench_" and is_compared(*told),
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), metadata) == []
    store.close()
