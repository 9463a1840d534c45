"""What all rule books have: faults by their place in the book, and names in the site's languages. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from schema.rules.languages import LANGUAGES

LONGEST_NAME = 60


class BadBook(ValueError):
    """A rule book that cannot be one: `faults` says by field ("0203.limit") what is wrong."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{where}: {why}" for where, why in faults.items()))
        self.faults = dict(faults)


def json_object(text: str) -> dict[str, Any]:
    """What an order's JSON says. Raises BadBook for what is no JSON object."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadBook({"body": f"this is no JSON: {error}"}) from error
    if not isinstance(found, dict):
        raise BadBook({"body": "this is no JSON object"})
    return found


def name_in(names: Mapping[str, str], language: str) -> str:
    """The name in a language, or in Chinese."""
    return names.get(language) or names["zh"]


def read_names(names: Any) -> dict[str, str]:
    """Names by language, at least "zh"; the empty ones are left out. Raises ValueError saying what is wrong."""
    if not isinstance(names, dict) or not str(names.get("zh") or "").strip():
        raise ValueError("a name in Chinese is needed")
    if any(key not in LANGUAGES for key in names):
        raise ValueError(f"names are in the languages {', '.join(LANGUAGES)}")
    if any(not isinstance(text, str) or len(text) > LONGEST_NAME or not text.isprintable()
           for text in names.values()):  # fmt: skip
        raise ValueError(f"a name is at most {LONGEST_NAME} characters in one line")
    return {key: names[key].strip() for key in LANGUAGES if names.get(key)}
