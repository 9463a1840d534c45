"""The handset app with a camera and a microphone that are no real ones: photos, a voice note, and what is refused."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from schema.handsets import Media, Report
from tests.journeys.handsetphone import SETTLED, Hands, by_hand, street, write_report
from tests.journeys.webpages import look
from tests.patience import until

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["street"]

STREAM = """() => {
  const [track] = document.querySelector('[data-testid=finder-picture]').srcObject?.getVideoTracks() ?? [];
  return track ? track.label : '';
}"""
ACROSS = "document.querySelector('[data-testid=finder-picture]').videoWidth"
PLAYED = """() => new Promise((done) => {
  const note = document.querySelector('.shot audio');
  note.ontimeupdate = () => note.currentTime > 0.3 && done(note.currentTime);
  note.onerror = () => done(-1);
  note.play();
})"""
REFUSE = """(name) => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name));
}"""


@by_hand
def test_photos_are_taken_in_the_app_and_a_voice_note_is_recorded_and_played(
    street: Hands, tmp_path: Path
) -> None:
    server, phone = street.street, street.phone("camera")
    page = phone.switch_on("en")
    phone.enrol(page)
    write_report(page, "The lamp lies on the pavement")
    page.get_by_test_id("report-photo").click()
    page.get_by_test_id("finder-shutter").wait_for()
    until(lambda: page.evaluate(ACROSS) > 0)
    first = page.evaluate(STREAM)
    page.get_by_test_id("finder-turn").click()
    until(lambda: page.evaluate(STREAM) not in ("", first) and page.evaluate(ACROSS) > 0)
    look(phone, page, "handset-finder-en-light-360")  # type: ignore[arg-type]
    page.get_by_test_id("finder-shutter").click()
    page.locator(".shot img").wait_for()
    page.get_by_test_id("report-whole").check()
    page.get_by_test_id("finder-shutter").click()
    page.locator(".shot img").nth(1).wait_for()
    page.get_by_test_id("finder-close").click()
    assert page.evaluate(STREAM) == "", "the camera is off"
    page.get_by_test_id("report-voice").click()
    page.locator(".recording").wait_for()
    page.wait_for_timeout(1_500)  # what is recorded is as long as it is
    page.get_by_test_id("report-voice").click()
    page.locator(".shot audio").wait_for()
    assert page.evaluate(PLAYED) > 0.3
    page.get_by_test_id("report-send").click()
    page.locator(SETTLED).wait_for()
    with server.store.read() as session:
        report = session.scalars(select(Report)).one()
        rows = session.scalars(select(Media).where(Media.report == report.id)).all()
    assert sorted(one.kind for one in rows) == ["photo", "photo", "thumb", "thumb", "voice"]
    for one in (row for row in rows if row.kind != "voice"):
        assert one.state == "whole"
        picture: Any = Image.open(io.BytesIO((server.settings.vault / one.path).read_bytes()))
        assert picture.format == "JPEG" and not picture.getexif()
        assert max(picture.size) <= (256 if one.kind == "thumb" else 1920) and picture.getbbox()
    assert phone.complaints == []
    phone.switch_off()


@by_hand
def test_a_camera_that_is_refused_is_said_and_a_photo_can_be_chosen(street: Hands) -> None:
    phone = street.phone("nocamera")
    page = phone.switch_on("zh")
    phone.enrol(page)
    write_report(page, "没有相机")
    for name, said in (
        ("NotAllowedError", "没有相机权限"),
        ("NotFoundError", "没有可用的相机"),
        ("NotReadableError", "被占用"),
    ):
        page.evaluate(REFUSE, name)
        page.get_by_test_id("report-photo").click()
        page.get_by_text(said).wait_for()
        assert not page.get_by_test_id("finder").is_visible()
    with page.expect_file_chooser() as chosen:
        page.get_by_test_id("report-pick").click()
    assert chosen.value.element.get_attribute("capture") is None
    page.evaluate("() => void delete Object.getPrototypeOf(navigator).mediaDevices")
    with page.expect_file_chooser() as chosen:
        page.get_by_test_id("report-photo").click()
    assert chosen.value.element.get_attribute("capture") is not None
    picture = io.BytesIO()
    Image.effect_noise((600, 400), 40).save(picture, "PNG")
    chosen.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    page.locator(".shot img").wait_for()
    assert phone.complaints == []
    phone.switch_off()
