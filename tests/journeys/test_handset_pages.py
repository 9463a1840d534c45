"""The handset app's other pages on a small screen, in Chromium, with the gateway behind them and without a network."""

import math
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from schema.cases import Case
from schema.desk.registers import import_register, make_register
from schema.geodesy import distance
from schema.handsets import Duty, Report
from schema.ids import uuid7
from schema.orders import ImportRegister, MakeRegister
from schema.people import Department, Post, User
from schema.places import GridCell
from schema.positions import Position, TrackHead
from schema.rules.access import ALL, grants
from schema.rules.csvsafe import BOM, line
from schema.rules.dialrules import allowed_as
from schema.rules.dictionary import Word
from schema.rules.places import contains
from schema.store import Store
from tests.journeys.handsetphone import Hands, by_hand, hands
from tests.journeys.webpages import look

pytestmark = [pytest.mark.real, pytest.mark.journey]
LON, LAT = 120.1592, 30.2671
PAGES = (
    "map",
    "people",
    "colleagues",
    "track",
    "worklog",
    "statistics",
    "registers",
    "print",
    "settings",
    "help",
)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hands]:
    with hands(tmp_path_factory.mktemp("street")) as found:
        furnish(found.street.store)
        yield found


def furnish(store: Store) -> None:
    """A department, what was done today, a colleague on duty, cases and things on the map, two registers."""
    now = store.clock()
    with store.work() as work:
        carries = grants("worker") | {"field.server": ALL}
        work.session.add(Post(name="worker", grants=carries, set_by=None, set_at=now))
        one, two = work.session.scalars(select(User).order_by(User.login).where(User.login.in_(("w1", "w2"))))
        top = Department(code="01", name="西湖区城市管理局")
        work.session.add(top)
        work.session.flush()
        unit = Department(code="0101", name="湖滨一大队", parent=top.id)
        work.session.add(unit)
        work.session.flush()
        for user, name, mobile in ((one, "王建国", "13800000001"), (two, "阿依努尔·买买提", "13800000002")):
            user.name, user.mobile, user.department = name, mobile, unit.id
        own = work.session.scalars(select(GridCell)).one()
        own.worker = one.id
        ring = [[120.17, 30.26], [120.19, 30.26], [120.19, 30.28], [120.17, 30.28]]
        work.session.add(GridCell(code="330106001001002", name="吴山", ring=ring, area=4e6, worker=two.id))
        for n, (lon, lat, worker, category) in enumerate(
            (
                (LON, LAT, one.id, "0203"),
                (LON + 0.004, LAT + 0.003, two.id, "0301"),
                (LON - 0.005, LAT - 0.002, two.id, ""),
            )
        ):
            work.session.add(
                Case(
                    case_no=f"SH-20261124-000{n + 1}", contact=uuid7(), class_="social", kind="complaint",
                    title="路灯不亮",
                    text="三天", cell=own.code, state="dispatched", worker=worker, category=category, lon=lon, lat=lat,
                    made_at=now - timedelta(hours=5), due_at=now + timedelta(hours=n),
                )
            )  # fmt: skip
        for worker, device in ((one.id, "hs1"), (two.id, "hs2")):
            since = now - timedelta(minutes=95)
            work.session.add(Duty(id=uuid7(), worker=worker, device=device, started_at=since, ended_at=None))
        work.session.add(
            TrackHead(
                device="hs2", worker=two.id, fixed_at=now, fused_lon=LON + 0.003, fused_lat=LAT, place=30.0
            )
        )
        for n in range(60):
            lon, lat = LON + 0.006 * math.sin(n / 9), LAT + 0.006 * math.cos(n / 7)
            work.session.add(
                Position(
                    device="hs1", worker=one.id, fixed_at=now - timedelta(minutes=n), lon=lon, lat=lat, accuracy=9.0,
                    source="gps", flag="", at=now, fused_lon=lon, fused_lat=lat, fused_accuracy=9.0,
                )
            )  # fmt: skip
        for text in ("湖滨路 3 号井盖松动，已摆放警示标志。", "共享单车占道"):
            work.session.add(
                Report(
                    id=uuid7(), device="hs1", worker=one.id, kind="report", text=text, lon=LON, lat=LAT, made_at=now,
                    at=now,
                )
            )  # fmt: skip
        rows = "".join(f"K{n:03},雨水井盖 {n},市政所,{LON + n / 4000:.5f},{LAT},\n" for n in range(20))
        law = "条,内容\n第一条,为了加强城市管理，制定本条例。\n第二条,本市行政区域内适用。\n"
        things = f"编号,名称,所属单位,经度,纬度,备注\n{rows}"
        for name, zh, ug, sheet in (
            ("parts", "城市部件", "شەھەر زاپچاسلىرى", things),
            ("laws", "城市管理条例", "شەھەر باشقۇرۇش نىزامى", law),
        ):
            make_register(work, MakeRegister(name=name, zh=zh, ug=ug))
            import_register(work, ImportRegister(register=name, version=0, way="replace", text=sheet))


def agree(page: Page) -> None:
    """What the phone works out by itself is what the server's rules say."""
    rules = {"numbers": ["12345"], "internal": ["6xx1", "0571*", "+86*"], "emergency": ["110", "12x"]}
    book = {name: tuple(Word(code, {"zh": code}) for code in codes) for name, codes in rules.items()}
    told = {
        name: [{"number": code, "names": {"zh": code}} for code in codes] for name, codes in rules.items()
    }
    typed = [" 1-2-2 ", "12345", "１２３４５", "6001", "6002", "60011", "0571 8888 0001", "+8613800000009", "129",
             "13800000001", "13800000002", "", "12", "tel:110", "110;110", "911"]  # fmt: skip
    asked = """([rules, typed]) => import("/js/dialrules.js").then(({ allowedAs }) =>
      typed.map((one) => allowedAs(rules, one, new Set(["13800000001"]))))"""
    assert page.evaluate(asked, [told, typed]) == [allowed_as(book, one, {"13800000001"}) for one in typed]
    cells: list[object] = ["=1+1", " ＋a", 'say "a", b', -5, "井盖\n松动", ""]
    made = page.evaluate('(cells) => import("/js/saving.js").then(({ csv }) => csv([cells]))', cells)
    assert made == BOM + line(cells)
    ring = [[120.0, 30.0], [120.2, 30.0], [120.1, 30.2]]
    places = [[120.1, 30.1], [120.0, 30.15], [119.9, 30.0]]
    asked = """([ring, places]) => import("/js/geo.js").then(({ inside, metres }) =>
      places.map(([lon, lat]) => [inside(ring, lon, lat), metres({ lon: 120, lat: 30 }, { lon, lat })]))"""
    for (lon, lat), (within, far) in zip(places, page.evaluate(asked, [ring, places]), strict=True):
        assert within == contains(ring, lon, lat) and far == pytest.approx(
            distance(120, 30, lon, lat), rel=0.006
        )


def go(page: Page, base: str, name: str) -> None:
    """To a page of the app, until it stands."""
    page.goto(f"{base}/#/{name}")
    page.locator(f"main[data-ready={name.partition('?')[0]}]").wait_for()
    page.locator(".busy").wait_for(state="hidden")


@by_hand
def test_every_page_is_whole_in_both_ways_of_writing_and_says_what_there_is(street: Hands) -> None:
    phone, base = street.phone("looks"), street.street.base
    page = phone.switch_on(timezone_id="Asia/Shanghai", accept_downloads=True)
    phone.enrol(page)
    for language, scheme in (("zh", "light"), ("ug", "dark"), ("en", "light")):
        page.emulate_media(color_scheme=scheme)
        go(page, base, "more")
        page.get_by_test_id(f"language-{language}").click()
        page.locator(f"html[lang={language}]").wait_for()
        for name in PAGES:
            go(page, base, name)
            if name == "map":
                page.get_by_test_id("map-me").click()
                page.get_by_test_id("near").first.click()
            look(phone, page, f"handset-{name}-{language}-{scheme}")
        if os.environ.get("GRIDLINE_LOOKS") != "all" and language == "ug":
            break
    go(page, base, "track")
    with page.expect_download() as file:
        page.get_by_test_id("track-gpx").click()
    assert Path(file.value.path()).read_text("utf-8").count("<trkpt") == 60
    agree(page)
    go(page, base, "map")
    page.get_by_test_id("near").first.click()
    page.get_by_test_id("map-told").get_by_text("K000").wait_for()
    page.get_by_test_id("map-told").evaluate("node => node.replaceChildren()")
    page.get_by_test_id("map").click()
    page.get_by_test_id("map-told").locator("dl").wait_for()
    page.get_by_test_id("layer-colleague").click()
    page.locator("canvas[data-drawn='26']").wait_for()
    go(page, base, "print?what=worklog")
    assert page.get_by_test_id("paper").locator("tbody tr").count() == 3
    page.emulate_media(media="print")
    assert page.locator(".top").is_hidden() and page.locator(".foot").is_hidden()
    page.emulate_media(media="screen")
    go(page, base, "settings")
    for typed, ask in (("ftp://x", False), (base, False), ("https://other.example/x", True)):
        page.get_by_test_id("server-address").fill(typed)
        page.get_by_test_id("server-go").click()
        assert page.get_by_test_id("ask").count() == int(ask), typed
    page.keyboard.press("Escape")
    look(phone, page, "handset-server-ug-dark")
    assert phone.complaints == []


@by_hand
def test_what_was_looked_up_is_there_without_a_network(street: Hands) -> None:
    phone, base = street.phone("away"), street.street.base
    page = phone.switch_on(accept_downloads=True, timezone_id="Asia/Shanghai")
    phone.enrol(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for name in ("worklog", "registers?name=laws", "settings"):
        go(page, base, name)
    page.get_by_test_id("settings-fetch").click()
    page.locator(".toast.good").wait_for()
    old = """(days) => import("/js/db.js").then(({ put }) =>
      put("cache", { value: {}, at: Date.now() - days * 86_400_000 }, `old ${days}`))"""
    page.evaluate(old, 61)
    page.evaluate(old, 59)
    assert phone.context is not None
    phone.context.set_offline(True)
    page.reload()
    go(page, base, "registers?name=laws")
    page.wait_for_function(
        "() => import('/js/db.js').then(async ({ get }) => !(await get('cache', 'old 61')) && get('cache', 'old 59'))"
    )
    page.get_by_test_id("register-find").fill("适用")
    assert page.get_by_test_id("record").count() == 1
    go(page, base, "people")
    assert page.get_by_test_id("dial-120").get_attribute("href") == "tel:120"
    page.get_by_test_id("people-find").fill("阿依努尔")
    assert page.get_by_test_id("call").first.get_attribute("href") == "tel:13800000002"
    for typed, may in (("12345", True), ("1 2 0", True), ("13800000002", True), ("13999999999", False)):
        page.get_by_test_id("dial-number").fill(typed)
        assert page.get_by_test_id("dial-said").get_by_test_id("call").count() == int(may), typed
    go(page, base, "map")
    page.locator("canvas[data-drawn]:not([data-drawn='0'])").wait_for()
    go(page, base, "worklog")
    assert page.get_by_test_id("entry").count() >= 3
    with page.expect_download() as file:
        page.get_by_test_id("worklog-csv").click()
    assert "井盖松动" in Path(file.value.path()).read_text("utf-8")
    go(page, base, "colleagues")
    page.get_by_test_id("again").wait_for()
