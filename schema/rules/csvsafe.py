"""CSV that a spreadsheet shows and never computes (OWASP, "CSV Injection"), by RFC 4180, with CRLF."""

import csv
import io
from collections.abc import Iterable

BOM = "\ufeff"
"""Goes before the first line: without it Excel reads UTF-8 as the machine's own code page."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def line(values: Iterable[object]) -> str:
    """One line. Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay."""
    out = io.StringIO()
    csv.writer(out).writerow(
        [value if isinstance(value, int | float) else _text(str(value)) for value in values]
    )
    return out.getvalue()


def _text(text: str) -> str:
    text = text.replace("\0", "\ufffd")
    return (
        "'" + text
        if text.lstrip(" \u00a0\u3000\ufeff\u2066\u2067\u2068\u200e\u200f").startswith(_FORMULA)
        or text[:1] in _FORMULA
        else text
    )
