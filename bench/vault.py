"""The vault: what taking recordings in costs, and how soon two hours of speech play at 1:59.

Taken in are legs of real speech (the voice reads prompts in three languages) with their mix and both sides: each is
made Opus, sealed, synced to disk, and entered in the rows with its fact. The processor's time is that of the packer and
of who asks it. Played is by Chromium, on the page of the recording: from the click at 1:59 until sound comes; each time
in a browser that knows nothing yet, over HTTP, out of the sealed file.
"""

import os
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.figures import percentile
from bench.rig.cpu import seconds as cpu_seconds
from bench.rig.longsound import keep_long
from conf.settings import Settings
from conf.speech import speak
from conf.tools import Tools
from recordings.ledger import Ledger
from recordings.packer import Packer
from recordings.spool import Spool
from schema.desk import sessions
from schema.facts import RecordingStopped
from schema.ids import CallId, ContactId, uuid7
from schema.people import User
from schema.store import Store
from schema.upgrade import upgrade

LEGS, LEG_SECONDS = 20, 180
TWO_HOURS, AT = 7200, 7140
PLAYS = 20
SAID = {
    "zh": "您好，我家门口的路灯坏了三天，晚上回家很不方便，请你们尽快派人来修，谢谢。",
    "en": "Good morning. The street lamp in front of my house has been out for three days; please send somebody.",
    "ug": "ياخشىمۇسىز، ئۆيۈمنىڭ ئالدىدىكى كوچا چىرىغى ئۈچ كۈندىن بېرى يانمايۋاتىدۇ.",
}
# From the click until the sound goes on; milliseconds.
PLAY = """at => new Promise(resolve => {
  const player = document.querySelector("[data-player]"), seek = player.querySelector("[data-seek]");
  const audio = player.querySelector("audio"), began = performance.now();
  const look = setInterval(() => {
    if (audio.currentTime <= at || audio.paused || audio.seeking) return;
    clearInterval(look);
    resolve(performance.now() - began);
  }, 4);
  seek.value = at;
  seek.dispatchEvent(new Event("input"));
  player.querySelector("[data-play]").click();
})"""


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder:
        settings = Settings(var=Path(folder))
        upgrade(settings.database_url)
        store = Store.of(settings)
        figures = _taken(settings, store) | _played(settings, store)
        store.close()
    return figures


def _speech(folder: Path, seconds: int) -> bytes:
    """Speech of three languages, over and over, as samples."""
    said = b""
    for language, text in SAID.items():
        file = folder / f"{language}.wav"
        speak(language, text, file)
        with wave.open(str(file)) as wav:
            said += wav.readframes(wav.getnframes()) + bytes(8000)
    wanted = seconds * 16_000
    return (said * (wanted // len(said) + 1))[:wanted]


def _write(file: Path, samples: bytes) -> None:
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(samples)


def _taken(settings: Settings, store: Store) -> dict[str, float]:
    spool = Spool(settings.spool)
    settings.spool.mkdir(parents=True)
    speech = _speech(settings.var, LEG_SECONDS)
    names = []
    for n in range(LEGS):
        contact = uuid7()
        names.append((contact, f"{contact}_{contact}_101_17955245{n:02}.1"))
        for turn, ending in enumerate((".wav", ".rx.wav", ".tx.wav")):
            cut = (n * 3 + turn) * 48_000 % len(speech)
            _write(settings.spool / f"{names[-1][1]}{ending}", speech[cut:] + speech[:cut])
        (settings.spool / f"{names[-1][1]}.done").touch()
    packer = Packer(settings)
    ledger = Ledger(store, spool, packer, "pbx1")
    try:
        before, began = os.times(), time.monotonic()
        for contact, name in names:
            ledger.stopped(
                RecordingStopped(
                    at=datetime.now(UTC), contact=ContactId(contact), call=CallId(contact), node="pbx1",
                    leg=name.rpartition("_")[2], name=name,
                )
            )  # fmt: skip
        if ledger.look() != LEGS:
            raise RuntimeError("not every recording was taken in")
        took = time.monotonic() - began
        child = cpu_seconds(packer.pid)
    finally:
        packer.stop()
    after = os.times()
    spent = after.user + after.system - before.user - before.system + child
    hours = LEGS * LEG_SECONDS / 3600
    size = sum(file.stat().st_size for file in settings.vault.rglob("*.sealed"))
    print(
        f"{hours:.1f} h of legs with three files each: {spent:.1f} s of processor, {took:.1f} s", flush=True
    )
    return {
        "audio_hours_per_core_hour": round(hours / (spent / 3600), 1),
        "kbit_per_s_of_leg": round(size * 8 / 1000 / (LEGS * LEG_SECONDS), 1),
    }


def _played(settings: Settings, store: Store) -> dict[str, float]:
    minute = settings.var / "minute.wav"
    _write(minute, _speech(settings.var, 60))
    recording = keep_long(settings, store, minute, TWO_HOURS, datetime.now(UTC) - timedelta(days=1))
    with store.work() as work:
        user = User(login="bench", name="bench", post="supervisor", password="!", language="en")
        work.session.add(user)
        work.session.flush()
        token = sessions.begin(work, user, ip="127.0.0.1", agent="bench", lasts=timedelta(days=1))
    took = []
    with _site(settings) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(Tools(settings.tools).chromium()),
            args=[
                "--autoplay-policy=no-user-gesture-required",
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
            ],
        )
        for n in range(PLAYS + 2):
            context = browser.new_context(base_url=base)
            context.add_cookies([{"name": "gridline", "value": token, "url": base}])
            page = context.new_page()
            page.goto(f"/recordings/{recording}")
            page.wait_for_selector("[data-player] audio", state="attached")
            ms = float(page.evaluate(PLAY, AT))
            if n >= 2:  # the first ones warm the server
                took.append(ms)
            context.close()
        browser.close()
    print(f"plays at 1:59 after {', '.join(f'{ms:.0f}' for ms in took)} ms", flush=True)
    return {
        "play_start_p95_ms": round(percentile(took, 95), 1),
        "play_start_ms": round(percentile(took, 50), 1),
    }


@contextmanager
def _site(settings: Settings) -> Iterator[str]:
    """The back office over the same folder, in a process of its own; its address."""
    site = subprocess.Popen(
        [sys.executable, "-m", "bench.rig.popsite", settings.database_url, str(settings.var)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert site.stdin
    try:
        port, end = settings.var / "port", time.monotonic() + 60
        while not port.is_file():
            if site.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the back office did not begin")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port.read_text('ascii')}"
    finally:
        site.stdin.close()
        site.wait(20)
