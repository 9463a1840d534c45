"""Notes: events of our own on the tape. What we did or saw becomes a fact only by being heard from there.

Made here as fields, heard by `cti.hears` and `cti.hears_seats`; so the same tape gives the same facts, seats included.
"""

from datetime import datetime
from uuid import UUID

Note = dict[str, str]
LONGEST_REASON = 40


def note(what: str, **named: str) -> Note:
    """A note's fields."""
    return {"Event": "Note", "What": what, **named}


def seat_opening(seat: str) -> Note:
    """We are about to make the seat anew: whatever was registered there is none of it."""
    return note("SeatOpening", Seat=seat)


def seat_opened(seat: str, user: UUID, name: str) -> Note:
    """The PBX has the seat."""
    return note(
        "SeatOpened", Seat=seat, User=str(user), Name="".join(c for c in name if c.isprintable())[:100]
    )


def seat_closed(seat: str) -> Note:
    """The PBX has it no more."""
    return note("SeatClosed", Seat=seat)


def seat_seen(seat: str, online: bool) -> Note:
    """A look at the PBX says whether the seat's softphone is registered."""
    return note("SeatSeen", Seat=seat, Online=str(int(online)))


def seat_ready(seat: str) -> Note:
    """The seat takes calls."""
    return note("SeatReady", Seat=seat)


def seat_paused(seat: str, reason: str) -> Note:
    """The seat takes no calls. A reason too long to be shown beside a seat ends in "…"."""
    shown = reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"
    return note("SeatPaused", Seat=seat, Reason=shown)


def wrapped_up(seat: str, by: str) -> Note:
    """Wrap-up is over, by "agent" or "timer"."""
    return note("WrapUpEnded", Seat=seat, By=by)


def wrap_up_extended(seat: str, until: datetime) -> Note:
    """The agent has more time for writing up."""
    return note("WrapUpExtended", Seat=seat, Until=until.isoformat())


def seat_skilled(seat: str, languages: str, skills: str, queues: str) -> Note:
    """What the seat can do."""
    return note("SeatSkilled", Seat=seat, Languages=languages[:200], Skills=skills[:400], Queues=queues[:400])


def promised(promise: UUID, contact: UUID, call: UUID, **about: str) -> Note:
    """A call-back is promised to the caller of `call`."""
    return note("CallBackPromised", Promise=str(promise), Contact=str(contact), Call=str(call), **about)


def tried(promise: UUID, contact: UUID, call: UUID, attempt: int, seat: str) -> Note:
    """We are about to dial for a call-back: written before the PBX hears of it."""
    return note("CallBackTried", Promise=str(promise), Contact=str(contact), Call=str(call), Attempt=str(attempt),
                Seat=seat)  # fmt: skip


def try_failed(promise: UUID, contact: UUID, reason: str, again: datetime | None) -> Note:
    """An attempt came to nothing; when the next is due."""
    return note("CallBackFailed", Promise=str(promise), Contact=str(contact), Reason=reason,
                Again=again.isoformat() if again else "")  # fmt: skip


def promise_kept(promise: UUID, contact: UUID, call: UUID) -> Note:
    """Citizen and seat talk."""
    return note("CallBackKept", Promise=str(promise), Contact=str(contact), Call=str(call))


def promise_dropped(promise: UUID, contact: UUID, reason: str, call: UUID | None = None) -> Note:
    """A promise ends unkept; `call` has its place now."""
    return note(
        "CallBackDropped", Promise=str(promise), Contact=str(contact), Reason=reason, Call=str(call or "")
    )
