"""The words on the screens: one catalogue, the languages of a message side by side, pages and scripts alike.

Plain TOML instead of gettext: a message is an inline table of all its languages, so a half-translated one is
seen where it is written and refused when it is read; there is nothing to compile, and the browser gets the same
catalogue as the templates do.
"""

import json
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from schema.rules.languages import LANGUAGES

RIGHT_TO_LEFT = frozenset({"ug"})
NAMES = {"zh": "中文", "en": "English", "ug": "ئۇيغۇرچە"}


class BadWords(Exception):
    """A message lacks a language, or its languages do not take the same values."""


class Words:
    """Every message by key ("seat.open") and language."""

    def __init__(self, messages: Mapping[str, Mapping[str, str]]) -> None:
        self.messages = messages
        scripts = {language: self._script(language) for language in LANGUAGES}
        self.scripts: Mapping[str, str] = scripts
        self.version = sha256("".join(scripts.values()).encode()).hexdigest()[:12]

    @classmethod
    def read(cls, folder: Path = Path(__file__).parent) -> "Words":
        """The catalogue in `folder`: every ``*.toml``. Raises BadWords naming file and key."""
        messages: dict[str, Mapping[str, str]] = {}
        for file in sorted(folder.glob("*.toml")):
            for key, message in _leaves(tomllib.loads(file.read_text("utf-8")), ""):
                if set(message) != set(LANGUAGES) or not all(text.strip() for text in message.values()):
                    raise BadWords(f"{file.name}: {key} needs {', '.join(LANGUAGES)} and nothing else")
                if key in messages:
                    raise BadWords(f"{file.name}: {key} is there twice")
                messages[key] = message
        return cls(messages)

    def say(self, language: str, key: str, **values: object) -> str:
        """The message in `language` with ``{name}`` filled in; an unknown key is shown as it is."""
        message = self.messages.get(key)
        if message is None:
            return key
        text = message.get(language) or message["en"]
        # A value keeps its own way of writing inside a sentence that runs the other way (Unicode UAX 9: FSI … PDI).
        left, right = ("\u2068", "\u2069") if language in RIGHT_TO_LEFT else ("", "")
        for name, value in values.items():
            text = text.replace("{" + name + "}", f"{left}{value}{right}")
        return text

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self.messages

    def _script(self, language: str) -> str:
        table = {key: message[language] for key, message in self.messages.items()}
        return f"window.gridlineWords = {json.dumps(table, ensure_ascii=False)};\n"


def direction(language: str) -> str:
    """Which way the language is written: "ltr" or "rtl"."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _leaves(table: Mapping[str, object], prefix: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        if not isinstance(value, dict):
            raise BadWords(f"{key} is not a message")
        if all(isinstance(part, str) for part in value.values()):
            # "_" is the message of the table itself: refused.bad-field beside refused.bad-field.title.
            found.append((key.removesuffix("._"), value))
        else:
            found += _leaves(value, f"{key}.")
    return found
