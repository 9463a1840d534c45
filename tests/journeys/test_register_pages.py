"""Registers and the dial rules in a real browser: a sheet checked, put in with its faulty row left out, looked up."""

import pytest

from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]
SHEET = "编号,名称,所属单位,经度,纬度\n" + "".join(
    f"330106{n:04},{'雨水井盖' if n % 2 else '路灯 <b>'},市政所,{120.14 + n / 1000:.4f},30.26\n"
    for n in range(60)
)
LATER = (
    "编号,名称,所属单位,经度,纬度\n3301060001,污水井盖,排水公司,120.1,30.2\n3301069999,长椅,公园处,,\n1,2\n"
)


@LOOKS
@by_hand
def test_a_sheet_is_checked_put_in_and_looked_up(
    office: Office, language: str, scheme: str, size: tuple[int, int]
) -> None:
    page = office.page(language, scheme, size)
    office.log_in(page, "admin1", language)
    name = f"parts-{language}-{size[0]}"
    page.goto("/registers")
    if page.get_by_test_id("register-register").is_hidden():
        page.get_by_test_id("register-new").locator("summary").click()
    page.get_by_test_id("register-register").fill(name)
    page.get_by_test_id("register-zh").fill("城市部件")
    page.get_by_test_id("register-ug").fill("شەھەر زاپچاسلىرى")
    page.get_by_test_id("register-make").click()
    page.get_by_test_id("register-none").wait_for()
    for sheet, faulty in ((SHEET, False), (LATER, True)):
        page.get_by_test_id("register-file").set_input_files(
            {"name": "部件.csv", "mimeType": "text/csv", "buffer": sheet.encode("gb18030")}
        )
        page.get_by_test_id("register-way").select_option("merge" if faulty else "replace")
        page.get_by_test_id("register-check").click()
        page.get_by_test_id("register-result").wait_for()
        if faulty:
            assert page.get_by_test_id("register-put").is_disabled()
            page.get_by_test_id("register-leave").check()
            look(office, page, f"register-check-{language}-{scheme}-{size[0]}")
        page.get_by_test_id("register-put").click()
        page.get_by_test_id("register-history").locator("tbody tr").nth(int(faulty)).wait_for()
    page.get_by_test_id("register-find").fill("污水 排水")
    page.get_by_test_id("register-find").press("Enter")
    page.wait_for_url("**q=**")
    assert page.get_by_test_id("register-rows").locator("tbody tr").count() == 1
    for path in ("/registers", "/rules/dialrules"):
        page.goto(path)
        page.locator("[data-testid=store-state][data-state=up]").wait_for()
        look(office, page, f"{path.rpartition('/')[2]}-{language}-{scheme}-{size[0]}")
    page.context.close()
