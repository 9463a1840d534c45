"""Prompts: every text of `ivr.texts` spoken by the voice into a file, unless a person has recorded it.

A file is ``<folder>/<language>/<name>.wav``, 8 kHz mono 16 bit. A recording by a person, put at
``<folder>/custom/<language>/<name>.wav``, is used instead. Spoken files are cached by the hash of voice and text.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from conf.sound import is_for_telephone
from conf.speech import ESPEAK, CannotSpeak, Voice, speak
from ivr.texts import TEXTS

__all__ = ["CannotSpeak", "Files", "file_of", "list_texts", "make", "missing"]
log = structlog.get_logger()


def make(
    folder: Path,
    texts: Mapping[str, Mapping[str, str]] = TEXTS,
    progress: Callable[[int, int], None] = lambda done, total: None,
    voice: Voice = ESPEAK,
) -> int:
    """Speak what is missing or has changed; returns how many files were made. Raises CannotSpeak.

    A person's recording that the telephone cannot play is named in the log, and not used.
    """
    for file in sorted((folder / "custom").glob("*/*.wav")):
        if not is_for_telephone(file):
            log.warning("a recorded prompt is not used: it must be 8 kHz mono 16-bit WAV", file=str(file))
    wanted = [(language, name, text) for name, forms in texts.items() for language, text in forms.items()]
    made = 0
    for number, (language, name, text) in enumerate(wanted, 1):
        file = folder / language / f"{name}.wav"
        mark = file.with_suffix(".hash")
        digest = hashlib.sha256(f"{voice.key(language)} {text}".encode()).hexdigest()
        if not (file.is_file() and mark.is_file() and mark.read_text("ascii") == digest):
            file.parent.mkdir(parents=True, exist_ok=True)
            speak(language, text, file, voice)
            mark.write_text(digest, "ascii")
            made += 1
        progress(number, len(wanted))
    return made


def list_texts(folder: Path, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Write beside the prompts what each of them says, for whoever shows them: ``catalogue.json``."""
    draft = folder / "catalogue.new"
    draft.write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
    os.replace(draft, folder / "catalogue.json")


def file_of(folder: Path, language: str, name: str) -> Path:
    """The file to play for a prompt, without ending, as Asterisk wants it. Unknown languages fall back to zh.

    Raises FileNotFoundError.
    """
    for spoken in (language, "zh"):
        own = folder / "custom" / spoken / f"{name}.wav"
        if is_for_telephone(own):
            return own.with_suffix("")
        if (folder / spoken / f"{name}.wav").is_file():
            return folder / spoken / name
    raise FileNotFoundError(f"no prompt {name!r} in {folder}: run `make setup` or `gridline up`")


class Files:
    """`file_of` for many calls at once: what was found is believed for `KEEP` seconds."""

    KEEP = 1.0

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._found: dict[tuple[str, str], tuple[float, str]] = {}

    def of(self, language: str, name: str) -> str:
        """The file to play, as text. Raises FileNotFoundError."""
        now, asked = self._clock(), (language, name)
        until, file = self._found.get(asked, (now, ""))
        if now >= until:
            file = str(file_of(self._folder, language, name))
            self._found[asked] = now + self.KEEP, file
        return file


def missing(folder: Path, texts: Mapping[str, Mapping[str, str]] = TEXTS) -> list[tuple[str, str]]:
    """The (language, name) of prompts that have no file at all."""
    return [
        (language, name)
        for name, forms in texts.items()
        for language in forms
        if not any((home / language / f"{name}.wav").is_file() for home in (folder, folder / "custom"))
    ]
