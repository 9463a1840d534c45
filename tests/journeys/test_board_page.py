# ruff: noqa: F811 (a fixture is named by the module that makes it)
"""The wallboard in a real browser: sizes from a telephone to a wall, alarms, orders from a row; no PBX behind it.

`make pictures` takes pictures to be looked at.
"""

import pytest
from playwright.sync_api import expect

from conf.settings import Settings
from schema.desk.spacealarms import Seen, saw
from schema.store import Store
from tests.journeys.boardpage import INSIDE, LOOKS, SIZES, TWO_NODES, _as_it_was, board, wish  # noqa: F401
from tests.journeys.webpages import Office, by_hand, look, office  # noqa: F401

pytestmark = [pytest.mark.real, pytest.mark.journey]


@pytest.mark.parametrize(("language", "size"), LOOKS)
@by_hand
def test_a_board_at_every_size(office: Office, language: str, size: str) -> None:
    wish(office, seats=12)
    scheme = "dark" if size == "1080p" else "light"
    page = board(office, language=language, scheme=scheme, size=SIZES[size])
    expect(page.get_by_test_id("board-seat")).to_have_count(15)
    look(office, page, f"board-{size}-{language}")
    page.context.close()


@pytest.mark.parametrize(
    ("size", "seats", "language"),
    [("1080p", 12, "zh"), ("1080p", 37, "ug"), ("4k", 12, "en"), ("4k", 37, "zh"), ("1080p", 90, "en")],
)
@by_hand
def test_a_wall_fits_its_screen_without_scrolling(
    office: Office, size: str, seats: int, language: str
) -> None:
    wish(office, seats=seats)
    page = board(
        office,
        "/wallboard?wall=1",
        language=language,
        scheme="dark" if seats == 12 else "light",
        size=SIZES[size],
    )
    cards = page.locator(".seatcard")
    expect(cards).to_have_count(min(seats + 3, 31 if seats == 90 else 40))
    assert page.locator("button:visible, a:visible, input:visible").count() == 0, "a wall has no controls"
    fits = page.evaluate(INSIDE)
    assert (fits["scrolls"], fits["outside"], fits["clipped"]) == (False, 0, 0), fits
    assert fits["smallest"] >= SIZES[size][1] / 75, fits
    look(office, page, f"wall-{size}-{seats}-{language}")
    if seats == 90:
        first = cards.first.get_attribute("data-row")
        page.wait_for_function(
            "first => document.querySelector('.seatcard').dataset.row !== first", arg=first, timeout=30_000
        )
    page.context.close()


@by_hand
def test_a_wall_with_alarms_fits_too(office: Office) -> None:
    wish(office, seats=20, broken=True, link="down")
    page = board(office, "/wallboard?wall=1", language="en", scheme="dark", size=SIZES["1080p"])
    page.get_by_test_id("node-alarm").wait_for()
    page.get_by_test_id("conservation-alarm").wait_for()
    page.wait_for_timeout(300)  # the seats are laid out anew for the space that is left
    fits = page.evaluate(INSIDE)
    assert (fits["scrolls"], fits["outside"], fits["clipped"]) == (False, 0, 0), fits
    assert page.locator(".seatcard[data-dead=false]").count() == 0
    look(office, page, "wall-alarms-en")
    page.context.close()


@by_hand
def test_what_does_not_add_up_and_what_is_silent_is_said_aloud(office: Office) -> None:
    page = board(office, language="en")
    expect(page.get_by_test_id("conservation-alarm")).to_be_hidden()
    expect(page.get_by_test_id("node-alarm")).to_be_hidden()
    sums = [int(page.get_by_test_id(f"sum-{name}").inner_text()) for name in
            ("offered", "answered", "abandoned", "overflowed", "called_back", "waiting")]  # fmt: skip
    assert sums == [23, 17, 2, 1, 1, 2] and sums[0] == sum(sums[1:])
    wish(office, broken=True)
    alarm = page.get_by_test_id("conservation-alarm")
    alarm.wait_for()
    assert "20 offered, but 15 + 2 + 1 + 0 + 1 = 19" in alarm.inner_text()
    look(office, page, "board-broken-en")
    wish(office, silent=True)
    page.get_by_test_id("node-alarm").filter(has_text="node pbx1: no connection since").wait_for()
    assert page.locator("[data-testid=board-seat][data-dead=false]").count() == 0
    look(office, page, "board-silent-en")
    wish(office, link="resync")
    page.get_by_test_id("node-alarm").filter(has_text="catching up").wait_for()
    wish(office)
    expect(page.get_by_test_id("node-alarm")).to_be_hidden()
    expect(alarm).to_be_hidden()
    assert page.locator("[data-testid=board-seat][data-dead=true]").count() == 0
    page.context.close()


@by_hand
def test_an_order_by_keyboard_with_a_reason_and_its_result(office: Office) -> None:
    page = board(office, language="en")
    page.locator("[data-menu='102']").focus()
    page.keyboard.press("Enter")
    listen = page.get_by_test_id("verb-listen")
    assert listen.get_attribute("aria-disabled") == "true", "the own seat is not open"
    assert "Open your own seat" in (listen.get_attribute("title") or "")
    page.screenshot(path=str(office.var / "menu.png"))
    look(office, page, "board-menu-en")
    page.get_by_test_id("verb-hangup").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("order-reason").fill("threats")
    look(office, page, "board-reason-en")
    page.keyboard.press("Enter")
    page.locator("[data-testid=order-line][data-verb=hangup][data-state=observed]").wait_for()
    assert page.evaluate("document.activeElement.dataset.menu") == "102", "the focus is back at the row"
    page.keyboard.press("ArrowDown")
    page.get_by_test_id("verb-transfer").click()
    assert page.get_by_test_id("order-reason").input_value() == "threats", "the last reason is offered"
    page.get_by_test_id("order-target").fill("102")
    page.get_by_test_id("order-send").click()
    page.get_by_test_id("order-trouble").filter(has_text="another seat").wait_for()
    office.complaints.clear()  # a refusal is a 400, which the console notes
    page.get_by_test_id("order-target").fill("water")
    page.get_by_test_id("order-send").click()
    page.locator("[data-testid=order-line][data-verb=transfer][data-state=observed]").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("seat-menu-open")).to_be_hidden()
    look(office, page, "board-ordered-en")
    admin = office.page("en")
    office.log_in(admin, "admin1", "en")
    admin.goto("/wallboard")
    admin.get_by_test_id("board-seat").first.wait_for()
    assert admin.get_by_test_id("seat-menu").count() == 0, "an admin gives no orders"
    admin.goto("/audit")
    admin.get_by_test_id("audit-list").get_by_text("ended a seat's call").wait_for()
    for each in (page, admin):
        each.context.close()


@by_hand
def test_only_rows_that_change_are_touched_among_five_hundred(office: Office) -> None:
    wish(office, seats=500)
    page = board(office, size=SIZES["1080p"])
    expect(page.get_by_test_id("board-seat")).to_have_count(503)
    touched = page.evaluate("""async () => {
      const { Rows } = await import('/static/js/boardrows.js');
      const box = document.createElement('div');
      let made = 0, filled = 0;
      const make = ({ key }) => {
        made += 1;
        const node = document.createElement('p');
        node.id = key;
        return { node };
      };
      const rows = new Rows(box, make, () => { filled += 1; });
      const items = [...Array(500)].map((_, i) => ({ key: `k${i}`, row: {}, shows: [] }));
      for (const item of items) item.shows = [item.row];
      rows.update(items);
      items[7] = { key: 'k7', shows: [{}] };
      let moved = 0;
      new MutationObserver((list) => { moved += list.length; }).observe(box, { childList: true });
      rows.update(items);
      rows.update([items[499], ...items.slice(0, 400)]);
      await new Promise(requestAnimationFrame);
      return { made, filled, moved, order: box.firstElementChild.id, left: box.children.length };
    }""")
    assert touched == {"made": 500, "filled": 501, "moved": 101, "order": "k499", "left": 401}
    frames = page.evaluate("""() => new Promise(done => {
      const gaps = []; let last = performance.now();
      const go = (at) => {
        gaps.push(at - last);
        last = at;
        if (gaps.length < 120) requestAnimationFrame(go);
        else done(gaps.sort((a, b) => a - b));
      };
      requestAnimationFrame(go);
    })""")
    print(f"frames: median {frames[60]:.0f} ms, worst {frames[-1]:.0f} ms")
    page.context.close()


@pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [("zh", "light", "desk"), ("ug", "dark", "desk"), ("en", "light", "phone")],
)
@by_hand
def test_a_day_is_played_back_under_a_slider(office: Office, language: str, scheme: str, size: str) -> None:
    page = office.page(language, scheme, SIZES[size])
    office.log_in(page, "supervisor1", language)
    page.goto("/replay")
    page.get_by_test_id("replay-event").nth(9).wait_for()
    expect(page.get_by_test_id("replay-event")).to_have_count(10)
    page.get_by_test_id("replay-event").nth(4).click()
    page.locator("[data-testid=replay-event][aria-current=true]").wait_for()
    page.locator("[data-drawn]").wait_for()
    expect(page.get_by_test_id("board-seat")).to_have_count(3)
    slider, shown = page.get_by_test_id("replay-slider"), page.get_by_test_id("replay-shown")
    before = shown.inner_text()
    slider.focus()
    for key in ("ArrowLeft", "PageDown", "PageUp", "ArrowRight"):
        page.keyboard.press(key)
    assert shown.inner_text() == before and slider.get_attribute("aria-valuetext") == before
    page.keyboard.press("PageUp")
    page.get_by_test_id("board-call").first.wait_for()
    sums = page.evaluate(
        "[...document.querySelectorAll('[data-equation] dd')].map(node => Number(node.textContent))"
    )
    assert sums[0] > 20 and sums[0] == sum(sums[1:])
    look(office, page, f"replay-{size}-{language}")
    page.get_by_test_id("replay-speed").select_option("60")
    slider.focus()
    page.keyboard.press(" ")
    expect(page.get_by_test_id("sum-offered")).not_to_have_text(str(sums[0]))
    page.keyboard.press(" ")
    expect(page.get_by_test_id("replay-play")).to_have_attribute("aria-pressed", "false")
    page.get_by_test_id("replay-back").click()
    page.get_by_test_id("replay-forth").click()
    page.context.close()


@by_hand
def test_two_nodes_are_one_board(office: Office) -> None:
    page = board(office)
    model = page.evaluate(TWO_NODES)
    assert model["seats"] == [["9", False, None], ["102", False, None], ["201", True, "201"]]
    assert model["calls"] == [["c", True], ["b", False], ["a", False]], (
        "those who wait first, the longest first"
    )
    assert (model["total"]["offered"], model["longest"]) == (5, "2026-11-24T04:01:00Z")
    assert model["queues"] == [["hotline", 5, True]] and model["broken"] == []
    assert (model["down"], model["error"]) == (["pbx2"], 15)
    said = page.evaluate("""async () => {
      const { obstacle, targetOf } = await import('/static/js/boardmenu.js');
      const talking = { seat: '101', state: 'talking', watchers: [{ watcher: '100', mode: 'listen' }] };
      return [
        ['102', 'water', ' 13900000001', 'seat:7', '+861', ''].map(targetOf),
        ['listen', 'whisper', 'barge', 'stop', 'hangup', 'ready'].map((verb) => obstacle(verb, talking, '100', true)),
        ['listen', 'stop', 'pause'].map((verb) => obstacle(verb, { seat: '101', state: 'ready' }, '100', true)),
        obstacle('listen', talking, '100', false), obstacle('barge', talking, '101', true),
        obstacle('pause', null, '100', true),
      ];
    }""")
    assert said == [
        ["seat:102", "queue:water", "number:13900000001", "seat:7", "number:+861", ""],
        ["watch.there_already", "", "", "", "", ""],
        ["watch.no_call", "watch.not_watching", ""],
        "watch.no_own_seat", "watch.own_seat", "watch.seat_closed",
    ]  # fmt: skip
    page.context.close()


@by_hand
def test_a_disk_that_is_nearly_full_is_on_the_board_at_once_and_at_the_top_of_other_pages(
    office: Office,
) -> None:
    store = Store(Settings(var=office.var).database_url)
    page = board(office, size=SIZES["1080p"])
    expect(page.get_by_test_id("disk-alarm")).to_be_hidden()
    try:
        with store.work() as work:
            saw(work, "pbx1", [Seen("vault", 42 * 10**9, 1000 * 10**9)], 5)
        expect(page.get_by_test_id("disk-alarm")).to_contain_text("42.0 GB")
        look(office, page, "board-disk-zh")
        page.goto("/cases")
        expect(page.get_by_test_id("disk-alarm")).to_contain_text("42.0 GB")
    finally:
        with store.work() as work:
            saw(work, "pbx1", [], 5)
        store.close()
    page.goto("/wallboard")
    expect(page.get_by_test_id("disk-alarm")).to_be_hidden()
    page.context.close()
