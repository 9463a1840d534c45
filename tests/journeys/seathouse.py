"""A seat page in real Chromium on a real PBX, with a citizen's, a colleague's and an expert's telephone around it."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, expect, sync_playwright

from conf.children import Child, listens
from conf.layout import site_file
from conf.tools import Tools
from demo.browser import AgentBrowser, heard_shares
from demo.city import City, lay_out_city
from demo.hearing import hear
from tests.journeys.callsite import CallSite, running
from tests.journeys.party import LOOK, TONES, People
from tests.patience import LONG

CITIZEN, EXPERT = "13800138000", "13900139000"
CLEAR = 0.12
FAINT = 0.01
"""Of full scale: less is what echoes and codecs make of a tone."""


class SeatHouse(People):
    """The people of a site whose seat 101 is a page; what that hears is measured in the browser."""

    def __init__(self, site: CallSite, city: City, browser: AgentBrowser) -> None:
        super().__init__(site)
        self.city, self.browser = city, browser
        self.page: Page = browser.page(f"http://127.0.0.1:{site.settings.web.port}", "zh-CN")

    def open_page(self, login: str = "agent1", until: str = "ready") -> Page:
        """Log in, open the seat, registered and made ready; `until` the page shows it in this state."""
        page = self.page
        page.goto("/login")
        page.get_by_test_id("login-user").fill(login)
        page.get_by_test_id("login-password").fill(self.city.passwords[login])
        page.get_by_test_id("login-submit").click()
        page.get_by_test_id("user-menu").wait_for()
        page.goto("/seat")
        page.get_by_test_id("seat-open").click()
        page.locator("[data-testid=softphone-state][data-state=registered]").wait_for()
        page.get_by_test_id("seat-ready").click()
        self.shows(until)
        return page

    def new_page(self, until: str = "ready") -> Page:
        """The browser died and is started again: nothing of the earlier page is left."""
        self.page = self.browser.page(f"http://127.0.0.1:{self.site.settings.web.port}", "zh-CN")
        return self.open_page(until=until)

    def shows(self, state: str) -> None:
        """Wait until the page shows the seat in this state."""
        self.page.locator(f"[data-testid=seat-state][data-state={state}]").wait_for()

    def answered(self) -> None:
        """A citizen calls, the agent answers by a click, both hear each other."""
        self.call_in(CITIZEN, until="ringing")
        self.page.get_by_test_id("call-answer").click()
        self.shows("talking")
        self.hear(citizen={"agent"}, agent={"citizen"})

    def click(self, name: str) -> None:
        """Press a button of the call panel."""
        self.page.get_by_test_id(f"call-{name}").click()

    def choose(self, how: str, typed: str, target: str) -> None:
        """Open the picker, type, take the one that is found."""
        self.click(how)
        self.page.get_by_test_id("call-target").fill(typed)
        option = self.page.locator(f"[data-testid=picker-option][data-target='{target}']")
        expect(option).to_have_attribute("aria-selected", "true")
        self.page.get_by_test_id("call-target").press("Enter")

    def parties(self, **wanted: str) -> None:
        """Wait until the page says so of who is where: ``parties(citizen="hold", consulted="talking")``."""
        expect(self.page.get_by_test_id("call-party")).to_have_count(len(wanted))
        for role, state in wanted.items():
            self.page.locator(f"[data-testid=call-party][data-role={role}][data-state={state}]").wait_for()

    def heard_by(self, who: str) -> set[str]:
        """See People; the agent's ear is the browser's."""
        if who != "agent":
            return self._told(who)
        shares = heard_shares(self.page, list(TONES.values()), LOOK)
        return {name for name, share in zip(TONES, shares, strict=True) if share > CLEAR}

    def _told(self, who: str) -> set[str]:
        """Whose tones a telephone was told. A browser's noise suppression takes 20 dB off a steady tone, so each is
        looked for beside the others, not among them; music has no tone that stands out."""
        files = self.phones[who].heard()
        heard = hear(files[-1]) if files else None
        piece = heard.samples[-int(LOOK * heard.rate) :] if heard else np.zeros(0)
        if heard is None or len(piece) < 0.8 * LOOK * heard.rate:
            return set()
        level = np.abs(np.fft.rfft(piece * np.hanning(len(piece)))) * 4 / len(piece)
        bins = np.fft.rfftfreq(len(piece), 1 / heard.rate)
        near = {name: np.abs(bins - tone) <= 12 for name, tone in TONES.items()}
        rest = (level[(bins > 60) & ~np.any(list(near.values()), axis=0)] ** 2).sum()
        power = {name: float((level[at] ** 2).sum()) for name, at in near.items()}
        return {
            n for n, at in near.items() if level[at].max() > FAINT and power[n] > CLEAR * (rest + power[n])
        }

    def over(self) -> None:
        """Everybody hangs up; the seat is ready again."""
        seat = self._quiet("wrapup|ready")  # it says so a moment after the call has gone
        if seat.get_attribute("data-state") == "wrapup":
            self.page.get_by_test_id("wrapup-done").click()
        self.shows("ready")
        self.site.until(lambda: None if self.site.channels() else True, "silence", LONG)

    def mend(self) -> None:
        """As `over`, after a test that failed: the seat may have been paused for not answering."""
        if self._quiet("wrapup|ready|paused").get_attribute("data-state") != "ready":
            self.page.get_by_test_id("seat-ready").click()
        self.shows("ready")

    def _quiet(self, states: str) -> Locator:
        for phone in self.phones.values():
            phone.hang_up()
        self.page.locator("[data-testid=call-panel]").wait_for(state="hidden")
        seat = self.page.get_by_test_id("seat-state")
        expect(seat).to_have_attribute("data-state", re.compile(states), timeout=LONG * 1000)
        return seat


class PageSite(CallSite):
    """A call site whose bridge process serves the pages as well."""

    def __init__(self, folder: Path, **how: Any) -> None:
        super().__init__(folder, **how)
        self.bridge = Child(
            "bridge",
            [sys.executable, "-m", "conf.cli", "--settings", site_file(self.settings), "serve", "cti", "ivr", "web"],
            self.settings.var / "log" / "bridge.log",
            ready=lambda: listens(self.settings.pbx.agi_port) and listens(self.settings.web.port),
        )  # fmt: skip
        self.city = lay_out_city(self.store, self.settings)


@contextmanager
def seat_house(folder: Path, **how: Any) -> Iterator[SeatHouse]:
    """The house for the length of the block, on one thread: the page is open, citizen and expert have telephones."""
    with running(PageSite(folder, **how)) as site, sync_playwright() as playwright:
        assert isinstance(site, PageSite)
        program = Tools(site.settings.tools).chromium()
        browser = AgentBrowser(playwright, program, folder / "browser", TONES["agent"])
        try:
            house = SeatHouse(site, site.city, browser)
            house.open_page()
            house.outside("citizen", CITIZEN)
            house.outside("expert", EXPERT, port=site.settings.pbx.trunk_port, answers="auto")
            yield house
        finally:
            browser.close()
