# ruff: noqa: F811 (a fixture is named by the module that makes it)
"""Administration in a real browser: somebody is added and comes in with the password that was shown, by keyboard.

`make pictures` takes pictures to be looked at.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.webpages import NARROW, WIDE, Office, by_hand, look, office  # noqa: F401

pytestmark = [pytest.mark.real, pytest.mark.journey]


@pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [("zh", "light", WIDE), ("ug", "light", NARROW), ("ug", "dark", WIDE), ("en", "light", NARROW)],
)
@by_hand
def test_the_pages_of_administration_are_whole(
    office: Office, language: str, scheme: str, size: tuple[int, int]
) -> None:
    mark = f"{language}-{scheme}-{size[0]}"
    page = office.page(language, scheme, size)
    office.log_in(page, "admin1", language)
    for name, path in (
        ("people", "/people"), ("people-new", "/people/new"), ("departments", "/departments"),
        ("posts", "/posts?post=department"),
    ):  # fmt: skip
        page.goto(path)
        if name == "departments":
            page.get_by_test_id("department-tree").locator("summary").first.click()
        look(office, page, f"{name}-{mark}")
    page.goto("/people?q=agent1")
    page.get_by_test_id("person-link").first.click()
    page.get_by_test_id("person-form").wait_for()
    look(office, page, f"person-{mark}")


@by_hand
def test_somebody_is_added_and_comes_in_with_the_password_that_was_shown(office: Office) -> None:
    page = office.page()
    office.log_in(page, "admin1")
    page.goto("/people/new")
    page.get_by_test_id("person-login").fill("li.na")
    page.get_by_test_id("person-name").fill("李娜")
    page.get_by_test_id("person-post").select_option("clerk")
    page.get_by_test_id("person-name").press("Enter")
    password = page.get_by_test_id("one-time-password").inner_text()
    look(office, page, "person-added")
    theirs = office.page()
    theirs.goto("/login")
    theirs.get_by_test_id("login-user").fill("li.na")
    theirs.get_by_test_id("login-password").fill(password)
    theirs.get_by_test_id("login-submit").click()
    # It opens nothing but the change of itself.
    expect(theirs.locator("input[autocomplete=new-password]").first).to_be_visible()
    expect(theirs.get_by_test_id("user-menu")).to_have_count(0)
