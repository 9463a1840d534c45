"""What a worker's handset reads: the right things, of the right people, packed, and told once."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from conf.settings import Settings
from field_gateway.door.app import make_app
from field_gateway.door.room import Room
from schema.cases import Case
from schema.desk import fieldlogins
from schema.desk.registers import import_register, make_register
from schema.handsets import Duty, Report
from schema.ids import uuid7
from schema.orders import ImportRegister, MakeRegister
from schema.pace import Pace
from schema.people import AuditRow, Department, User
from schema.places import GridCell
from schema.positions import TrackHead
from schema.store import Store
from tests.field_gateway.door.site import basic
from tests.field_gateway.play import CELL, LAT, LON, Street


class Reader:
    """Two workers, of whom `one` reads on hs1; the clock stands."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.store, self.street = store, Street(store)
        self.now = store.clock()
        store.clock = lambda: self.now
        pace = Pace(100, 100, time.monotonic)
        room = Room(settings, store, None, lambda: None, pace, pace, threading.BoundedSemaphore(1))  # type: ignore[arg-type]
        self.client: FlaskClient = make_app(room).test_client()
        with store.work() as work:
            _, self.token = fieldlogins.log_in(work, "hs1", self.street.one.id, lasts=timedelta(days=1))

    def ask(self, path: str, **headers: str) -> Any:
        shown = {"Authorization": basic(), "X-Gridline-Login": self.token, **headers}
        return self.client.get(f"/field/v1/{path}", headers=shown)

    def read(self, path: str) -> Any:
        answer = self.ask(path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json

    def on_duty(self, worker: UUID, device: str, minutes: int = 90) -> None:
        with self.store.work() as work:
            since = self.now - timedelta(minutes=minutes)
            work.session.add(Duty(id=uuid7(), worker=worker, device=device, started_at=since, ended_at=None))

    def at(self, worker: UUID, device: str, lon: float, lat: float) -> None:
        with self.store.work() as work:
            seen = self.now - timedelta(minutes=1)
            work.session.merge(
                TrackHead(
                    device=device, worker=worker, fixed_at=seen, fused_lon=lon, fused_lat=lat, place=30.0
                )
            )


@pytest.fixture()
def reader(site: Settings, store_url: str) -> Iterator[Reader]:
    store = Store(store_url)
    yield Reader(site, store)
    store.close()


def test_the_address_book_is_the_tree_with_who_may_be_called(reader: Reader) -> None:
    with reader.store.work() as work:
        top = Department(code="01", name="城管局")
        work.session.add(top)
        work.session.flush()
        under = Department(code="02", name="一大队", parent=top.id)
        work.session.add(under)
        work.session.flush()
        one = work.session.get_one(User, reader.street.one.id)
        one.department, one.mobile, one.work_phone = under.id, "138 0000-0001", "call me"
        work.session.add(User(login="gone", name="gone", post="agent", password="x", active=False))
        work.session.add(User(login="shut", name="shut", post="agent", password="x", locked=True))
    told = reader.read("people")
    assert [(unit["name"], unit.get("parent")) for unit in told["departments"]] == [
        ("城管局", None), ("一大队", str(top.id)),
    ]  # fmt: skip
    assert [(one["name"], one.get("mobile"), one.get("phone")) for one in told["people"]] == [
        ("w1", "13800000001", None), ("w2", None, None),
    ]  # fmt: skip
    assert told["people"][0]["department"] == str(under.id)
    assert reader.read(f"people?etag={told['etag']}") == {"etag": told["etag"], "same": True}
    packed = reader.ask("people", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and json.loads(gzip.decompress(packed.data)) == told


def test_dial_rules_come_without_what_is_closed(reader: Reader) -> None:
    told = reader.read("dialrules")
    assert [one["number"] for one in told["emergency"]] == ["110", "119", "120", "122"]
    assert told["numbers"][0]["names"]["ug"] and told["version"] == 0


def test_the_kinds_of_problems_are_those_that_take_new_cases_below_their_group(reader: Reader) -> None:
    told = {one["code"]: one for one in reader.read("categories")["kinds"]}
    assert (
        told["0203"]["names"]["en"] == "Street lights" and told["0203"]["group"]["en"] == "Roads and lighting"
    )
    assert "02" not in told and list(told) == sorted(told)


def test_colleagues_are_seen_by_who_is_on_duty_where_they_are_now_and_it_is_written_down(
    reader: Reader,
) -> None:
    one, two = reader.street.one.id, reader.street.two.id
    reader.on_duty(two, "hs2")
    reader.at(two, "hs2", LON + 0.01, LAT)
    assert reader.read("colleagues")["people"] == []
    reader.on_duty(one, "hs1")
    reader.at(one, "hs1", LON, LAT)
    (seen,) = reader.read("colleagues")["people"]
    assert (seen["name"], seen["lon"], 900 < seen["metres"] < 1000) == ("w2", round(LON + 0.01, 4), True)
    assert reader.read("colleagues?within=500")["people"] == []
    assert reader.read(f"colleagues?lon={LON + 0.01}&lat={LAT}")["people"][0]["metres"] < 10
    reader.now += timedelta(minutes=20)
    (seen,) = reader.read("colleagues")["people"]
    assert "lon" not in seen and "metres" not in seen
    with reader.store.read() as session:
        noted = session.execute(select(AuditRow.what, AuditRow.who, AuditRow.subject)).all()
    assert [tuple(row) for row in noted] == [("field.colleagues", one, "hs1")] * 2


def test_a_pack_has_the_own_cells_those_beside_them_and_no_secret(reader: Reader) -> None:
    reader.street.dispatch(no="S20261124001")
    with reader.store.work() as work:
        own = work.session.get_one(GridCell, CELL)
        own.worker = reader.street.one.id
        for n, west in ((2, 120.17), (3, 121.5)):
            ring = [[west, 30.26], [west + 0.02, 30.26], [west + 0.02, 30.28], [west, 30.28]]
            code = f"33010600100100{n}"
            work.session.add(GridCell(code=code, name=code, ring=ring, area=4e6, worker=reader.street.two.id))
        case = work.session.scalars(select(Case)).one()
        case.lon, case.lat, case.category = LON, LAT, "0203"
        make_register(work, MakeRegister(name="parts", zh="部件"))
        sheet = f"编号,名称,经度,纬度\n1,井盖,{LON},{LAT}\n2,远处,121.5,30.2\n3,不明,,\n"
        import_register(work, ImportRegister(register="parts", version=0, way="replace", text=sheet))
    told = reader.read("pack")
    assert [(cell["code"][-1], cell.get("own", False), cell.get("worker", "")) for cell in told["cells"]] == [
        ("1", True, ""), ("2", False, "w2"),
    ]  # fmt: skip
    (event,) = told["events"]
    assert event["case_no"] == "S20261124001" and event["own"] and set(event) <= {
        "case_no", "kind", "state", "lon", "lat", "made", "category", "own", "due",
    }  # fmt: skip
    assert [(thing["title"], thing["lon"]) for thing in told["things"]] == [("井盖", LON)]
    assert told["registers"] == {"parts": {"zh": "部件"}} and not told["more"]
    with reader.store.work() as work:
        work.session.scalars(select(Case)).one().confidential = True
    assert reader.read("pack")["events"] == []


def test_a_worker_reads_their_own_day_and_figures_and_nobody_else_s(reader: Reader) -> None:
    one, two = reader.street.one.id, reader.street.two.id
    noon = reader.now.astimezone(reader.store.zone).replace(hour=12, minute=0, second=0, microsecond=0)
    reader.now = noon
    reader.on_duty(one, "hs1")
    with reader.store.work() as work:
        for who, device, text in ((one, "hs1", "井盖松动"), (two, "hs2", "别人的")):
            work.session.add(
                Report(id=uuid7(), device=device, worker=who, kind="report", text=text, made_at=noon, at=noon)
            )
    task = reader.street.dispatch()
    with reader.store.work() as work:
        row = work.session.merge(task)
        row.sent_at, row.done_at, row.state = noon - timedelta(minutes=10), noon, "done"
    told = reader.read("worklog")
    assert [one["what"] for one in told["entries"]] == ["on", "task", "report", "done"]
    assert (told["minutes"], told["reports"], told["done"], told["more"]) == (90, 1, 1, False)
    assert "别人的" not in json.dumps(told, ensure_ascii=False)
    assert reader.read("worklog?day=2020-01-01")["entries"] == []
    told = reader.read("statistics")
    today = next(day for day in told["days"] if day["day"] == noon.date().isoformat())
    assert today == {"day": noon.date().isoformat(), "reports": 1, "done": 1, "minutes": 90}
    assert 0 <= told["points"] <= told["out_of"] and told["out_of"] > 0 and told["grade"]["zh"]
    assert told["counts"]["reports"] == 1 and told["minutes"] == 90
    assert told["kinds"] == [{"category": "", "names": {}, "count": 1}]


def test_registers_are_looked_up_by_words_a_small_one_whole(reader: Reader) -> None:
    sheet = "编号,名称\n" + "".join(f"{n:03},{'甲' if n % 2 else '乙'}公司\n" for n in range(320))
    with reader.store.work() as work:
        for name, text in (("firms", sheet), ("laws", sheet[: sheet.index("100,")])):
            make_register(work, MakeRegister(name=name, zh=name))
            import_register(work, ImportRegister(register=name, version=0, way="replace", text=text))
    told = reader.read("registers")["registers"]
    assert [(one["name"], one["rows"], one["small"]) for one in told] == [
        ("firms", 320, False), ("laws", 100, True),
    ]  # fmt: skip
    page = reader.read("registers/firms?q=甲")
    assert len(page["rows"]) == 40 and page["after"] == page["rows"][-1][0] == "079"
    assert reader.read(f"registers/firms?q=甲&after={page['after']}")["rows"][0][0] == "081"
    assert len(reader.read("registers/laws")["rows"]) == 100
    assert reader.ask("registers/none").status_code == 404
    allowed = reader.read("may")
    assert (allowed["server"], allowed["registers"]) == (False, True)
    with reader.store.work() as work:
        work.session.get_one(User, reader.street.one.id).post = "nobody"
    assert reader.ask("registers").status_code == 403


def test_nonsense_is_refused_and_nobody_reads_without_a_log_in(reader: Reader) -> None:
    for path in (
        "worklog?day=x", "worklog?day=9999-12-31", "statistics?period=2026", "statistics?period=x",
        "pack?lon=x&lat=1", "pack?lon=200&lat=1", "colleagues?within=near",
    ):  # fmt: skip
        assert reader.ask(path).status_code == 400, path
    assert reader.ask("people", **{"X-Gridline-Login": "somebody's"}).status_code == 401
