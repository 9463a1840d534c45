"""The handset app: what its first load takes over the line, and how soon it is there without any.

Real Chromium before the real door. First load: every byte from the server, headers and the service worker's own
fetches included, until all of the app is on the phone. Cold start: a fresh browser process each time, the server
gone, the page's processor slowed down `SLOWER` times, a phone with `REPORTS` reports in its history; from the start of
the navigation to the first page whole on the screen.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from bench.rig.meter import Meter
from conf.settings import CHECKOUT
from conf.tools import Tools

STARTS, SLOWER, REPORTS = 9, 4, 200
WHOLE = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const [name] = await caches.keys();
  return [registration.active?.state, (await (await caches.open(name)).keys()).length];
}"""
# What a phone has after weeks: reports that were delivered.
FILL = """async (count) => {
  const db = await import('/js/db.js');
  const {write} = await import('/js/envelope.js');
  const {uuid7} = await import('/js/ids.js');
  const worker = (await db.get('meta', 'worker')).id;
  await db.together(['outbox'], ({outbox}) => {
    for (let seq = 1; seq <= count; seq += 1) {
      const id = uuid7(), at = Date.now() - seq * 3600000;
      const body = write({type: 'report', id, seq, look: {boot: 'bench', mono: seq, at}, login: 1,
                          fields: {text: '人民路口路灯不亮，已三天。'}});
      outbox.put({id, seq, type: 'report', body, sig: '', worker, at, state: 'done', tries: 1, sent: at, next: 0,
                  receipt: {id, status: 'kept', case_no: 'S' + seq}, media: [], first: id, base: 0, replaced: ''});
    }
  });
}"""
SAID = """() => ({
  started: Number(document.documentElement.dataset.started),
  page: document.querySelector('main').dataset.ready,
})"""


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        with _site(folder) as told:
            meter = Meter(told["port"])
            with _phone(playwright, folder) as page:
                page.goto(f"http://localhost:{meter.port}/#{told['code']}")
                page.get_by_test_id("enrol-send").wait_for()
                state, files = page.evaluate(WHOLE)
                if state not in ("activating", "activated"):
                    raise RuntimeError(f"the service worker is {state}")
                down = _settled(meter)
                page.get_by_test_id("enrol-send").click()
                page.get_by_test_id("login-user").fill(told["login"])
                page.get_by_test_id("login-password").fill(told["password"])
                page.get_by_test_id("login-send").click()
                page.get_by_test_id("duty").wait_for()
                page.evaluate(FILL, REPORTS)
            meter.close()
        took = [_start(playwright, folder, meter.port) for _ in range(STARTS)]
    return {
        "first_load_kb": round(down / 1000, 1),
        "files": files,
        "cold_start_s": round(max(took), 2),
        "cold_start_p50_s": round(statistics.median(took), 2),
        "slower_x": SLOWER,
    }


def _start(playwright: Playwright, folder: Path, port: int) -> float:
    """Seconds of one cold start."""
    with _phone(playwright, folder) as page:
        slow = page.context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"http://localhost:{port}/", wait_until="commit")
        page.locator("html[data-started]").wait_for()
        said = page.evaluate(SAID)
        if said["page"] != "home" or not page.get_by_test_id("duty").is_visible():
            raise RuntimeError(f"it began with {said}")
        return float(said["started"]) / 1000


def _settled(meter: Meter) -> int:
    """The bytes that have come, once no more come."""
    seen = -1
    while seen != meter.bytes_down:
        seen = meter.bytes_down
        time.sleep(1)
    return seen


@contextmanager
def _phone(playwright: Playwright, folder: Path) -> Iterator[Page]:
    """A browser process of its own on the phone's folder."""
    context: BrowserContext = playwright.chromium.launch_persistent_context(
        str(folder / "phone"),
        executable_path=str(Tools(CHECKOUT / "var").chromium()),
        args=["--no-sandbox"] if os.geteuid() == 0 else [],
        viewport={"width": 360, "height": 640},
    )
    try:
        yield context.pages[0] if context.pages else context.new_page()
    finally:
        context.close()


@contextmanager
def _site(folder: Path) -> Iterator[dict[str, Any]]:
    """A door that listens, for the length of the block; what it tells of itself."""
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.rig.doorsite", str(folder / "site")],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert server.stdin
    try:
        told, end = folder / "site" / "told.json", time.monotonic() + 60
        while not told.is_file():
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the door did not begin")
            time.sleep(0.1)
        yield json.loads(told.read_text("utf-8"))
    finally:
        server.stdin.close()
        server.wait(20)
