"""Prompts: every text of `ivr.texts` spoken by espeak-ng into a file, unless a person has recorded it.

A file is ``<folder>/<language>/<name>.wav``, 8 kHz mono 16 bit. A recording by a person, put at
``<folder>/custom/<language>/<name>.wav``, is used instead. Spoken files are cached by the hash of voice and text.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import wave
from array import array
from collections.abc import Callable, Mapping
from pathlib import Path

from ivr.texts import TEXTS

VOICES = {"zh": "cmn", "en": "en", "ug": "ug"}
RATE = 8000
WORDS_A_MINUTE = {"zh": 250, "en": 170, "ug": 170}


class CannotSpeak(Exception):
    """A prompt could not be made; the text says which and why."""


def make(
    folder: Path,
    texts: Mapping[str, Mapping[str, str]] = TEXTS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Speak what is missing or has changed; returns how many files were made. Raises CannotSpeak."""
    wanted = [(language, name, text) for name, forms in texts.items() for language, text in forms.items()]
    made = 0
    for number, (language, name, text) in enumerate(wanted, 1):
        file = folder / language / f"{name}.wav"
        mark = file.with_suffix(".hash")
        digest = hashlib.sha256(f"{VOICES[language]} {WORDS_A_MINUTE[language]} {text}".encode()).hexdigest()
        if not (file.is_file() and mark.is_file() and mark.read_text("ascii") == digest):
            file.parent.mkdir(parents=True, exist_ok=True)
            _speak(language, text, file)
            mark.write_text(digest, "ascii")
            made += 1
        progress(number, len(wanted))
    return made


def file_of(folder: Path, language: str, name: str) -> Path:
    """The file to play for a prompt, without ending, as Asterisk wants it. Unknown languages fall back to zh."""
    for home in (folder / "custom" / language, folder / language, folder / "zh"):
        if (home / f"{name}.wav").is_file():
            return home / name
    raise FileNotFoundError(f"no prompt {name!r} in {folder}: run `make setup` or `gridline up`")


def missing(folder: Path, texts: Mapping[str, Mapping[str, str]] = TEXTS) -> list[tuple[str, str]]:
    """The (language, name) of prompts that have no file at all."""
    return [
        (language, name)
        for name, forms in texts.items()
        for language in forms
        if not any((home / language / f"{name}.wav").is_file() for home in (folder, folder / "custom"))
    ]


def _speak(language: str, text: str, file: Path) -> None:
    program = shutil.which("espeak-ng")
    if program is None:
        raise CannotSpeak("espeak-ng is not installed: apt-get install espeak-ng")
    with tempfile.TemporaryDirectory(dir=file.parent) as work:
        raw = Path(work) / "raw.wav"
        words = [
            program,
            "-v",
            VOICES[language],
            "-s",
            str(WORDS_A_MINUTE[language]),
            "-w",
            str(raw),
            "--stdin",
        ]
        done = subprocess.run(words, input=text.encode(), capture_output=True, timeout=60, check=False)
        if done.returncode or not raw.is_file():
            raise CannotSpeak(
                f"{file.name} ({language}): {done.stderr.decode('utf-8', 'replace').strip()[:200]}"
            )
        out = Path(work) / "out.wav"
        _to_telephone(raw, out)
        os.replace(out, file)


def _to_telephone(source: Path, target: Path) -> None:
    """Resample to 8 kHz by averaging under a moving window (a low pass good enough for speech), level to −3 dB."""
    with wave.open(str(source), "rb") as opened:
        rate, samples = opened.getframerate(), array("h", opened.readframes(opened.getnframes()))
    step = rate / RATE
    sums = array("q", [0])
    total = 0
    for sample in samples:
        total += sample
        sums.append(total)
    out = array("h")
    for n in range(int(len(samples) / step)):
        low = int(n * step)
        high = min(len(samples), max(low + 1, int((n + 1) * step + 0.5)))
        out.append((sums[high] - sums[low]) // (high - low))
    loudest = max((abs(sample) for sample in out), default=0)
    if loudest == 0:
        raise CannotSpeak(f"{target.name}: the voice said nothing")
    gain = min(23_200 / loudest, 4.0)
    with wave.open(str(target), "wb") as written:
        written.setparams((1, 2, RATE, 0, "NONE", ""))
        written.writeframes(array("h", (int(sample * gain) for sample in out)).tobytes())
