"""The form of a score sheet: what is typed for each item, as an order takes it, and back from what was kept."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schema.quality import QualityMark
from schema.rules.scoresheet import Sheet

SKIP = "skip"
BAD_TIME = -1
"""What a time that is none is sent as: the desk says of which item."""
_TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)", re.ASCII)
_SECONDS = re.compile(r"\d{1,5}(?:\.\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of an item: `value` is "", "skip" or digits, `second` a time such as "1:23"."""

    value: str = ""
    second: str = ""
    remark: str = ""


def read_form(sheet: Sheet, form: Mapping[str, str]) -> dict[str, Typed]:
    """The fields of every item."""
    return {
        item.code: Typed(
            *(form.get(f"{part}.{item.code}", "").strip()[:400] for part in ("item", "second", "remark"))
        )
        for item in sheet.items()
    }


def marks_text(typed: Mapping[str, Typed]) -> str:
    """The JSON text of an order: the items that have a value."""
    return json.dumps({code: _mark(one) for code, one in typed.items() if one.value})


def of_marks(marks: Mapping[str, QualityMark]) -> dict[str, Typed]:
    """The fields for marks of a scoring."""
    return {code: _typed(mark.value, mark.second, mark.remark) for code, mark in marks.items()}


def of_draft(body: Mapping[str, Any]) -> dict[str, Typed]:
    """The fields for what was kept of a draft."""
    return {
        code: _typed(mark["value"], mark["second"], mark["remark"]) for code, mark in body["marks"].items()
    }


def clock(seconds: float) -> str:
    """Seconds as m:ss or h:mm:ss."""
    whole = int(seconds)
    minutes = f"{whole // 60 % 60}:{whole % 60:02d}"
    return f"{whole // 3600}:{minutes:0>5}" if whole >= 3600 else minutes


def seconds(text: str) -> float | None:
    """The seconds of a time as typed ("1:23", "1:02:03", "83"); None of nothing, `BAD_TIME` of what is none."""
    if not text:
        return None
    if found := _TIME.fullmatch(text):
        hours, minutes, rest = found.groups()
        return float(int(hours or 0) * 3600 + int(minutes) * 60 + int(rest))
    return float(text) if _SECONDS.fullmatch(text) else BAD_TIME


def _mark(one: Typed) -> dict[str, Any]:
    value: Any = (
        None if one.value == SKIP else int(one.value) if one.value.isascii() and one.value.isdigit() else -1
    )
    return {"value": value, "second": seconds(one.second), "remark": one.remark}


def _typed(value: int | None, second: float | None, remark: str) -> Typed:
    return Typed(SKIP if value is None else str(value), "" if second is None else clock(second), remark)
