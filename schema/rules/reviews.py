"""The life of a review (质检单): who may do what to it in which state, and until when an agent can appeal. Pure.

Drawn in docs/state-machines/review.dot.
"""

from datetime import datetime, timedelta

OPEN, SCORED, ACKNOWLEDGED, APPEALED, UPHELD, CHANGED, DROPPED = (
    "open", "scored", "acknowledged", "appealed", "upheld", "changed", "dropped",
)  # fmt: skip
STATES = (OPEN, SCORED, ACKNOWLEDGED, APPEALED, UPHELD, CHANGED, DROPPED)
COUNTED = (SCORED, ACKNOWLEDGED, APPEALED, UPHELD, CHANGED)
"""In these it has a score."""
GIVE, DROP, SCORE, ACKNOWLEDGE, APPEAL, UPHOLD, CHANGE = (
    "give", "drop", "score", "acknowledge", "appeal", "uphold", "change",
)  # fmt: skip
STEPS = (GIVE, DROP, SCORE, ACKNOWLEDGE, APPEAL, UPHOLD, CHANGE)
"""What is done to one; each is a step of its history."""
MOVES = {
    (OPEN, GIVE): OPEN,
    (OPEN, DROP): DROPPED,
    (OPEN, SCORE): SCORED,
    (SCORED, ACKNOWLEDGE): ACKNOWLEDGED,
    (SCORED, APPEAL): APPEALED,
    (APPEALED, UPHOLD): UPHELD,
    (APPEALED, CHANGE): CHANGED,
}


class NoSuchMove(ValueError):
    """This cannot be done in this state."""


def after(state: str, step: str) -> str:
    """The state that a step leads to. Raises NoSuchMove."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise NoSuchMove(f"a review that is {state!r} is not to be done {step!r} to") from None


def until(scored: datetime, days: int) -> datetime:
    """The last moment of an appeal."""
    return scored + timedelta(days=days)
