"""What the rule books say until a site writes its own: TOML in ``conf/defaults``, read once."""

import tomllib
from functools import cache
from typing import Any

from conf.settings import CHECKOUT
from schema.rules.limits import USUAL

_FOLDER = CHECKOUT / "conf" / "defaults"


@cache
def default_body(name: str) -> dict[str, Any]:
    """The body of a book's version 0. Raises KeyError for a name that is no book's."""
    if name == "limits":
        return {key: limit.body() for key, limit in USUAL.items()}
    file = _FOLDER / f"{name}.toml"
    if not file.is_file():
        raise KeyError(name)
    return tomllib.loads(file.read_text("utf-8"))
