"""Marks on a recording: what happened at which second of it. Pure. Pressed keys are never among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

HOLD, CONSULT, CONFERENCE, BARGE, LISTEN, WHISPER, TRANSFER, GAP, RESUMED = (
    "hold", "consult", "conference", "barge", "listen", "whisper", "transfer", "gap", "resumed",
)  # fmt: skip
SPANS = (HOLD, CONSULT, CONFERENCE, BARGE, LISTEN, WHISPER)
"""Kinds of segments that are marked; plain talk is not."""

MOMENTS = (TRANSFER, RESUMED)
"""What has no length; `RESUMED`: a pause of the recording ended by itself."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something from a time on (`until` None: it is a moment, or went on to the end); `who` a seat or a target."""

    kind: str
    at: datetime
    until: datetime | None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """The same in seconds of the recording; a moment has its end where it begins."""

    kind: str
    begin: float
    end: float
    who: str = ""


def marks(happened: Iterable[Happened], started: datetime, seconds: float) -> list[Mark]:
    """What lies within a recording, cut off at its ends, by time."""
    found = []
    for one in happened:
        begin = (one.at - started).total_seconds()
        if one.until is not None:
            end = (one.until - started).total_seconds()
        else:
            end = begin if one.kind in MOMENTS else seconds
        if end < 0 or begin > seconds:
            continue
        found.append(Mark(one.kind, round(max(0.0, begin), 2), round(min(seconds, end), 2), one.who))
    return sorted(found, key=lambda mark: (mark.begin, mark.end, mark.kind))
