"""The calls desk: facts from the PBX become rows of calls, legs and steps. Only the telephone room writes here.

Every fact is written at most once: the tape mark is committed with the rows (`behind`, `advance`), and a step's key
keeps a repeated fact out even so.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.calls import CallRow, CallStep, LegRow, TapeMark
from schema.desk import queues, segments
from schema.facts import (
    CallAnswered,
    CallBackPromised,
    CallEnded,
    CallEntered,
    CallFact,
    CallOffered,
    CallOverflowed,
    CallQueued,
    CallTransferred,
    LanguageChosen,
    LegAnswered,
    LegEnded,
    LegFailed,
    LegRang,
    NetUsed,
    NoticePlayed,
    OfferFailed,
    RecordingStarted,
    WatchStarted,
)
from schema.rules.stages import after, first
from schema.store import UnitOfWork


def behind(session: Session, node: str) -> tuple[str, int]:
    """How far a node's records have got: (epoch, sequence), ("", 0) at the very beginning."""
    row = session.get(TapeMark, node, populate_existing=True, with_for_update=True)
    return (row.epoch, row.sequence) if row is not None else ("", 0)


def advance(work: UnitOfWork, node: str, epoch: str, sequence: int) -> None:
    """Put the mark where the records now are."""
    row = work.session.get(TapeMark, node)
    if row is None:
        work.session.add(TapeMark(node=node, epoch=epoch, sequence=sequence))
    else:
        row.epoch, row.sequence = epoch, sequence


def record(work: UnitOfWork, fact: CallFact) -> None:
    """Write one fact into the rows of its call. A fact about a call that has no row changes nothing."""
    if isinstance(fact, CallEntered):
        _entered(work, fact)
        return
    if getattr(fact, "guest", False):
        return  # the caller's own PBX tells of the call
    queues.record(work, fact)
    writer = _WRITERS.get(type(fact))
    call = work.session.get(CallRow, fact.call) if writer is not None else None
    if writer is not None and call is not None:
        writer(work, fact, call)
        call.revision += 1
        call.inferred = call.inferred or fact.inferred
    segments.record(work, fact)


def live_calls(session: Session, node: str) -> list[CallRow]:
    """The calls of a node that are not over, oldest first."""
    query = select(CallRow).where(CallRow.node == node, CallRow.outcome == "").order_by(CallRow.entered_at)
    return list(session.scalars(query))


def live_legs(session: Session, node: str) -> list[LegRow]:
    """The legs of a node that are not over, in the order in which they began."""
    query = select(LegRow).where(LegRow.node == node, LegRow.ended_at.is_(None)).order_by(LegRow.started_at)
    return list(session.scalars(query))


def contacts_of(session: Session, legs: list[LegRow]) -> dict[UUID, UUID]:
    """The contacts of these legs' calls, by call; a leg may outlive its call by moments."""
    query = select(CallRow.id, CallRow.contact).where(CallRow.id.in_({leg.call for leg in legs}))
    return {call: contact for call, contact in session.execute(query)}


def recordings_of(session: Session, legs: list[LegRow]) -> dict[str, str]:
    """The names of the recordings that were begun on these legs, by uniqueid."""
    query = select(CallStep).where(
        CallStep.call.in_({leg.call for leg in legs}), CallStep.hop == "recording.started"
    )
    return {step.detail.rpartition("_")[2]: step.detail for step in session.scalars(query)}


def rang(session: Session, live: list[CallRow]) -> dict[UUID, dict[str, str]]:
    """For each of these calls, the last leg that rang at each seat."""
    query = select(LegRow).where(LegRow.call.in_({call.id for call in live}), LegRow.kind == "seat")
    found: dict[UUID, dict[str, str]] = {}
    for leg in session.scalars(query.order_by(LegRow.started_at)):
        found.setdefault(leg.call, {})[leg.seat] = leg.leg
    return found


def queued_since(session: Session, node: str, since: datetime) -> list[CallRow]:
    """The calls that asked for a seat and were not settled (answered or over) before `since`."""
    query = select(CallRow).where(
        CallRow.node == node, CallRow.direction == "in", CallRow.queued_at.is_not(None)
    )
    settled = CallRow.answered_at, CallRow.ended_at
    return [
        row
        for row in session.scalars(query.where((settled[1] >= since) | (settled[1].is_(None))))
        if row.answered_at is None or row.answered_at >= since
    ]


def _entered(work: UnitOfWork, fact: CallEntered) -> None:
    if fact.contact is None or work.session.get(CallRow, fact.call) is not None:
        return
    work.session.add(
        CallRow(
            id=fact.call, contact=fact.contact, node=fact.node, leg=fact.leg, direction=fact.direction,
            purpose=fact.purpose, case=fact.case, number=fact.number, dialled=fact.dialled,
            stage=first(fact.direction), entered_at=fact.at, inferred=fact.inferred,
        )
    )  # fmt: skip
    work.session.flush()
    if fact.leg:
        _leg(work, fact, fact.leg, "citizen")
    _step(
        work,
        fact,
        "call.entered" if fact.direction == "in" else _PLACED.get(fact.purpose, "visit.called"),
        detail=fact.number,
    )


def _notice(work: UnitOfWork, fact: NoticePlayed, _call: CallRow) -> None:
    _step(work, fact, "ivr.notice")


def _language(work: UnitOfWork, fact: LanguageChosen, call: CallRow) -> None:
    call.language = fact.language
    _step(work, fact, "ivr.language", detail=fact.language)


def _queued(work: UnitOfWork, fact: CallQueued, call: CallRow) -> None:
    call.stage = after(call.stage, "queued") or call.stage
    call.queue = fact.queue
    call.language = fact.language or call.language
    call.queued_at = call.queued_at or fact.at
    _step(work, fact, "queue.entered", detail="returning" if fact.returning else fact.queue)


def _net(work: UnitOfWork, fact: NetUsed, call: CallRow) -> None:
    call.stage, call.by_net = after(call.stage, "net") or call.stage, True
    call.queue, call.queued_at = fact.queue, call.queued_at or fact.at
    _step(work, fact, "queue.net", detail=fact.queue)


def _offered(work: UnitOfWork, fact: CallOffered, call: CallRow) -> None:
    call.stage = after(call.stage, "offered") or call.stage
    call.offers += 1
    call.offered_at = call.offered_at or fact.at
    _leg(work, fact, fact.leg, "seat", fact.seat, fact.user)
    _step(work, fact, "seat.ringing", seat=fact.seat, key=fact.leg)


def _offer_failed(work: UnitOfWork, fact: OfferFailed, _call: CallRow) -> None:
    leg = work.session.get(LegRow, (fact.node, fact.leg)) if fact.leg else None
    if leg is not None and leg.result != "answered":
        leg.result = fact.reason
    _step(work, fact, "seat.failed", seat=fact.seat, detail=fact.reason, key=fact.leg)


def _answered(work: UnitOfWork, fact: CallAnswered, call: CallRow) -> None:
    visit = fact.by == "citizen" and not fact.seat
    call.stage = after(call.stage, "visited" if visit else "answered") or call.stage
    if call.answered_at is None:
        call.answered_at, call.seat, call.user = fact.at, fact.seat, fact.user
    leg = work.session.get(LegRow, (fact.node, fact.leg))
    if leg is not None:
        leg.answered_at, leg.result = leg.answered_at or fact.at, "answered"
    _step(work, fact, "visit.answered" if visit else "seat.answered", seat=fact.seat, key=fact.leg)


def _leg_ended(work: UnitOfWork, fact: LegEnded, _call: CallRow) -> None:
    leg = work.session.get(LegRow, (fact.node, fact.leg))
    if leg is not None and leg.ended_at is None:
        leg.ended_at, leg.cause = fact.at, fact.cause
        if leg.kind == "seat" and not leg.result:
            leg.result = "caller gone"


def _leg_rang(work: UnitOfWork, fact: LegRang, call: CallRow) -> None:
    _leg(work, fact, fact.leg, fact.kind, fact.seat)
    if fact.kind == "citizen":
        call.leg = call.leg or fact.leg
    _step(work, fact, f"leg.{fact.why}", seat=fact.seat or fact.by, detail=fact.number, key=fact.leg)


def _leg_answered(work: UnitOfWork, fact: LegAnswered, _call: CallRow) -> None:
    leg = work.session.get(LegRow, (fact.node, fact.leg))
    if leg is not None:
        leg.answered_at, leg.result = leg.answered_at or fact.at, "answered"


def _leg_failed(work: UnitOfWork, fact: LegFailed, _call: CallRow) -> None:
    leg = work.session.get(LegRow, (fact.node, fact.leg))
    if leg is not None and leg.result != "answered":
        leg.result = fact.reason


def _transferred(work: UnitOfWork, fact: CallTransferred, call: CallRow) -> None:
    kind = fact.target.partition(":")[0]
    if fact.how not in ("consulted", "taken"):
        call.stage = after(call.stage, "queued" if kind == "queue" else "") or call.stage
    _step(work, fact, "call.transferred", seat=fact.seat, detail=f"{fact.how} {fact.target}")


def _overflowed(work: UnitOfWork, fact: CallOverflowed, call: CallRow) -> None:
    call.stage = after(call.stage, "settled") or call.stage
    _step(work, fact, "queue.overflowed", detail=f"{fact.reason} {fact.to}")


def _promised(work: UnitOfWork, fact: CallBackPromised, call: CallRow) -> None:
    call.stage = after(call.stage, "settled") or call.stage
    _step(work, fact, "callback.promised", detail=fact.number, key=str(fact.promise))


def _watched(work: UnitOfWork, fact: WatchStarted, _call: CallRow) -> None:
    _step(work, fact, f"watch.{fact.mode}", seat=fact.seat, detail=fact.watcher, key=f"{fact.leg}/{fact.at}")


def _recording(work: UnitOfWork, fact: RecordingStarted, _call: CallRow) -> None:
    _step(work, fact, "recording.started", seat=fact.seat, detail=fact.name, key=fact.leg)


def _ended(work: UnitOfWork, fact: CallEnded, call: CallRow) -> None:
    if call.outcome:
        return
    call.stage, call.outcome, call.cause = fact.stage, fact.outcome, fact.cause
    call.ended_by, call.ended_at = fact.ended_by, fact.at
    _step(work, fact, "call.ended" if call.direction == "in" else "visit.ended", detail=fact.outcome)


def _leg(
    work: UnitOfWork, fact: CallFact, leg: str, kind: str, seat: str = "", user: UUID | None = None
) -> None:
    if work.session.get(LegRow, (fact.node, leg)) is None:
        work.session.add(
            LegRow(
                node=fact.node, leg=leg, call=fact.call, kind=kind, seat=seat, user=user, started_at=fact.at
            )
        )


def _step(
    work: UnitOfWork, fact: CallFact, hop: str, *, seat: str = "", detail: str = "", key: str = ""
) -> None:
    unique = f"{fact.call}/{hop}/{key or fact.at.isoformat()}"
    if work.session.scalar(select(CallStep.id).where(CallStep.key == unique)) is None:
        work.session.add(
            CallStep(contact=fact.contact, call=fact.call, key=unique, hop=hop, at=fact.at, seat=seat,
                     detail=detail[:200])
        )  # fmt: skip


_PLACED = {"call-out": "call.placed", "internal": "call.placed", "call-back": "callback.called"}
_WRITERS: dict[type[CallFact], Callable[[UnitOfWork, Any, CallRow], None]] = {
    NoticePlayed: _notice,
    LanguageChosen: _language,
    CallQueued: _queued,
    NetUsed: _net,
    CallOffered: _offered,
    OfferFailed: _offer_failed,
    CallAnswered: _answered,
    LegEnded: _leg_ended,
    RecordingStarted: _recording,
    LegRang: _leg_rang,
    LegAnswered: _leg_answered,
    LegFailed: _leg_failed,
    CallTransferred: _transferred,
    CallOverflowed: _overflowed,
    CallBackPromised: _promised,
    WatchStarted: _watched,
    CallEnded: _ended,
}
