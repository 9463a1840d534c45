# ruff: noqa: F811 (a fixture is named by the module that makes it)
"""The door in a real browser: a second factor set up and used, digits after wrong tries, by keyboard alone.

`make pictures` takes pictures to be looked at.
"""

import re
import time

import pyotp
import pytest
from playwright.sync_api import Page, expect

from schema.doors import Captcha
from schema.store import Store
from tests.journeys.webpages import NARROW, WIDE, Office, by_hand, look, office  # noqa: F401

pytestmark = [pytest.mark.real, pytest.mark.journey]


def fresh_code(secret: str, last: str = "") -> str:
    """A code that has not been used: the app shows another one every 30 s, and one ahead is taken."""
    totp = pyotp.TOTP(secret)
    for steps in (0, 1):
        code = totp.at(time.time() + 30 * steps)
        if code != last:
            return code
    raise AssertionError("both codes are the same")


@pytest.mark.parametrize(
    ("login", "language", "scheme", "size"),
    [
        ("agent1", "zh", "light", WIDE),
        ("agent2", "ug", "light", NARROW),
        ("supervisor1", "zh", "dark", NARROW),
    ],
)
@by_hand
def test_a_second_factor_is_set_up_and_asked_for(
    office: Office, login: str, language: str, scheme: str, size: tuple[int, int]
) -> None:
    mark = f"{language}-{scheme}-{size[0]}"
    page = office.page(language, scheme, size)
    office.log_in(page, login, language)
    page.goto("/me")
    look(office, page, f"me-off-{mark}")
    page.get_by_test_id("second-password").fill(office.passwords[login])
    page.keyboard.press("Enter")
    secret = re.sub(r"\s", "", page.get_by_test_id("second-secret").inner_text())
    look(office, page, f"enrol-{mark}")
    first = fresh_code(secret)
    page.get_by_test_id("second-code").fill(first)
    page.keyboard.press("Enter")
    page.get_by_test_id("codes-kept").wait_for()
    codes = page.get_by_test_id("recovery-codes").locator("li").all_inner_texts()
    assert len(codes) == 10
    look(office, page, f"codes-{mark}")
    page.get_by_test_id("codes-kept").click()
    page.get_by_test_id("codes-left").wait_for()
    look(office, page, f"me-on-{mark}")
    page.context.clear_cookies(name="gridline")
    page.goto("/cases")
    page.get_by_test_id("login-user").fill(login)
    page.get_by_test_id("login-password").fill(office.passwords[login])
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("second-code")).to_be_focused()
    look(office, page, f"code-{mark}")
    page.get_by_test_id("second-code").fill(first)
    page.keyboard.press("Enter")
    page.get_by_test_id("step-trouble").wait_for()
    office.complaints.clear()  # a refused form is a 401, which the console notes
    page.get_by_test_id("second-code").fill(codes[3] if size == NARROW else fresh_code(secret, first))
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases")
    page.get_by_test_id("user-menu").wait_for()
    page.context.close()


@pytest.mark.parametrize(("language", "scheme", "size"), [("zh", "light", WIDE), ("ug", "light", NARROW),
                                                          ("zh", "dark", NARROW), ("ug", "light", WIDE)])  # fmt: skip
@by_hand
def test_after_wrong_tries_digits_are_read_or_heard_and_the_right_ones_open(
    office: Office, language: str, scheme: str, size: tuple[int, int]
) -> None:
    mark = f"{language}-{scheme}-{size[0]}"
    page = office.page(language, scheme, size)
    page.goto("/login")
    for _ in range(3):
        if page.get_by_test_id("login-captcha").count():
            break
        page.get_by_test_id("login-user").fill("worker2")
        page.get_by_test_id("login-password").fill("not the one")
        page.keyboard.press("Enter")
        page.get_by_test_id("login-trouble").wait_for()
    office.complaints.clear()
    picture = page.get_by_test_id("login-picture")
    page.wait_for_function("img => img.complete && img.naturalWidth === 240", arg=picture.element_handle())
    look(office, page, f"captcha-{mark}")
    heard = page.evaluate(
        """async () => {
          const audio = document.querySelector('[data-testid=login-sound]');
          audio.load();
          if (!(audio.duration > 1)) await new Promise((done) => audio.addEventListener('loadedmetadata', done));
          return audio.duration;
        }"""
    )
    assert heard > 3, "five digits take a while to say"
    before = page.locator("input[name=captcha]").input_value()
    page.get_by_test_id("login-another").click()
    expect(page.locator("input[name=captcha]")).not_to_have_value(before)
    page.get_by_test_id("login-user").fill("worker1")
    page.get_by_test_id("login-password").fill(office.passwords["worker1"])
    page.get_by_test_id("login-digits").fill(answer(office, page))
    page.keyboard.press("Enter")
    page.get_by_test_id("user-menu").wait_for()
    page.context.close()


def answer(office: Office, page: Page) -> str:
    """What the picture says, out of the site's own database."""
    store = Store(f"sqlite:///{office.var / 'gridline.sqlite'}")
    try:
        with store.read() as session:
            return session.get_one(Captcha, page.locator("input[name=captcha]").input_value()).answer
    finally:
        store.close()
