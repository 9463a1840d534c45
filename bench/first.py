"""The first call, measured: how long each thing a person waits for takes, over 20 runs on real parts.

dial_to_ring: the citizen dials → the seat rings, the recording notice included (notice_ms says how long it is);
answer_to_audio: the agent clicks "answer" → the citizen's voice is in the browser; hangup_to_playable: the citizen
hangs up → the browser's session can fetch the recording; handset_receipt: the handset writes a report → it has our
receipt; case_to_screen: the agent clicks "file" → another person's list shows the case.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.figures import children_of, resident_mb, spread
from conf.settings import CHECKOUT, Settings
from conf.supervisor import Supervisor
from demo.city import City, lay_out_city
from demo.journey import Journey
from schema.store import Store

RUNS = 20
# Clicks "answer" and waits until 20 ms of the remote stream are louder than a whisper; returns milliseconds.
ANSWER = """async () => {
  const began = performance.now();
  document.querySelector('[data-testid=call-answer]').click();
  const pause = () => new Promise(r => setTimeout(r, 4));
  const live = () => window.gridline.remoteStream && window.gridline.remoteStream.active;
  while (!live()) { if (performance.now() - began > 8000) return -1; await pause(); }
  const context = new AudioContext(), ear = context.createAnalyser();
  ear.fftSize = 1024;
  context.createMediaStreamSource(window.gridline.remoteStream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  for (;;) {
    ear.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, s) => sum + s * s, 0) / samples.length;
    if (power > 0.0004) break;
    if (performance.now() - began > 8000) { await context.close(); return -1; }
    await pause();
  }
  const took = performance.now() - began;
  await context.close();
  return took;
}"""
WATCH = """() => {
  window.seenAt = {};
  const look = () => { for (const no of document.body.innerText.match(/[A-Z]{2}-\\d{8}-\\d+/g) || [])
    if (!(no in window.seenAt)) window.seenAt[no] = Date.now(); };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
  look();
}"""
FILE = (
    "() => { const at = Date.now(); document.querySelector('[data-testid=case-file]').click(); return at; }"
)


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder:
        figures = _set_up(Path(folder))
        figures |= _at_rest(Path(folder) / "rest")
        figures |= _site(Path(folder))
    return figures


def _set_up(folder: Path) -> dict[str, float]:
    """A set-up in a fresh clone with empty caches (cold), and again (warm). Debian packages are there already."""
    clone = folder / "clone"
    env = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PIP_CACHE_DIR": str(folder / "pip")}
    subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(clone)], check=True)
    figures = {}
    for key in ("setup_cold_s", "setup_warm_s"):
        began = time.monotonic()
        subprocess.run(["make", "-C", str(clone), "setup"], env=env, check=True, stdout=subprocess.DEVNULL)
        figures[key] = round(time.monotonic() - began, 1)
        print(f"{key}: {figures[key]}", flush=True)
    return figures


def _at_rest(home: Path) -> dict[str, float]:
    """Resident memory of each process of `gridline up`, half a minute after its start."""
    command = [sys.executable, "-m", "conf.cli", "up"]
    env = {**os.environ, "GRIDLINE_VAR": str(home)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as site:
        try:
            assert site.stdout is not None
            while "Gridline is up: http" not in (line := site.stdout.readline()):
                if not line:
                    raise RuntimeError("the site did not come up")
            time.sleep(30)
            found = {"rss_supervisor_mb": resident_mb(site.pid)}
            for pid, words in children_of(site.pid):
                name = next(n for n in ("mosquitto", "asterisk", "gridline") if n in words or n == "gridline")
                found[f"rss_{name}_mb"] = resident_mb(pid)
            return found
        finally:
            site.terminate()
            site.communicate()


def _site(folder: Path) -> dict[str, float]:
    home = folder / "site"
    home.mkdir()
    cities: list[City] = []
    supervisor = Supervisor(
        Settings(var=home),
        say=_quiet,
        prepare=lambda store, laid: cities.append(lay_out_city(store, laid)),
    )
    journey: Journey | None = None
    try:
        supervisor.start()
        journey = Journey(supervisor, cities[0], Store.of(supervisor.settings), home, _quiet)
        return _calls(journey) | _receipts(journey)
    finally:
        if journey:
            journey.close()
        supervisor.stop()


def _calls(journey: Journey) -> dict[str, float]:
    journey.agent_sits_down()
    journey.worker_clocks_on()
    journey.citizen.start()
    watcher = journey.page_of("supervisor1", "/cases")
    watcher.evaluate(WATCH)
    times: dict[str, list[float]] = {}
    for number in range(RUNS):
        for key, took in _one_call(journey, watcher).items():
            times.setdefault(key, []).append(took)
        print(f"call {number + 1}/{RUNS}", flush=True)
    figures: dict[str, float] = {}
    for key, values in times.items():
        figures |= spread(key, values)
    return figures


def _one_call(journey: Journey, watcher: Any) -> dict[str, float]:
    hops, citizen, agent = journey.hops, journey.citizen, journey.agent
    known = hops.contacts_of(citizen.number)
    dialled, before = time.time(), len(citizen.events)
    journey.dial_and_choose(known)
    ring = hops.until("seat.ringing", 15)
    notice = hops.until("ivr.notice", 1)
    agent.get_by_test_id("call-answer").wait_for()
    heard_after = float(agent.evaluate(ANSWER))
    if heard_after < 0:
        raise RuntimeError("the agent's browser heard nothing within 8 s of the answer")
    journey.fill_case()
    filed_at = float(agent.evaluate(FILE))
    case_no = agent.get_by_test_id("case-no").inner_text().strip()
    shown_at = _until(
        lambda: watcher.evaluate("no => window.seenAt[no] || null", case_no), 5, f"{case_no} on the list"
    )
    hung_up = time.monotonic()
    citizen.hang_up()
    kept = hops.until("recording.kept", 15)
    address = f"/recordings/{kept.detail['recording']}/mix"
    got = agent.request.get(address, headers={"Range": "bytes=0-1023"})
    playable = time.monotonic() - hung_up
    if got.status != 206 or not got.body().startswith(b"RIFF"):
        raise RuntimeError(f"{address} is not playable: HTTP {got.status}")
    citizen.wait("CALL_CLOSED", 10, after=before)
    agent.get_by_test_id("wrapup-done").click()
    return {
        "dial_to_ring_ms": (ring.at.timestamp() - dialled) * 1000,
        "notice_ms": (notice.at.timestamp() - dialled) * 1000,
        "answer_to_audio_ms": heard_after,
        "case_to_screen_ms": max(0.0, float(shown_at) - filed_at),
        "hangup_to_playable_ms": playable * 1000,
    }


def _receipts(journey: Journey) -> dict[str, float]:
    times = []
    for number in range(RUNS):
        began = time.monotonic()
        report = journey.handset.report(
            task=None, text=f"巡查记录 {number + 1}", lon=120.1592, lat=30.2671, photo=False
        )
        _until(lambda report=report: report not in journey.handset.waiting(), 10, "a receipt")  # type: ignore[misc]
        times.append((time.monotonic() - began) * 1000)
    return spread("handset_receipt_ms", times)


def _until(found: Callable[[], Any], seconds: float, what: str) -> Any:
    end = time.monotonic() + seconds
    while not (value := found()):
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.002)
    return value


def _quiet(_line: str) -> None:
    """Benches print figures, not hops."""
