"""What the dialplan tells of a citizen's call, as facts: entered, queued, offered, answered, rated. Pure.

A snapshot's notes say the same in the same form.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cti.hears_talk import REASONS
from cti.memory import Call, Leg
from schema.facts import (
    CallAnswered,
    CallEntered,
    CallOffered,
    CallQueued,
    Fact,
    LanguageChosen,
    MenusWalked,
    NetUsed,
    NoticePlayed,
    OfferFailed,
    RatingAsked,
    RatingGiven,
    ReceptionRated,
    RecordingStarted,
    VisitAnswered,
)
from schema.ids import CallId, CaseId, ContactId, as_id
from schema.rules.stages import first

if TYPE_CHECKING:
    from cti.hears import Hearing

Fields = Mapping[str, str]


def entered(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A citizen's call begins, theirs or one that we place."""
    call, contact = ids(event)
    leg, direction = event["Uniqueid"], "out" if event.get("Direction") == "out" else "in"
    if call in hearing.memory.calls or leg in hearing.memory.gone:
        return []
    purpose = event.get("Purpose", "hotline")[:20]
    hearing.memory.calls[call] = Call(contact, first(direction), leg, direction, at, purpose=purpose)
    if leg:
        hearing.memory.legs[leg] = Leg(
            call, contact, "citizen", channel=event["Channel"], why="visit" if direction == "out" else "queue",
            answered=direction == "in",
        )  # fmt: skip
    return [
        CallEntered(
            **hearing.about(event, at), leg=leg, channel=event["Channel"], number=event.get("Number", "")[:32],
            dialled=event.get("Dialled", "")[:32], direction=direction,
            purpose=purpose, case=_case(event),
        )
    ]  # fmt: skip


def notice(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The citizen was told that calls are recorded."""
    return [NoticePlayed(**hearing.about(event, at))]


def language(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The citizen chose a language."""
    return [
        LanguageChosen(
            **hearing.about(event, at), language=event["Language"][:8], key=event.get("Key", "")[:1]
        )
    ]


def menus(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The citizen is through the voice menus, or left."""
    return [
        MenusWalked(
            **hearing.about(event, at), path=event.get("Path", "")[:200], left=event.get("Left", "")[:20]
        )
    ]


def queued(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The citizen waits for a seat."""
    about = hearing.about(event, at)
    # Not "Priority" and "Language": AMI puts the channel's own fields of these names before ours.
    priority = min(max(int(event.get("Level") or 0), 0), 9)
    if not hearing.memory.move(about["call"], "queued"):
        return []
    hearing.memory.calls[about["call"]].why, hearing.memory.calls[about["call"]].settled = "queue", ""
    if (leg := hearing.memory.legs.get(event["Uniqueid"])) is not None:
        leg.held = False
    return [
        CallQueued(
            **about, queue=event["Queue"][:40], language=event.get("Spoken", "")[:8], priority=priority,
            returning=event.get("Returning") == "1", leg=event["Uniqueid"], channel=event["Channel"],
            number=event.get("Number", "")[:32], why=event.get("Why", "")[:20],
            skills=event.get("Skills", "")[:100],
        )
    ]  # fmt: skip


def net(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The PBX's own queue has the citizen."""
    about = hearing.about(event, at)
    return [NetUsed(**about, queue=event["Queue"][:40])] if hearing.memory.move(about["call"], "net") else []


def offering(hearing: "Hearing", event: Fields, _at: datetime) -> list[Fact]:
    """A seat is about to ring; only one of another PBX must be known before it does."""
    if event.get("Node"):
        call = hearing.memory.calls[ids(event)[0]]
        call.far, user = event["Seat"][:16], event.get("User", "")
        call.far_user = as_id(user) if user else None
    return []


def guest(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A caller of another PBX, for a seat here."""
    call, contact = ids(event)
    hearing.memory.calls[call] = Call(contact, "queue", event["Uniqueid"], "guest", at, purpose="guest")
    hearing.memory.legs[event["Uniqueid"]] = Leg(
        call, contact, "citizen", channel=event["Channel"], why="guest", answered=True
    )
    return []


def offer_failed(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A seat did not take the call."""
    about, seat = hearing.about(event, at), event["Seat"][:16]
    rang = hearing.memory.calls[about["call"]].rang.get(seat, "")  # most often it is over already
    if rang in hearing.memory.legs:
        hearing.memory.legs[rang].failed = True
    return [
        OfferFailed(**about, seat=seat, leg=rang, reason=REASONS.get(event.get("Status", ""), "unreachable"))
    ]


def ringing(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A seat's leg rings (only a snapshot says it like this)."""
    about, leg = hearing.about(event, at), event["Uniqueid"]
    if leg in hearing.memory.legs or leg in hearing.memory.gone:
        return []
    return [ring(hearing, about, leg, event["Seat"], event["Channel"])]


def answered(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A seat has the citizen."""
    about, seat, leg = hearing.about(event, at), event["Seat"][:16], event["Uniqueid"]
    facts = ringing(hearing, event, at)
    known = hearing.memory.legs[leg]
    if known.answered or known.kind != "seat":
        return facts
    known.answered = hearing.memory.calls[known.call].answered = True
    hearing.memory.move(known.call, "answered")
    user, guest = who_sits(hearing, known.call, seat), is_guest(hearing, known.call)
    return [*facts, CallAnswered(**about, seat=seat, leg=leg, user=user, guest=guest)]


def recording(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A leg is recorded from now on."""
    about, leg, name = hearing.about(event, at), event["Uniqueid"], event["Name"]
    if hearing.memory.legs[leg].recording:
        return []
    hearing.memory.legs[leg].recording = name
    return [RecordingStarted(**about, leg=leg, name=name, seat=event.get("Seat", "")[:16])]


def visited(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The citizen of a return visit has answered."""
    about, leg = hearing.about(event, at), event["Uniqueid"]
    if not hearing.memory.move(about["call"], "visited"):
        return []
    hearing.memory.calls[about["call"]].answered = True
    return [CallAnswered(**about, seat="", leg=leg, by="citizen")]


def rated(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The citizen rated how a case was handled."""
    case, score = CaseId(as_id(event["Case"])), int(event["Score"])
    return [RatingGiven(**hearing.about(event, at), case=case, score=score)] if 1 <= score <= 5 else []


def visit_answered(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The citizen of a return visit answered the voice script's questions."""
    about, scores = hearing.about(event, at), (int(event["Reception"]), int(event["Department"]))
    if not all(1 <= score <= 5 for score in scores) or hearing.memory.calls[about["call"]].direction != "out":
        return []
    return [
        VisitAnswered(
            **about, visit=as_id(event["Visit"]), case=CaseId(as_id(event["Case"])), reception=scores[0],
            department=scores[1], solved=event.get("Solved") != "0",
        )
    ]  # fmt: skip


def rating_asked(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The agent left, and the citizen is asked what they think."""
    about = hearing.about(event, at)
    call = hearing.memory.calls[about["call"]]
    if not hearing.memory.move(about["call"], "asked"):
        return []
    seat = call.left_by or next(reversed(call.rang), "")
    call.left_by, call.left_user = seat, who_sits(hearing, about["call"], seat)
    return [RatingAsked(**about, seat=seat)]


def reception_rated(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The citizen rated the talk with the agent who left."""
    about, score = hearing.about(event, at), int(event["Score"])
    call = hearing.memory.calls[about["call"]]
    if not 1 <= score <= 5 or call.stage != "rating" or call.direction != "in":
        return []
    return [ReceptionRated(**about, seat=call.left_by, user=call.left_user, score=score)]


# -- helpers ------------------------------------------------------------------------------------------


def ring(hearing: "Hearing", about: Mapping[str, Any], leg: str, seat: str, channel: str) -> Fact:
    """A seat's leg rings for a citizen."""
    call, contact = about["call"], about["contact"]
    why = hearing.memory.calls[call].why
    hearing.memory.legs[leg] = Leg(call, contact, "seat", seat, channel=channel, why=why)
    hearing.memory.calls[call].rang[seat] = leg
    hearing.memory.move(call, "offered")
    return CallOffered(
        **about,
        seat=seat,
        leg=leg,
        user=who_sits(hearing, call, seat),
        why=why,
        guest=is_guest(hearing, call),
    )


def who_sits(hearing: "Hearing", call: CallId, seat: str) -> UUID | None:
    """Who sits at a seat of a call, here or at another PBX."""
    known = hearing.memory.calls[call]
    return known.far_user if seat == known.far else hearing.memory.users.get(seat)


def is_guest(hearing: "Hearing", call: CallId) -> bool:
    """Whether the call is another PBX's."""
    return hearing.memory.calls[call].direction == "guest"


def ids(event: Fields) -> tuple[CallId, ContactId]:
    """The ids that every word about a call carries. Raises KeyError, ValueError."""
    return CallId(as_id(event["Call"])), ContactId(as_id(event["Contact"]))


def _case(event: Fields) -> CaseId | None:
    return CaseId(as_id(event["Case"])) if event.get("Case") else None
