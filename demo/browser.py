"""An agent's browser: real Chromium, driven, whose microphone is a tone and whose ear is measured."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from demo.phone import write_tone

SYLLABLES = 4  # a second: what a voice's loudness rises and falls by (IEC 60268-16 looks at 0.63 to 12.5 Hz)

# Sums the power around each wanted frequency while it listens, and the power above 60 Hz, over the loudest moments.
LISTEN = """async ([seconds, tones]) => {
  const stream = window.gridline && window.gridline.remoteStream;
  if (!stream) return null;
  const context = new AudioContext();
  await context.resume();
  const ear = context.createAnalyser();
  ear.fftSize = 8192; ear.smoothingTimeConstant = 0;
  context.createMediaStreamSource(stream).connect(ear);
  const bins = new Float32Array(ear.frequencyBinCount), width = context.sampleRate / ear.fftSize;
  const best = tones.map(() => 0), end = performance.now() + seconds * 1000;
  let sound = 0;
  while (performance.now() < end) {
    await new Promise(r => setTimeout(r, 100));
    ear.getFloatFrequencyData(bins);
    let total = 0;
    const power = bins.map((db, i) => i * width > 60 && db > -120 ? 10 ** (db / 10) : 0);
    for (const p of power) total += p;
    if (total < 1e-7) continue;
    sound += 1;
    tones.forEach((hz, t) => {
      let near = 0;
      power.forEach((p, i) => { if (Math.abs(i * width - hz) <= 20) near += p; });
      best[t] = Math.max(best[t], near / total);
    });
  }
  await context.close();
  return {shares: best, moments: sound};
}"""


def flags(voice: Path) -> list[str]:
    """Words for Chromium: the microphone is granted and hears the file `voice`."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={voice}",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]


class AgentBrowser:
    """One Chromium with a fake microphone that speaks a sine of `tone` Hz, rising and falling as a voice does."""

    def __init__(self, playwright: Playwright, program: Path, folder: Path, tone: float) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        voice = folder / "voice.wav"
        write_tone(voice, tone, seconds=10, syllables=SYLLABLES)
        self.errors: list[str] = []
        self._browser: Browser = playwright.chromium.launch(
            executable_path=str(program),
            headless=True,
            args=flags(voice),
        )

    def page(self, address: str, language: str = "zh", size: tuple[int, int] = (1280, 800)) -> Page:
        """A page of a fresh browser session on `address`; what its console complains of is kept in `errors`."""
        context = self._browser.new_context(
            base_url=address,
            locale=language,
            permissions=["microphone"],
            viewport={"width": size[0], "height": size[1]},
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("console", lambda message: self._complain(message.type, message.text))
        page.on("pageerror", lambda error: self._complain("error", str(error)))
        return page

    def _complain(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

    def close(self) -> None:
        """End the browser."""
        self._browser.close()


def heard_shares(page: Page, tones: Sequence[float], seconds: float = 2.0) -> list[float]:
    """How much of what the page's remote stream plays each tone is, 0…1, at best; zeros when there is no stream."""
    found: dict[str, Any] | None = page.evaluate(LISTEN, [seconds, list(tones)])
    return [float(share) for share in found["shares"]] if found else [0.0] * len(tones)
