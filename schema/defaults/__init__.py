"""What the rule books say until a site writes its own: TOML, read once."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from schema.rules.limits import USUAL

_HERE = Path(__file__).parent


@cache
def default_body(name: str) -> dict[str, Any]:
    """The body of a book's version 0. Raises KeyError for a name that is no book's."""
    if name == "limits":
        return {key: limit.body() for key, limit in USUAL.items()}
    file = _HERE / f"{name}.toml"
    if not file.is_file():
        raise KeyError(name)
    return tomllib.loads(file.read_text("utf-8"))
