"""Speech: a text spoken by espeak-ng into a file for the telephone."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from conf.sound import NotForTelephone, to_telephone

VOICES = {"zh": "cmn", "en": "en", "ug": "ug"}
WORDS_A_MINUTE = {"zh": 250, "en": 170, "ug": 170}
METHOD = 2  # raised when the same text would sound different


class CannotSpeak(Exception):
    """A text could not be spoken; this one's text says which and why."""


def how(language: str) -> str:
    """Voice and way of speaking: what is spoken otherwise is another file."""
    return f"{METHOD} {VOICES[language]} {WORDS_A_MINUTE[language]}"


def speak(language: str, text: str, file: Path) -> None:
    """Speak `text` into `file` (8 kHz mono 16-bit WAV), which is whole or not there. Raises CannotSpeak."""
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
        try:
            to_telephone(raw, out)
        except NotForTelephone as error:
            raise CannotSpeak(f"{file.stem} ({language}): {error}") from error
        os.replace(out, file)
