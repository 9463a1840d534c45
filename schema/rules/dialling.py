"""Whom a seat can reach, and what may be dialled: pure.

A target is "seat:102", "queue:NAME" or "number:+8657…". A number is 3 to 20 digits, a "+" before them if need be, so
the short numbers in an emergency (110, 119, 120, 122) can be dialled like any other. The site's own hotline cannot:
whoever dials it would wait in the line that they serve.
"""

import re
import unicodedata
from collections.abc import Collection

SEAT = re.compile(r"[0-9]{2,8}")
QUEUE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
NUMBER = re.compile(r"\+?[0-9]{3,20}")
DIGITS = re.compile(r"[0-9A-D*#]{1,32}")
KINDS_OF = {
    "transfer": ("seat", "queue", "number"),
    "consult": ("seat", "number"),
    "callout": ("seat", "number"),
}
"""Which kinds of target each order takes."""

_SHAPES = {"seat": SEAT, "queue": QUEUE, "number": NUMBER}
_WRITTEN_BETWEEN = re.compile(r"[\s().·/–-]+")
_AREA = r"(?:0|\+86|0086)[1-9][0-9]{1,2}"


class BadTarget(ValueError):
    """It cannot be reached; `code` says why: bad-target, wrong-kind, own-seat, own-hotline, bad-number."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def number(text: str, hotline: str = "") -> str:
    """The number as it is dialled, without what people write between the digits. Raises BadTarget."""
    plain = _WRITTEN_BETWEEN.sub("", unicodedata.normalize("NFKC", text.strip()))
    if not NUMBER.fullmatch(plain):
        raise BadTarget("bad-number")
    if hotline and re.fullmatch(rf"(?:{_AREA})?{re.escape(hotline)}", plain):
        raise BadTarget("own-hotline")
    return plain


def target(text: object, kinds: Collection[str], *, own_seat: str = "", hotline: str = "") -> str:
    """The target as an order carries it. Raises BadTarget."""
    if not isinstance(text, str) or len(text) > 60:
        raise BadTarget("bad-target")
    kind, colon, name = text.partition(":")
    if not colon or kind not in _SHAPES:
        raise BadTarget("bad-target")
    if kind not in kinds:
        raise BadTarget("wrong-kind")
    if kind == "number":
        return f"number:{number(name, hotline)}"
    if not _SHAPES[kind].fullmatch(name) or not name.isascii():
        raise BadTarget("bad-target")
    if kind == "seat" and name == own_seat:
        raise BadTarget("own-seat")
    return f"{kind}:{name}"
