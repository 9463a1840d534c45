"""The pages of recordings in a browser: whole in every look; two hours are played at 1:59, noted and held."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from bench.rig.longsound import keep_long
from conf.settings import Settings
from demo.phone import write_tone
from schema.calls import CallRow, SegmentRow, TransferRow
from schema.recordings import Recording, RecordingGap
from schema.store import Store
from tests.journeys.webpages import LOOKS, Office, by_hand, look, office
from tests.patience import until

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]
TWO_HOURS, AT = 7200, 7140


@pytest.fixture(scope="module")
def long(office: Office) -> UUID:
    """Two hours, with a hold, a gap and a transfer in them."""
    settings = Settings(var=office.var)
    store = Store.of(settings)
    minute, began = office.var / "minute.wav", datetime.now(UTC) - timedelta(hours=3)
    write_tone(minute, 440, seconds=60)
    id = keep_long(settings, store, minute, TWO_HOURS, began)
    with store.work() as work:
        row = work.session.get_one(Recording, id)
        work.session.add(
            CallRow(id=row.call, contact=row.contact, node="pbx1", number="13800138000", entered_at=began)
        )
        work.session.flush()
        for n, (kind, begin, end) in enumerate((("hold", 1200, 1500), ("conference", 3000, 4000))):
            leg, leg_kind = ("9.0", "citizen") if kind == "hold" else (row.leg, "seat")
            work.session.add(SegmentRow(
                node="pbx1", leg=leg, n=n, call=row.call, leg_kind=leg_kind, kind=kind, others=[],
                started_at=began + timedelta(seconds=begin), ended_at=began + timedelta(seconds=end),
            ))  # fmt: skip
        at = began + timedelta(seconds=7000)
        work.session.add(TransferRow(call=row.call, at=at, seat="101", target="queue:night", how="blind"))
        gap = (began + timedelta(seconds=5000), began + timedelta(seconds=5060))
        work.session.add(RecordingGap(node="pbx1", leg=row.leg, began_at=gap[0], ended_at=gap[1], seat="101"))
    store.close()
    return id


@LOOKS
@by_hand
def test_the_pages_are_whole(
    office: Office, long: UUID, language: str, scheme: str, size: tuple[int, int]
) -> None:
    page = office.page(language, scheme, size)
    mark = f"{language}-{scheme}-{size[0]}"
    office.log_in(page, "supervisor1", language)
    page.goto("/cases/recordings")
    page.locator("[data-testid=store-state][data-state=up]").wait_for()
    look(office, page, f"recordings-{mark}")
    page.get_by_test_id("recordings-one").first.click()
    page.locator("[data-player] audio").wait_for(state="attached")
    page.get_by_test_id("recording-play").click()
    expect(page.get_by_test_id("recording-mark")).to_have_count(4)
    page.get_by_test_id("recording-play").click()
    look(office, page, f"recording-{mark}")
    page.context.close()
    page = office.page(language, scheme, size)
    office.log_in(page, "admin1", language)
    page.goto("/rules/retention")
    look(office, page, f"retention-{mark}")
    page.context.close()


@by_hand
def test_two_hours_are_played_at_one_fifty_nine_noted_and_held(office: Office, long: UUID) -> None:
    page = office.page("en")
    office.log_in(page, "supervisor1", "en")
    asked: list[str] = []
    page.on(
        "request",
        lambda one: asked.append(one.headers.get("range", "")) if one.url.endswith("/mix") else None,
    )
    page.goto(f"/recordings/{long}")
    page.locator("[data-player] audio").wait_for(state="attached")
    page.locator("[data-seek]").evaluate(
        f"node => {{ node.value = {AT}; node.dispatchEvent(new Event('input')); }}"
    )
    page.get_by_test_id("recording-play").click()
    until(lambda: bool(page.evaluate(f"document.querySelector('audio').currentTime > {AT + 1}")))
    expect(page.get_by_test_id("recording-time")).to_contain_text("1:59:0")
    starts = [int(one.removeprefix("bytes=").partition("-")[0] or 0) for one in asked]
    assert any(start > 1_000_000 for start in starts), "not all that lies before is fetched"
    page.get_by_test_id("recording-play").click()
    expect(page.get_by_test_id("recording-mark")).to_have_text(
        ["20:00 on hold", "50:00 three-way", "1:23:20 recording paused", "1:56:40 transferred to night"]
    )
    page.get_by_test_id("recording-note").fill("the address is said here")
    page.get_by_test_id("recording-note-write").click()
    note = page.locator("[data-testid=recording-mark][data-kind=note]")
    expect(note).to_contain_text("the address is said here")
    page.locator("[data-testid=recording-mark] button").first.click()
    until(lambda: bool(page.evaluate("Math.abs(document.querySelector('audio').currentTime - 1200) < 2")))
    note.get_by_role("button", name="Take the note away").click()
    expect(note).to_have_count(0)
    page.get_by_test_id("recording-play").press("l")
    until(lambda: bool(page.evaluate("Math.abs(document.querySelector('audio').currentTime - 1205) < 2")))
    page.get_by_test_id("recording-hold-reason").fill("asked for by the court")
    page.get_by_test_id("recording-hold").click()
    expect(page.get_by_test_id("recording-holds")).to_contain_text("asked for by the court")
    page.get_by_test_id("recording-release").click()
    expect(page.get_by_test_id("recording-holds")).to_contain_text("lifted")
    with page.expect_download() as taken:
        page.get_by_test_id("recording-download").click()
    assert taken.value.suggested_filename == f"{long}-mix.ogg"
    page.context.close()
