"""The parts of the handset app that decide, each by itself in real Chromium: what goes first, what a receipt means."""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from playwright.sync_api import Page, Route, sync_playwright

from conf.settings import CHECKOUT
from field_gateway.appfiles import read_app
from field_gateway.wire import read_up
from tests.journeys.webpages import launch

pytestmark = pytest.mark.real
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Evaluates a script in a page that has the app's modules and no server: `ask("courier", "m => …", given)`."""
    files = read_app(CHECKOUT / "var" / "static" / "vendor-app")

    def serve(route: Route) -> None:
        path = "/" + route.request.url.split("/", 3)[3]
        found = files.get(path)
        if path == "/blank" or found is None:
            route.fulfill(status=200 if path == "/blank" else 404, content_type="text/html", body="")
        else:
            route.fulfill(content_type=found.type, body=found.body)

    def begin() -> tuple[Any, Page]:
        playwright = sync_playwright().start()
        page = launch(playwright).new_page()
        page.route("**/*", serve)
        page.goto("http://localhost:9/blank")  # a secure context; the port is nobody's
        return playwright, page

    with ThreadPoolExecutor(1) as hands:  # Playwright wants a thread without a running event loop
        playwright, page = hands.submit(begin).result(60)

        def evaluate(module: str, script: str, given: object = None) -> Any:
            whole = f"async (given) => ({script})(await import('/js/{module}.js'), given)"
            return hands.submit(page.evaluate, whole, given).result(60)

        yield evaluate
        hands.submit(lambda: (page.context.browser.close(), playwright.stop())).result(60)  # type: ignore[union-attr]


def record(id: str, type: str = "report", **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "type": type,
        "seq": 1,
        "state": "waiting",
        "tries": 0,
        "first": id,
        "media": [],
        **more,
    }


def next_of(
    ask: Ask, records: list[dict[str, Any]], flying: dict[str, int] | None = None, now: int = 0
) -> Any:
    script = "(m, g) => m.nextMessages(g[0], new Map(Object.entries(g[1])), g[2]).map((one) => one.id)"
    return ask("courier", script, [records, flying or {}, now])


def test_words_go_before_positions_and_the_newest_position_before_the_old_ones(ask: Ask) -> None:
    old, new, report = record("old", "position"), record("new", "position"), record("report")
    assert next_of(ask, [old, new, report]) == ["report"]
    assert next_of(ask, [old, new]) == ["new"]
    assert next_of(ask, [old, new], {"new": 0}, 500) == [], "one at a time"


def test_nothing_overtakes_a_clock_nor_the_version_it_was_made_from(ask: Ask) -> None:
    clock, task = record("clock", "clock"), record("task", "task")
    assert next_of(ask, [clock, task]) == ["clock"]
    first, edit, other = record("a"), record("b", first="a"), record("c")
    assert next_of(ask, [first, edit, other]) == ["a", "c"]
    assert next_of(ask, [edit]) == ["b"], "the first is known to the server by now"


def test_what_has_no_answer_goes_again_after_a_pause_that_grows(ask: Ask) -> None:
    assert next_of(ask, [record("a", tries=1)], {"a": 0}, 9_999) == []
    assert next_of(ask, [record("a", tries=1)], {"a": 0}, 10_000) == ["a"]
    assert ask("receipts", "(m) => [1, 2, 3, 4, 9].map(m.pause)") == [10, 20, 40, 60, 60]
    many = [record(f"r{n}") for n in range(20)]
    assert len(next_of(ask, many)) == 8


def test_the_small_picture_goes_before_voice_and_photos_and_one_that_is_held_stops_nobody(ask: Ask) -> None:
    report = record("r", state="media")
    media = [
        {"id": id, "kind": kind, "report": "r", "state": "due", "after": after}
        for id, kind, after in (("p", "photo", 0), ("v", "voice", 0), ("t", "thumb", 900))
    ]
    script = "(m, g) => [m.nextMedium(g[0], g[1], g[2])?.id ?? null, m.held(g[1], g[2])]"
    assert ask("courier", script, [[report], media, 1_000]) == ["t", float("inf")]
    assert ask("courier", script, [[report], media, 500]) == ["v", 400]
    assert ask("courier", script, [[record("r")], media, 1_000])[0] is None, "its words are not known yet"


def test_only_a_receipt_takes_a_message_out(ask: Ask) -> None:
    cases = [
        ("report", "waiting", "kept", "", "kept"), ("report", "waiting", "again", "", "kept"),
        ("report", "done", "refused", "not-yours", "wait"), ("report", "waiting", "refused", "not-yours", "failed"),
        ("report", "waiting", "refused", "failed", "wait"), ("report", "waiting", "refused", "blocked", "wait"),
        ("report", "waiting", "later", "", "wait"), ("report", "waiting", "conflict", "edit-conflict", "conflict"),
        ("report", "failed", "kept", "", "kept"), ("task", "waiting", "kept", "", "forget"),
        ("position", "waiting", "refused", "off-duty", "forget"), ("clock", "waiting", "refused", "failed", "wait"),
    ]  # fmt: skip
    for type, state, status, code, means in cases:
        given = [{"type": type, "state": state}, {"status": status, "code": code}]
        assert ask("receipts", "(m, g) => m.outcome(...g)", given) == means, (type, state, status, code)


def test_a_phone_that_slept_or_was_set_begins_a_new_count(ask: Ask) -> None:
    script = """(m) => {
      let wall = 1_000_000, steady = 0;
      const clock = new m.Clock(() => wall, () => steady);
      const boots = [clock.look().boot];
      wall += 5_000; steady += 5_000; boots.push(clock.look().boot);
      wall += 60_000; boots.push(clock.look().boot);
      return boots;
    }"""
    first, same, fresh = ask("clock", script)
    assert first == same != fresh


def test_ids_rise_and_are_of_version_7(ask: Ask) -> None:
    ids = ask("ids", "(m) => Array.from({length: 5000}, () => m.uuid7(1795990000000))")
    assert ids == sorted(set(ids)) and all(one[14] == "7" and one[19] in "89ab" for one in ids)


@pytest.mark.parametrize("subtle", ["crypto.subtle", "{generateKey: () => Promise.reject(new Error())}"])
def test_a_text_report_is_signed_readable_and_at_most_300_bytes(ask: Ask, subtle: str) -> None:
    script = f"""async (m) => {{
      const {{makeKey}} = await import('/js/keys.js');
      const {{uuid7}} = await import('/js/ids.js');
      const key = await makeKey({subtle});
      const look = {{boot: 'a1b2c3', mono: 123456789, at: Date.now()}};
      const body = m.write({{type: 'report', id: uuid7(), seq: 4321, look,
                            login: 12, fields: {{text: '路灯不亮', task: undefined}}}});
      const sig = await m.seal(key, m.topicOf('h-1', 'report'), body);
      return {{key: key.public, kind: key.kind, body: [...body], sig}};
    }}"""
    made = ask("envelope", script)
    body = bytes(made["body"])
    assert made["kind"] == ("webcrypto" if subtle == "crypto.subtle" else "noble")
    key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(made["key"] + "="))
    key.verify(base64.urlsafe_b64decode(made["sig"] + "=="), b"gridline/1\ngridline/h-1/up/report\n" + body)
    assert read_up("report", body).seq == 4321
    assert len(body) + len(made["sig"]) <= 300


def test_a_report_with_a_place_is_short_and_says_the_same_on_both_sides(ask: Ask) -> None:
    script = """async (m) => {
      const {uuid7} = await import('/js/ids.js');
      const look = {boot: 'a1b2c3', mono: 123456789, at: Date.now()};
      const place = {lon: 120.159221, lat: 30.267113, accuracy: 12};
      const fields = {text: '湖滨路灯不亮。'.repeat(6).slice(0, 40), place};
      const more = {...fields, category: '0202', place: {...fields.place, accuracy: undefined, source: 'finger'}};
      const named = {...fields, contact: uuid7()}, back = {...look, at: look.at - 9e6};
      const all = [[fields, look], [more, look], [named, look], [fields, back]];
      return all.map(([one, at]) => {
        const id = uuid7();
        const body = m.write({type: 'report', id, seq: 4321, look: at, login: 12, fields: one});
        return {id, at: at.at, body: [...body], said: m.read(body)};
      });
    }"""
    short, finger, named, set_back = ask("envelope", script)
    for made in (short, finger, named, set_back):
        body = bytes(made["body"])
        read = read_up("report", body)
        assert (body[:1] == b"[") == (made in (short, finger)), (
            "what has no room there, or another time, is named"
        )
        assert abs(read.made.timestamp() * 1000 - made["at"]) < 1_000
        assert (str(read.id), read.login, read.text) == (made["id"], 12, made["said"]["text"])
        assert (
            made["said"]["id"] == made["id"] and made["said"]["place"]["lat"] == read.place.lat == 30.267113
        )
        assert (read.place.source, read.category) == (("finger", "0202") if made is finger else ("gps", ""))
    assert len(short["body"]) + 86 + len("sig") <= 300
