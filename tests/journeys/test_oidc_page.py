"""Log-in by another house in a real browser, from a real provider that is another site to it, and out again.

`make pictures` takes pictures to be looked at.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from conf.ports import free_ports
from tests.journeys.webpages import NARROW, WIDE, Chromium, Office, by_hand, look, served
from tests.real.oidc import CLIENT, SECRET, real_oidc

pytestmark = [pytest.mark.real, pytest.mark.journey]


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, chromium: Chromium, migrated_sqlite: Path
) -> Iterator[Office]:
    web, there = free_ports(2)
    here = f"http://127.0.0.1:{web}"
    folder = tmp_path_factory.mktemp("web")
    (folder / "var").mkdir()
    oidc = {
        "issuer": f"http://localhost:{there}",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "label": "市政统一认证",
    }
    (folder / "var" / "settings.json").write_text(json.dumps({"web": {"port": web}, "oidc": oidc}), "utf-8")
    with (
        real_oidc(there, here + "/login/oidc/back", here + "/login", host="localhost"),
        served(folder, chromium, migrated_sqlite) as found,
    ):
        yield found


def over_there(page: Page, login: str) -> None:
    """Log in at the provider, and let it tell us."""
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("any")
    page.keyboard.press("Enter")
    page.locator("input[name=prompt][value=consent]").wait_for(state="attached")
    page.locator("form button, form input[type=submit]").first.click()


@pytest.mark.parametrize(("language", "size"), [("zh", WIDE), ("ug", NARROW)])
@by_hand
def test_one_logs_in_by_the_other_house_and_out_of_both(
    office: Office, language: str, size: tuple[int, int]
) -> None:
    office.complaints.clear()  # what the provider's own pages say is not ours
    mark = f"{language}-light-{size[0]}"
    page = office.page(language, "light", size)
    page.goto("/cases")
    page.get_by_test_id("login-oidc").wait_for()
    look(office, page, f"oidc-{mark}")
    page.get_by_test_id("login-oidc").click()
    over_there(page, "supervisor1")
    page.wait_for_url("**/cases")
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("logout").click()
    page.get_by_test_id("oidc-left").wait_for()
    office.complaints.clear()
    look(office, page, f"oidc-left-{mark}")
    page.get_by_test_id("oidc-leave").click()
    page.wait_for_url("http://localhost:*/**")
    page.context.close()


@by_hand
def test_somebody_unknown_here_is_told_so_and_may_still_use_a_password(office: Office) -> None:
    page = office.page()
    page.goto("/login")
    page.get_by_test_id("login-oidc").click()
    over_there(page, "stranger")
    page.get_by_test_id("login-trouble").filter(has_text="没有对应的用户").wait_for()
    office.complaints.clear()  # the refusal is a 401, which the console notes
    look(office, page, "oidc-nobody-zh-light-1280")
    page.get_by_test_id("login-user").fill("agent1")
    page.get_by_test_id("login-password").fill(office.passwords["agent1"])
    page.keyboard.press("Enter")
    page.get_by_test_id("user-menu").wait_for()
    page.context.close()
