"""How an instruction (批示) stands: given, read, answered or late, with the light that goes with it. Pure.

The light goes by the share of the time to answer that is gone, as that of a case does (see `schema.rules.lights`).
"""

from dataclasses import dataclass
from datetime import datetime

from schema.rules.lights import SOON

STATES = ("given", "read", "late", "answered", "answered-late")
COLOURS = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is of STATES, `colour` of COLOURS."""

    state: str
    colour: str

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return not self.state.startswith("answered")


def standing(
    made_at: datetime,
    answer_by: datetime,
    read_at: datetime | None,
    answered_at: datetime | None,
    now: datetime,
) -> Standing:
    """How it stands at `now`; all times are aware. Late is who has not answered when the time is over."""
    if answered_at is not None:
        late = answered_at > answer_by
        return Standing("answered-late" if late else "answered", "red" if late else "green")
    if now > answer_by:
        return Standing("late", "red")
    soon = (now - made_at) * 100 >= (answer_by - made_at) * SOON
    return Standing("read" if read_at is not None else "given", "yellow" if soon else "green")
