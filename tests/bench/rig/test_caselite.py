"""The same cases in SQLite: made once, found by their words."""

from pathlib import Path

from sqlalchemy import func, select

from bench.rig.caselite import lite
from bench.rig.caseoffice import office
from schema.cases import Case
from schema.desk.caselist import Wanted, page
from schema.rules.searchwords import read_query
from schema.store import Store


def test_cases_are_made_once_and_found(tmp_path: Path) -> None:
    url = lite(60, tmp_path)
    when = (tmp_path / "cases-60.sqlite").stat().st_mtime_ns
    assert lite(60, tmp_path) == url and (tmp_path / "cases-60.sqlite").stat().st_mtime_ns == when
    assert [file.suffix for file in tmp_path.iterdir()] == [".sqlite"]
    store = Store(url)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 60
        newest = page(session, Wanted(), store.clock()).rows[0]
        found = page(session, Wanted(words=read_query(newest.title)), store.clock()).rows
        assert newest.id in {case.id for case in found}
    store.close()


def test_somebody_looks_at_the_pages_and_the_clock_stands_after_the_newest(tmp_path: Path) -> None:
    with office(lite(20, tmp_path), tmp_path) as (client, store):
        html = client.get("/cases/rows?x=1").get_data(as_text=True)
        assert html.count("data-case=") == 20
        with store.read() as session:
            newest = session.scalar(select(func.max(Case.made_at)))
        assert newest is not None and newest < store.clock()
