"""Names of recordings: ``<contact>_<call>_<seat>_<uniqueid>``, so that a file alone says whose it is. Pure."""

import re
from dataclasses import dataclass
from uuid import UUID

ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NAME = re.compile(rf"({ID})_({ID})_([A-Za-z0-9-]{{1,16}})_([A-Za-z0-9.-]{{1,40}})")


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says. `leg` is the PBX's uniqueid of the recorded channel; `seat` is "visit" in a return visit."""

    contact: UUID
    call: UUID
    seat: str
    leg: str


def read_name(name: str) -> Named | None:
    """What a name says; None for a name that is not ours."""
    match = NAME.fullmatch(name)
    return Named(UUID(match[1]), UUID(match[2]), match[3], match[4]) if match else None
