"""Speech: a text spoken by a voice into a file for the telephone.

A voice is espeak-ng unless the setting `ivr.voice` names another: a command, or a class ("package.module:Name") with
the two methods of `Voice`. docs/voice.md tells how to write one.
"""

import importlib
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Protocol

from conf.sound import NotForTelephone, to_telephone

VOICES = {"zh": "cmn-latn-pinyin", "en": "en", "ug": "ug"}
"""The voice named cmn takes the sounds that its own dictionary gives for Chinese characters for English letters."""
WORDS_A_MINUTE = {"zh": 250, "en": 170, "ug": 170}
METHOD = 3  # raised when the same text would sound different
WAIT = 60
"""Seconds for one text."""
_CLASS = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", re.ASCII)


class CannotSpeak(Exception):
    """A text could not be spoken; this one's text says which and why."""


class Voice(Protocol):
    """Speaks one text. `key` is what its sound depends on besides the text: another key, and all is spoken anew."""

    def key(self, language: str) -> str:
        """Which voice, and how it speaks."""

    def say(self, language: str, text: str, file: Path) -> None:
        """Speak `text` into `file`, a 16-bit mono WAV of any rate from 8 kHz on. Raises CannotSpeak."""


class Command:
    """A program is the voice: the text comes to its standard input; {language} and {file} in its arguments are
    filled in.

    Nothing of it goes through a shell.
    """

    def __init__(self, line: str) -> None:
        try:
            self._words = shlex.split(line)
        except ValueError as error:
            raise CannotSpeak(f"the voice {line!r} is no command: {error}") from error

    def key(self, language: str) -> str:
        """The command itself."""
        return " ".join(self._words)

    def say(self, language: str, text: str, file: Path) -> None:
        """See Voice."""
        words = [one.replace("{language}", language).replace("{file}", str(file)) for one in self._words]
        try:
            done = subprocess.run(words, input=text.encode(), capture_output=True, timeout=WAIT, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotSpeak(f"the voice {words[0]!r} did not speak: {error}") from error
        if done.returncode or not file.is_file():
            raise CannotSpeak(
                f"{text[:40]!r} ({language}): {done.stderr.decode('utf-8', 'replace').strip()[:200]}"
            )


class Espeak:
    """The voice that comes with Gridline."""

    def key(self, language: str) -> str:
        """Its name and pace."""
        return f"{METHOD} {VOICES[language]} {WORDS_A_MINUTE[language]}"

    def say(self, language: str, text: str, file: Path) -> None:
        """See Voice."""
        if shutil.which("espeak-ng") is None:
            raise CannotSpeak("espeak-ng is not installed: apt-get install espeak-ng")
        pace = WORDS_A_MINUTE[language]
        Command(f"espeak-ng -v {VOICES[language]} -s {pace} -w {{file}} --stdin").say(language, text, file)


ESPEAK = Espeak()


def voice_of(setting: str) -> Voice:
    """The voice that a site's settings name; "" is espeak-ng. Raises CannotSpeak."""
    if not setting.strip():
        return ESPEAK
    if not _CLASS.fullmatch(setting):
        return Command(setting)
    module, _, name = setting.partition(":")
    try:
        made: Voice = getattr(importlib.import_module(module), name)()
    except (ImportError, AttributeError, TypeError) as error:
        raise CannotSpeak(f"there is no voice {setting}: {error}") from error
    return made


def speak(language: str, text: str, file: Path, voice: Voice = ESPEAK) -> None:
    """Speak `text` into `file` (8 kHz mono 16-bit WAV), which is whole or not there. Raises CannotSpeak."""
    with tempfile.TemporaryDirectory(dir=file.parent) as work:
        raw, out = Path(work) / "raw.wav", Path(work) / "out.wav"
        try:
            voice.say(language, text, raw)
            to_telephone(raw, out)
        except CannotSpeak as error:
            raise CannotSpeak(f"{file.stem}: {error}") from error
        except NotForTelephone as error:
            raise CannotSpeak(f"{file.stem} ({language}): {error}") from error
        os.replace(out, file)
