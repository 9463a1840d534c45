"""The back office alone in a real browser, and how its pages are looked at; `make pictures` takes pictures.

Looked at is: no console error, no CSP violation, nothing wider than the screen, nothing that WCAG 2.1 AA (by axe)
objects to.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from backoffice.guard import SESSION_COOKIE
from conf.settings import CHECKOUT
from conf.tools import Tools
from tests.patience import LONG

PICTURES = CHECKOUT / "var" / "screenshots"
AXE = CHECKOUT / "var" / "static" / "vendor-test" / "axe.min.js"
LOOK = """() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}).then(told => ({
  passes: told.passes.length,
  faults: told.violations.map(fault => `${fault.id}: ${fault.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`),
}))"""

# What is expected of a page may come late on a machine that has much else to do.
expect.set_options(timeout=1000 * LONG)

WIDE, NARROW = (1280, 800), (390, 844)
LOOKS = pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [
        ("zh", "light", WIDE),
        ("en", "dark", NARROW),
        ("ug", "light", NARROW),
        *([("ug", "dark", WIDE)] if os.environ.get("GRIDLINE_LOOKS") == "all" else []),
    ],
)
"""Every language, wide and narrow, in light and in dark, not each with each; with GRIDLINE_LOOKS=all each way of
writing wide and narrow."""


@dataclass
class Office:
    """The running back office and a browser to look at it."""

    base: str
    passwords: dict[str, str]
    browser: Browser
    hands: ThreadPoolExecutor
    var: Path
    complaints: list[str] = field(default_factory=list)
    sessions: dict[str, Any] = field(default_factory=dict)
    """The cookie of who has logged in, by log-in."""

    def page(self, language: str = "zh", scheme: Any = "light", size: tuple[int, int] = WIDE) -> Page:
        """A page of a fresh browser."""
        context = self.browser.new_context(
            base_url=self.base,
            locale={"zh": "zh-CN", "en": "en-GB", "ug": "ug-CN"}[language],
            color_scheme=scheme,
            viewport={"width": size[0], "height": size[1]},
            permissions=["microphone"],
        )
        context.set_default_timeout(60_000)
        context.add_cookies([{"name": "gridline_language", "value": language, "url": self.base}])
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def log_in(self, page: Page, login: str, language: str = "") -> None:
        """Be somebody: by the page of the log-in once, then by that session for as long as it lasts."""
        if known := self.sessions.get(login):
            page.context.add_cookies([known])
        page.goto("/")
        if "/login" in page.url:
            page.get_by_test_id("login-user").fill(login)
            page.get_by_test_id("login-password").fill(self.passwords[login])
            page.get_by_test_id("login-submit").click()
        page.get_by_test_id("user-menu").wait_for()
        self.sessions[login] = next(one for one in page.context.cookies() if one["name"] == SESSION_COOKIE)
        if language and page.locator("html").get_attribute("lang") != language:
            page.get_by_test_id(f"language-{language}").click()
            page.locator(f"html[lang={language}]").wait_for()


def by_hand(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test on the browser's own thread: Playwright wants a thread without a running event loop."""

    @functools.wraps(test)
    def run(**given: Any) -> None:
        given["office"].hands.submit(test, **given).result(300)

    return run


@dataclass(frozen=True, slots=True)
class Chromium:
    """A browser and the thread that it is driven on."""

    browser: Browser
    hands: ThreadPoolExecutor


@contextmanager
def real_chromium() -> Iterator[Chromium]:
    """Chromium until the end of the block."""
    with ThreadPoolExecutor(1) as hands:
        playwright = hands.submit(lambda: sync_playwright().start()).result(30)
        browser = hands.submit(launch, playwright).result(30)
        yield Chromium(browser, hands)
        hands.submit(browser.close).result(30)
        hands.submit(playwright.stop).result(30)


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, chromium: Chromium, migrated_sqlite: Path
) -> Iterator[Office]:
    with served(tmp_path_factory.mktemp("web"), chromium, migrated_sqlite) as found:
        yield found


@contextmanager
def served(folder: Path, chromium: Chromium, migrated: Path) -> Iterator[Office]:
    """The back office with all it keeps in `folder`, from a copy of a `migrated` store, and a browser before it."""
    (folder / "var").mkdir(exist_ok=True)
    shutil.copy(migrated, folder / "var" / "gridline.sqlite")
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.journeys.webalone",
                str(folder / "var"),
                str(CHECKOUT / "var" / "static"),
            ],
            cwd=CHECKOUT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        ready = folder / "var" / "told.json"
        end = time.monotonic() + 4 * LONG
        while not ready.is_file():
            assert server.poll() is None and time.monotonic() < end, (folder / "log").read_text()[-3000:]
            time.sleep(0.1)
        told = json.loads(ready.read_text("utf-8"))
        browser, hands = chromium.browser, chromium.hands
        yield Office(f"http://127.0.0.1:{told['port']}", told["passwords"], browser, hands, ready.parent)
        hands.submit(lambda: [context.close() for context in browser.contexts]).result(60)
    finally:
        server.terminate()
        server.wait(LONG)


def launch(playwright: Playwright) -> Browser:
    """Chromium with a microphone that is not there."""
    return playwright.chromium.launch(
        executable_path=str(Tools(CHECKOUT / "var").chromium()),
        args=[
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
        ],
    )


def picture(page: Page, name: str) -> None:
    """Take one, if somebody wants to look (`make pictures`): each costs a processor as much as the page itself."""
    if os.environ.get("GRIDLINE_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def look(office: Office, page: Page, name: str) -> None:
    """Take a picture, if they are wanted, and check what can be checked without eyes."""
    picture(page, name)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} px wider than the screen"
    bare = page.evaluate(
        "[...document.querySelectorAll('input, select, textarea, button')]"
        ".filter(n => n.checkVisibility() && !n.closest('label') && !n.getAttribute('aria-label')"
        " && !n.textContent.trim()).map(n => n.outerHTML)"
    )
    assert bare == [], f"{name} has controls without a name"
    page.evaluate(AXE.read_text("utf-8"))
    told = page.evaluate(LOOK)
    assert told["passes"] >= 8, "axe looked at the page"
    assert told["faults"] == [], f"{name}: {told['faults']}"
    assert office.complaints == [], f"{name}: {office.complaints}"
