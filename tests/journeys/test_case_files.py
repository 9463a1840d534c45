"""Files of a case in a real browser: picked, dropped, refused, sent again, taken back; in every language."""

import pytest
from playwright.sync_api import expect

from tests.backoffice import filesamples as some
from tests.journeys.test_case_list import filed
from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]
DROP = """([place, name]) => {
  const given = new DataTransfer();
  given.items.add(new File(["The drain at Gingko Road is blocked"], name, { type: "text/plain" }));
  for (const kind of ["dragover", "drop"])
    place.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: given }));
}"""


@by_hand
def test_papers_come_to_a_case_by_picking_and_dropping_and_go_back(office: Office) -> None:
    [no] = filed(office, "有来信")
    page = office.page("en")
    office.log_in(page, "agent1", "en")
    page.goto(f"/cases/{no}")
    listed = page.get_by_test_id("case-files").locator("li")
    page.get_by_test_id("file-pick").set_input_files(
        [
            {
                "name": "letter.pdf",
                "mimeType": "application/pdf",
                "buffer": some.pdf("The lamp at Ginkgo Road"),
            },
            {"name": "photo.png", "mimeType": "image/png", "buffer": some.picture("PNG")},
        ]
    )
    expect(listed).to_have_count(2)
    page.locator("[data-drop]").evaluate("(place, name) => (" + DROP + ")([place, name])", "note.txt")
    expect(listed).to_have_count(3)
    # On paper there is what was asked and what belongs to it, and nothing to press.
    page.emulate_media(media="print")
    expect(page.locator("main")).to_contain_text("letter.pdf")
    expect(page.locator(".bar, button, textarea, [data-drop]").filter(visible=True)).to_have_count(0)
    page.emulate_media(media="screen")

    page.get_by_test_id("file-pick").set_input_files(
        [{"name": "game.exe", "mimeType": "image/png", "buffer": b"MZ\x90\x00"}]
    )
    failed = page.locator("[data-sending] [data-state=failed]")
    expect(failed).to_contain_text("Such a file is not taken")
    office.complaints[:] = [said for said in office.complaints if "400" not in said]
    failed.get_by_role("button", name="Leave it").click()
    expect(failed).to_have_count(0)

    # A line that is lost for a moment costs nothing: the same file, the same order, once.
    page.route("**/files?*", lambda route: route.abort())
    page.get_by_test_id("file-pick").set_input_files(
        [{"name": "late.txt", "mimeType": "text/plain", "buffer": "晚到".encode()}]
    )
    expect(failed).to_have_count(1)
    page.unroute("**/files?*")
    office.complaints[:] = [said for said in office.complaints if "ERR_FAILED" not in said]
    failed.get_by_role("button", name="Try again").click()
    expect(listed).to_have_count(4)

    with page.expect_download() as saved:
        listed.first.get_by_role("link").click()
    assert saved.value.suggested_filename == "letter.pdf"
    late = listed.filter(has_text="late.txt")
    late.locator("summary").click()
    # Another file comes, and the list is shown anew: what was opened stays open, and keeps the keyboard.
    page.get_by_test_id("file-pick").set_input_files(
        [{"name": "map.txt", "mimeType": "text/plain", "buffer": b"x"}]
    )
    expect(listed).to_have_count(5)
    expect(late.locator("summary")).to_be_focused()
    late.locator("[name=reason]").fill("belongs to another case")
    late.get_by_test_id("file-back").click()
    expect(listed).to_have_count(4)
    expect(page.get_by_test_id("timeline")).to_contain_text("took the file late.txt back")
    page.goto("/cases?q=drain")
    page.get_by_text(no).first.wait_for()
    page.context.close()


@LOOKS
@by_hand
def test_a_case_with_papers_is_whole(
    office: Office, language: str, scheme: str, size: tuple[int, int]
) -> None:
    [no] = filed(office, "有来信")
    page = office.page(language, scheme, size)
    office.log_in(page, "agent1", language)
    page.goto(f"/cases/{no}")
    page.get_by_test_id("file-pick").set_input_files(
        [
            {
                "name": "关于文三路路灯的来信-" + "很长的名字" * 9 + ".txt",
                "mimeType": "text/plain",
                "buffer": b"x",
            }
        ]
    )
    expect(page.get_by_test_id("case-files").locator("li")).to_have_count(1)
    look(office, page, f"case-files-{language}-{scheme}-{size[0]}")
    page.context.close()
