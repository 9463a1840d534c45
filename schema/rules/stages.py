"""Stages of a call: where the citizen is, and what moves them on. Pure; drawn in docs/state-machines/call.dot.

ivr: the voice script; queue: waiting for a seat; net: waiting in the PBX's own queue while the bridge is silent;
ringing: a seat (or, for a call we placed, the citizen) rings; talking: with a seat; rating: asked what they think, in a
return visit or once the agent has left.
"""

STAGES = ("ivr", "queue", "net", "ringing", "talking", "rating")

TABLE = (
    # (in stage, what happens, goes to)
    ("ivr", "queued", "queue"),
    ("ivr", "net", "net"),
    ("queue", "offered", "ringing"),
    ("queue", "net", "net"),
    ("ringing", "queued", "queue"),
    ("ringing", "net", "net"),
    ("net", "queued", "queue"),
    ("queue", "answered", "talking"),
    ("net", "answered", "talking"),
    ("ringing", "answered", "talking"),
    ("ringing", "visited", "rating"),
    ("queue", "settled", "ivr"),
    ("ringing", "settled", "ivr"),
    ("talking", "asked", "rating"),
    ("talking", "offered", "ringing"),
    ("talking", "queued", "queue"),
    ("talking", "net", "net"),
)
"""Settled: the caller leaves the line for a message or on the promise of a call-back. From talking a call
goes on when it is transferred. A seat that the net rings leaves the call in stage net. What is not here
changes nothing: it was heard before."""

_NEXT = {(stage, event): then for stage, event, then in TABLE}


def first(direction: str) -> str:
    """The stage a call begins in: "ivr" for one that comes in, "ringing" for one we place ("out")."""
    return "ivr" if direction == "in" else "ringing"


def after(stage: str, event: str) -> str | None:
    """The stage after `event`, None when the event means nothing in `stage`."""
    return _NEXT.get((stage, event))


def outcome(direction: str, answered: bool, lost: bool) -> str:
    """How a call that is over came out: lost (the PBX died), answered, abandoned, or failed (one we placed)."""
    if lost:
        return "lost"
    if answered:
        return "answered"
    return "abandoned" if direction == "in" else "failed"
