"""The pages of the handset app's core, each looked at in three languages, in light and in dark, on a small phone."""

import pytest

from tests.journeys.handsetphone import SETTLED, Hands, by_hand, street, write_report
from tests.journeys.webpages import LOOKS, look

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["street"]


@LOOKS
@by_hand
def test_every_page_of_the_core_is_whole(
    street: Hands, language: str, scheme: str, size: tuple[int, int]
) -> None:
    phone = street.phone(f"looks-{language}-{scheme}")
    page = phone.switch_on(language, scheme)
    mark = f"{language}-{scheme}-360"
    page.goto(f"{street.street.base}/#/enrol")
    page.get_by_test_id("enrol-send").wait_for()
    look(phone, page, f"handset-enrol-{mark}")  # type: ignore[arg-type]
    phone.enrol(page)
    write_report(
        page,
        {"zh": "人民路口路灯不亮，已三天。", "en": "A lamp is dark", "ug": "كوچا چىرىغى يانمايدۇ"}[language],
    )
    page.get_by_test_id("place-finger").click()
    page.get_by_test_id("pad").click(position={"x": 80, "y": 90})
    page.locator("[data-source=finger]").wait_for()
    look(phone, page, f"handset-report-{mark}")  # type: ignore[arg-type]
    page.get_by_test_id("report-send").click()
    page.locator(SETTLED).click()
    page.get_by_test_id("sent-case").wait_for()
    look(phone, page, f"handset-sent-{mark}")  # type: ignore[arg-type]
    for name in ("home", "tasks", "messages", "more"):
        page.get_by_test_id(f"tab-{name}").click()
        page.locator(f"main[data-ready={name}]").wait_for()
        look(phone, page, f"handset-{name}-{mark}")  # type: ignore[arg-type]
    page.get_by_test_id("logout").click()
    page.get_by_test_id("ask-plain").click()
    page.get_by_test_id("login-user").wait_for()
    look(phone, page, f"handset-login-{mark}")  # type: ignore[arg-type]
    phone.switch_off()
