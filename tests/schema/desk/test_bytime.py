"""Lists by time: every case once, page by page, the earliest first; a broken place shows the first page."""

import pytest
from sqlalchemy import true

from schema.cases import Case
from schema.desk import bytime
from schema.desk.bytime import holder_names, page_by_time
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import to_unit


def test_pages_hold_every_case_once(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytime, "PER_PAGE", 2)
    made = [desk.case().id for _ in range(5)]
    found, after, pages = [], "", 0
    while after or not pages:
        with desk.store.read() as session:
            rows, after = page_by_time(session, true(), Case.made_at, after)
        found += [row.id for row in rows]
        pages += 1
    assert (found, pages) == (made, 3)
    with desk.store.read() as session:
        assert page_by_time(session, true(), Case.made_at, "nonsense x")[0][0].id == made[0]
        assert page_by_time(session, true(), Case.closed_at, "") == ([], "")


def test_who_has_them_is_told_by_name(desk: Office) -> None:
    sent, given = to_unit(desk), desk.case("dispatched")
    with desk.store.read() as session:
        names = holder_names(session, [sent, given])
        assert set(names) == {id for id in (desk.unit, desk.worker, given.department) if id}
        assert holder_names(session, []) == {}
