"""What tests of waiting share: facts as they were published, keys pressed until heard, prompts found in sound."""

import time
import wave
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from conf.settings import Settings
from demo.hearing import hear
from demo.phone import Phone
from schema.calls import CallRow
from schema.outbox import OutboxRow
from tests.journeys.callsite import CallSite
from tests.patience import LONG


def facts(site: CallSite, kind: str, **like: object) -> list[dict[str, Any]]:
    """The facts of a kind that were published, those with these values."""
    with site.store.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.name == kind).order_by(OutboxRow.id))
        found = [dict(row.body) for row in rows]
    return [fact for fact in found if all(fact.get(name) == value for name, value in like.items())]


def fact(site: CallSite, kind: str, seconds: float = LONG, **like: object) -> dict[str, Any]:
    """The first fact of a kind with these values, once it is published."""
    return site.until(lambda: next(iter(facts(site, kind, **like)), None), f"{kind} {like}", seconds)


def call_in(site: CallSite, phone: Phone, service: str = "1", language: str = "1") -> CallRow:
    """Ring in, choose language and service, and come to a queue."""
    before = {row.id for row in site.calls(phone.number)}
    phone.dial("12345")

    def newest() -> CallRow | None:
        return next((row for row in site.calls(phone.number) if row.id not in before), None)

    row = site.until(newest, "a call", LONG)
    call = str(row.id)
    fact(site, "NoticePlayed", call=call)
    phone.press(language)
    fact(site, "LanguageChosen", call=call)
    press_until(site, phone, service, lambda: bool(facts(site, "CallQueued", call=call)))
    return row


def press_until(site: CallSite, phone: Phone, key: str, done: Any, seconds: float = LONG) -> None:
    """Press a key until something holds: what is pressed between two prompts is not heard."""

    def there() -> bool | None:
        if done():
            return True
        phone.press(key)
        end = (
            time.monotonic() + 1.5
        )  # not twice if once will do: the second would be heard by what comes next
        while not done() and time.monotonic() < end:
            time.sleep(0.05)
        return None

    site.until(there, f"key {key} heard", seconds)


def spoken(settings: Settings, language: str, name: str) -> np.ndarray:
    """A prompt's samples, but for its last breath, which may be cut off."""
    with wave.open(str(settings.prompts / language / f"{name}.wav"), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes() * 4 // 5), dtype="<i2").astype(np.float64)


def likeness(phone: Phone, prompt: np.ndarray) -> float:
    """How much of what a telephone heard at its best moment is this prompt, 0…1 (normalised cross-correlation)."""
    files = phone.heard()
    if not files:
        return 0.0
    heard = hear(Path(files[-1])).samples
    if len(heard) < len(prompt):
        return 0.0
    size = 1 << (len(heard) + len(prompt)).bit_length()
    across = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(prompt, size)), size)
    across = across[: len(heard) - len(prompt) + 1]
    power = np.cumsum(np.concatenate(([0.0], heard**2)))
    energy = power[len(prompt) :] - power[: -len(prompt)]
    scale = np.sqrt(np.maximum(energy, 1e-9) * np.sum(prompt**2))
    return float(np.max(across / scale))


def hears(
    site: CallSite, phone: Phone, language: str, name: str, seconds: float = LONG, least: float = 0.7
) -> None:
    """Wait until a telephone has heard a prompt."""
    prompt = spoken(site.settings, language, name)
    best = 0.0
    end = time.monotonic() + seconds
    while (best := max(best, likeness(phone, prompt))) < least:
        assert time.monotonic() < end, f"{name} ({language}) was not heard: {best:.2f}; {site.state()}"
        time.sleep(0.3)
