"""An agent's page in real Chromium: a process of its own that sits down, answers every call and hangs up in time.

`python -m bench.rig.page ADDRESS LOGIN TALK_MS FOLDER` reads the password from FOLDER/password, and keeps FOLDER/said
up to date: Chromium's process id, the seat's state as the page shows it, and how many calls it answered. It ends with
its browser.
"""

import json
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, sync_playwright

from conf.children import Child, listens
from conf.ports import free_port
from conf.settings import Settings
from conf.tools import Tools
from demo.browser import flags
from demo.phone import write_tone

SAY_EVERY = 200
"""Milliseconds."""
# Clicks what an agent would click; `answered` counts calls that came to talk.
AGENT = """(() => {
  let since = 0;
  window.answered = 0;
  const the = (id) => document.querySelector(`[data-testid=${id}]`);
  const shown = (id) => { const it = the(id); return it && it.checkVisibility() && !it.disabled ? it : null; };
  setInterval(() => {
    if (the("seat-state")?.dataset.state === "paused") shown("seat-ready")?.click();
    shown("call-answer")?.click();
    const hangup = the("call-panel")?.dataset.state === "talking" ? shown("call-hangup") : null;
    if (!hangup) { since = 0; return; }
    if (!since) { since = performance.now(); window.answered += 1; }
    if (performance.now() - since > TALK) { hangup.click(); since = performance.now(); }
  }, 100);
})()"""
LOOK = """() => ({
  seat: document.querySelector("[data-testid=seat-state]")?.dataset.state ?? "",
  phone: document.querySelector("[data-testid=softphone-state]")?.dataset.state ?? "",
  answered: window.answered ?? 0,
})"""


class AgentPage:
    """The process, from outside. `start` comes back when the seat can take calls."""

    def __init__(self, folder: Path, address: str, login: str, password: str, talk_ms: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "password").write_text(password, "utf-8")
        self._said = folder / "said"
        self.answered = 0
        self._child = Child(
            "agent's page",
            [sys.executable, "-m", "bench.rig.page", address, login, str(talk_ms), folder],
            folder / "page.log",
            ready=lambda: self.state in ("ready", "ringing", "talking", "wrapup"),
        )

    @property
    def words(self) -> list[str]:
        """Its command line."""
        return self._child.argv

    def start(self) -> None:
        """A fresh browser, logged in, at its seat. Raises ChildFailed."""
        self._said.unlink(missing_ok=True)
        self._child.start().wait_ready(60)

    def kill(self) -> None:
        """Kill Chromium with -9."""
        said = self._read()
        self.answered += int(said.get("answered", 0))
        with suppress(ProcessLookupError):
            os.kill(int(said["pid"]), signal.SIGKILL)
        self._child.stop(10)

    def stop(self) -> None:
        """End it, browser and all."""
        self.answered += int(self._read().get("answered", 0))
        self._child.stop()
        self._said.unlink(missing_ok=True)

    @property
    def pid(self) -> int:
        """Chromium's, 0 when there is none."""
        return int(self._read().get("pid", 0)) if self._child.pid else 0

    @property
    def state(self) -> str:
        """What the page shows of its seat; "" while its telephone is not registered."""
        said = self._read()
        return str(said.get("seat", "")) if said.get("phone") == "registered" else ""

    def _read(self) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads(self._said.read_text("utf-8"))
            return found
        return {}


def sit_down(page: Page, address: str, login: str, password: str) -> None:
    """Log in and open the seat. Raises playwright's Error when the page does not get there."""
    page.goto(f"{address}/login")
    page.get_by_test_id("login-user").fill(login)
    page.get_by_test_id("login-password").fill(password)
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("user-menu").wait_for()
    page.goto(f"{address}/seat")
    page.get_by_test_id("seat-open").click()
    page.locator("[data-testid=softphone-state][data-state=registered]").wait_for()


def main(address: str, login: str, talk_ms: int, folder: Path) -> None:
    """Sit there until the browser is gone."""
    password, port = (folder / "password").read_text("utf-8"), free_port()
    write_tone(folder / "voice.wav", 440, seconds=10)
    words = ["--headless", f"--remote-debugging-port={port}", *flags(folder / "voice.wav"), "about:blank"]
    with tempfile.TemporaryDirectory(prefix="profile-", dir=folder, ignore_cleanup_errors=True) as profile:
        chromium = Child(
            "Chromium",
            [Tools(Settings().tools).chromium(), f"--user-data-dir={profile}", *words],
            folder / "chromium.log",
            ready=lambda: listens(port),
        ).start()
        try:
            chromium.wait_ready(30)
            with sync_playwright() as playwright:
                browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
                page = browser.contexts[0].new_page()
                page.set_default_timeout(8000)
                page.add_init_script(AGENT.replace("TALK", str(talk_ms)))
                _until_seated(page, address, login, password)
                while chromium.pid:
                    _say(folder / "said", {"pid": chromium.pid, **page.evaluate(LOOK)})
                    page.wait_for_timeout(SAY_EVERY)
        except Error:
            if chromium.pid:  # else that is what this process waits for
                raise
        finally:
            chromium.kill()


def _until_seated(page: Page, address: str, login: str, password: str) -> None:
    """What is tried while the site is only just coming back is tried again."""
    end = time.monotonic() + 40
    while True:
        try:
            return sit_down(page, address, login, password)
        except Error:
            if time.monotonic() > end:
                raise


def _say(file: Path, said: dict[str, Any]) -> None:
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(said), "utf-8")
    draft.replace(file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
