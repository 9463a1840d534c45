"""What a caller is told by voice of their own requests: the last ones from the number that rings, and how far each is.

A number is no proof of who is calling, so nothing is told but the end of the case's number and a stage; of confidential
cases nothing at all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.rules.dialling import NUMBER

TAKEN_IN, IN_HAND, DONE, REJECTED = "taken-in", "in-hand", "done", "rejected"
STAGES = {
    **dict.fromkeys(("collected", "accepted", "verifying", "verified", "filed"), TAKEN_IN),
    **dict.fromkeys(("dispatched", "handled", "checked", "suspended"), IN_HAND),
    **dict.fromkeys(("closed", "rated"), DONE),
    "rejected": REJECTED,
}
"""State → what is said of it. What is void, merged or split is told by what took its place, or not at all."""
SINCE = timedelta(days=90)
MOST = 3
ENDING = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A case: the last digits of its number, and how far it is."""

    ending: str
    stage: str


def spoken_status(session: Session, number: str, now: datetime) -> list[Told]:
    """The last requests from a number, the newest first."""
    if not NUMBER.fullmatch(number):
        return []
    query = (
        select(Case.case_no, Case.state)
        .where(Case.number == number, Case.made_at >= now - SINCE, ~Case.confidential, Case.state.in_(STAGES))
        .order_by(Case.made_at.desc(), Case.id.desc())
        .limit(MOST)
    )
    digits = (("".join(one for one in no if one.isdigit()), state) for no, state in session.execute(query))
    return [Told(number[-ENDING:], STAGES[state]) for number, state in digits]
