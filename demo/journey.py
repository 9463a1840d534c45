"""The main job, once: a citizen calls, an agent files, a worker reports, the case is closed and rated."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright

from conf.supervisor import Supervisor
from conf.tools import Tools
from demo.browser import AgentBrowser, heard_shares
from demo.city import City
from demo.handset import Handset
from demo.hearing import missing_tones, wrong_in_kept
from demo.hops import Hops
from demo.phone import Phone
from schema.store import Store

CITIZEN_TONE = 440.0
AGENT_TONE = 1000.0
CLEAR = 0.25


class StepFailed(Exception):
    """A step of the journey did not do what it should; the text says which and what was seen."""


class Journey:
    """Everything that takes part, and the steps in order. `say` narrates."""

    def __init__(
        self, supervisor: Supervisor, city: City, store: Store, folder: Path, say: Callable[[str], None]
    ) -> None:
        settings = supervisor.settings
        tools = Tools(settings.tools)
        self._say = say
        self._city = city
        self.store = store
        self.supervisor = supervisor
        self._settings = settings
        self._folder = folder
        self.base = f"http://{settings.web.host}:{settings.web.port}"
        self.hops = Hops(store, say)
        self.case_address = ""
        self.case_no = ""
        self._playwright = sync_playwright().start()
        self._browser = AgentBrowser(self._playwright, tools.chromium(), folder / "browser", AGENT_TONE)
        self.agent: Page = self._browser.page(self.base, "zh-CN")
        self.citizen = Phone(
            tools.baresip(),
            folder / "citizen",
            city.citizen_number,
            f"127.0.0.1:{settings.pbx.sip_port}",
            auth=(settings.pbx.trunk_user, settings.pbx.trunk_secret),
            port=settings.pbx.trunk_port,
            tone=CITIZEN_TONE,
        )
        device = city.handsets[0]
        self.handset = Handset(
            device.device, device.secret, settings.broker.host, settings.broker.port, folder / "handset"
        )
        self._closed = False

    def run(self) -> None:
        """All steps. Raises StepFailed, HopMissing or PhoneFailed."""
        steps: tuple[Callable[[], None], ...] = (
            self.agent_sits_down,
            self.worker_clocks_on,
            self.citizen_calls,
            self.agent_answers,
            self.both_sides_hear_each_other,
            self.supervisor_watches,
            self.agent_files_and_dispatches,
            self.call_ends_and_recording_plays,
            self.worker_reports_offline,
            self.case_is_checked_and_closed,
            self.citizen_rates,
            self.case_shows_everything,
        )
        for number, step in enumerate(steps, 1):
            words = step.__name__.replace("_", " ")
            self._say(f"step {number}/{len(steps)}: {words}")
            try:
                step()
            except BrowserError as error:
                raise StepFailed(f"{words}: {error.message.splitlines()[0]}") from error

    # -- the steps -----------------------------------------------------------------------------------------

    def agent_sits_down(self) -> None:
        """The agent logs in, opens the seat and is ready."""
        self.log_in(self.agent, "agent1")
        self.agent.goto("/seat")
        self._tid("seat-open").click()
        self._tid("softphone-state").and_(self.agent.locator("[data-state=registered]")).wait_for()
        self._tid("seat-ready").click()
        self._tid("seat-state").and_(self.agent.locator("[data-state=ready]")).wait_for()

    def worker_clocks_on(self) -> None:
        """The grid worker's handset connects and clocks on."""
        self.handset.go_online()
        self.handset.clock_on()

    def citizen_calls(self) -> None:
        """The citizen dials the hotline, hears the notice, chooses Chinese, and waits."""
        known = self.hops.contacts_of(self.citizen.number)
        self.citizen.start()
        self.dial_and_choose(known)
        self.hops.until("seat.ringing")

    def agent_answers(self) -> None:
        """The seat rings, shows number and history, and the agent answers."""
        self._tid("call-answer").wait_for()
        shown = self._tid("call-number").inner_text()
        if self.citizen.number not in shown.replace(" ", ""):
            raise StepFailed(f"the seat shows {shown!r} for a call from {self.citizen.number}")
        self._tid("call-history").locator("[data-testid=history-item]").first.wait_for()
        self.picture("ringing")
        self._tid("call-answer").click()
        self.hops.until("seat.answered")

    def both_sides_hear_each_other(self) -> None:
        """Each side hears the other's tone and not its own (by spectrum)."""
        time.sleep(1)
        others, own = heard_shares(self.agent, [CITIZEN_TONE, AGENT_TONE], seconds=2)
        if others < CLEAR or own > CLEAR:
            raise StepFailed(f"the agent hears the citizen at {others:.2f} and itself at {own:.2f}")
        wrong = missing_tones(self.citizen.heard()[-1], [AGENT_TONE], [CITIZEN_TONE])
        if wrong:
            raise StepFailed("the citizen's phone: " + ", ".join(wrong))
        self._say(
            f"  the agent hears {CITIZEN_TONE:.0f} Hz ({others:.2f}), the citizen hears {AGENT_TONE:.0f} Hz"
        )

    def supervisor_watches(self) -> None:
        """The supervisor's wallboard shows the talk, live."""
        board = self.page_of("supervisor1", "/wallboard")
        try:
            board.locator("[data-testid=board-seat][data-row='101'] [data-state=talking]").wait_for()
            board.screenshot(path=self._folder / "pictures" / "wallboard.png", full_page=True)
        finally:
            board.context.close()

    def agent_files_and_dispatches(self) -> None:
        """The agent files a case from the call page and sends it to the cell's grid worker."""
        self.fill_case()
        self.picture("filing")
        self._tid("case-file").click()
        self.case_no = self._tid("case-no").inner_text().strip()
        self.hops.until("case.filed")
        self._tid("dispatch-worker").select_option(label=self._city.worker_name)
        self._tid("dispatch-send").click()
        self.hops.until("case.dispatched")
        self.hops.until("task.shown")
        self.case_address = f"{self.base}/cases/{self.case_no}"

    def call_ends_and_recording_plays(self) -> None:
        """The citizen hangs up; the recording is kept, holds both parties, and plays in the browser."""
        self.citizen.hang_up()
        self.hops.until("call.ended")
        kept = self.hops.until("recording.kept")
        self._tid("wrapup-done").click()
        id = UUID(str(kept.detail["recording"]))
        if wrong := wrong_in_kept(self._settings, self.store, id, citizen=CITIZEN_TONE, seat=AGENT_TONE):
            raise StepFailed("the recording: " + ", ".join(wrong))
        page = self.page_of("supervisor1", self.case_address)
        try:
            page.get_by_test_id("recording-play").first.click()
            playing = "() => [...document.querySelectorAll('audio')].some(a => a.currentTime > 0.5)"
            self._wait(lambda: bool(page.evaluate(playing)), "the recording does not play in the browser")
            page.screenshot(path=self._folder / "pictures" / "recording.png", full_page=True)
        finally:
            page.context.close()
        self._say("  the recording plays in the browser")

    def worker_reports_offline(self) -> None:
        """The worker goes offline, reports with photo and position, comes back, sends, and sends again."""
        task = self.handset.tasks()[0]
        self.handset.go_offline()
        report = self.handset.report(
            task=task.task, text="路灯已修好，更换了灯泡。", lon=120.1592, lat=30.2671, photo=True
        )
        if report not in self.handset.waiting():
            raise StepFailed("the report is not kept on the handset while it is offline")
        self.handset.go_online()
        self.hops.until("report.received")
        self.hops.until("media.received")
        self._wait(
            lambda: report not in self.handset.waiting(), "the handset did not delete its copy on our receipt"
        )
        before = self.hops.rows()
        if self.handset.send_again(report) != "again":
            raise StepFailed("the second sending of the same report was not answered with the same receipt")
        if self.hops.rows() != before:
            raise StepFailed("sending the report twice changed the store")
        self.hops.until("case.handled")

    def case_is_checked_and_closed(self) -> None:
        """The agent looks at what was done, checks it, and closes the case."""
        self.agent.goto(self.case_address)
        self._tid("case-photo").first.wait_for()
        self._tid("case-check-pass").click()
        self.hops.until("case.checked")
        self._tid("case-close").click()
        self.hops.until("case.closed")

    def citizen_rates(self) -> None:
        """The system calls the citizen back, who answers and presses a rating."""
        calls_before = len(self.citizen.events)
        self.citizen.wait("CALL_INCOMING", 20)
        self.hops.until("visit.called")
        self.citizen.answer()
        self.hops.until("visit.answered")
        time.sleep(3)
        self.citizen.press("1")
        self.hops.until("case.rated")
        self.citizen.wait("CALL_CLOSED", 20, after=calls_before)
        self.hops.until("visit.ended")

    def case_shows_everything(self) -> None:
        """The case page shows the rating and the whole time line."""
        self.agent.goto(self.case_address)
        self._tid("case-rating").wait_for()
        contact = str(self.hops.contact)
        if contact not in self.agent.content():
            raise StepFailed(f"the case page does not show the contact {contact}")
        self.picture("case")
        if self._browser.errors:
            raise StepFailed(f"the browser's console complains: {self._browser.errors[0]}")

    # -- helpers -------------------------------------------------------------------------------------------

    def log_in(self, page: Page, login: str) -> None:
        """Log in on a page."""
        page.goto("/login")
        page.get_by_test_id("login-user").fill(login)
        page.get_by_test_id("login-password").fill(self._city.passwords[login])
        page.get_by_test_id("login-submit").click()
        page.get_by_test_id("user-menu").wait_for()

    def page_of(self, login: str, path: str) -> Page:
        """A page of somebody else's browser session, logged in, at `path`."""
        page = self._browser.page(self.base, "zh-CN")
        self.log_in(page, login)
        page.goto(path)
        return page

    def dial_and_choose(self, known: set[UUID]) -> None:
        """Dial the hotline, listen to the notice, press the keys for Chinese and for the first service.

        `known` are this number's old contacts.
        """
        before = len(self.citizen.events)
        self.citizen.dial(self._settings.site.hotline)
        self.citizen.wait("CALL_ESTABLISHED", 10, after=before)
        self.hops.find_contact(self.citizen.number, known)
        self.hops.until("ivr.notice")
        self.citizen.press("1")
        if len(self._settings.services) > 1:
            self.hops.until("ivr.language")
            self.citizen.press("1")

    def fill_case(self) -> None:
        """Type a case into the form of the seat page."""
        self._tid("case-kind").select_option("complaint")
        self._tid("case-title").fill("路灯不亮")
        self._tid("case-text").fill("文三路和学院路口东北角的路灯三天没有亮，晚上走路看不清。")
        self._tid("case-cell").fill(self._city.cell)
        self._tid("case-address").fill("文三路 100 号门前")

    def picture(self, name: str) -> None:
        """A screenshot of the agent's page under ``pictures/``."""
        with suppress(BrowserError):
            self.agent.screenshot(path=self._folder / "pictures" / f"{name}.png", full_page=True)

    def close(self) -> None:
        """Everybody goes home."""
        if self._closed:
            return
        self._closed = True
        self.handset.close()
        self.citizen.stop()
        self._browser.close()
        self._playwright.stop()

    def _tid(self, name: str) -> Any:
        return self.agent.get_by_test_id(name)

    def _wait(self, true: Callable[[], bool], otherwise: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise StepFailed(otherwise)
            time.sleep(0.05)
