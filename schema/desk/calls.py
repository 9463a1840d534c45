"""The calls desk: facts from the PBX become rows of calls, legs, steps and transfers. The telephone room alone writes.

Rows of what is live are kept in memory (`schema.desk.sheets`). A fact about a call that is not live changes nothing but
its legs; of a caller from another PBX (`guest`) only the seat's leg is ours.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.base import table_of
from schema.calls import CallRating, CallRow, LegRow, MenuWalk, TransferRow
from schema.desk.callsteps import CallSteps
from schema.desk.sheets import Row, Sheet
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
    MenusWalked,
    NetUsed,
    NoticePlayed,
    OfferFailed,
    RatingAsked,
    ReceptionRated,
    RecordingStarted,
    WatchStarted,
)
from schema.rules.stages import after, first


class CallBook:
    """Calls, legs by uniqueid, and what follows from them, of one node. `sits` says who sits at a seat."""

    def __init__(self, node: str, sits: Callable[[str], UUID | None]) -> None:
        self.node, self._sits = node, sits
        table = table_of(CallRow)
        self.calls = Sheet(table, ["id"], last=table.c.outcome == "")
        self.legs = Sheet(table_of(LegRow), ["node", "leg"])
        self._steps = CallSteps()
        self._walks = Sheet(table_of(MenuWalk), ["call"], once=True)
        self._ratings = Sheet(table_of(CallRating), ["call"], once=True)
        self._transfers = Sheet(table_of(TransferRow), ["call", "at"], once=True)
        self._of_call: dict[UUID, list[str]] = {}

    def load(self, session: Session) -> None:
        """Take in what is live by the rows."""
        calls, legs = table_of(CallRow), table_of(LegRow)
        live = (calls.c.node == self.node) & (calls.c.outcome == "")
        for row in session.execute(select(calls).where(live)).mappings():
            self.calls.found(row["id"], dict(row))
            self._of_call[row["id"]] = []
        theirs = (legs.c.node == self.node) & (
            legs.c.ended_at.is_(None) | legs.c.call.in_(select(calls.c.id).where(live))
        )
        for row in session.execute(select(legs).where(theirs).order_by(legs.c.started_at)).mappings():
            self.legs.found(row["leg"], dict(row))
            if row["call"] in self._of_call:
                self._of_call[row["call"]].append(row["leg"])

    def live(self, call: UUID) -> bool:
        """Whether a call is one of this node's that is not over."""
        return call in self._of_call

    def hear(self, fact: CallFact) -> None:
        """Write one fact down."""
        kind = type(fact)
        if (of_leg := _LEGS.get(kind)) is not None:
            of_leg(self, fact)
        of_call = _CALLS.get(kind)
        if of_call is not None and fact.call in self._of_call and not getattr(fact, "guest", False):
            call = self.calls.change(fact.call)
            if call is not None:
                call["revision"] += 1
                call["inferred"] = call["inferred"] or fact.inferred
                of_call(self, fact, call)

    def write(self, session: Session, waits: Callable[[Row], bool]) -> None:
        """Put what changed into a transaction; legs whose call is another PBX's may have to wait for its row."""
        self.calls.write(session)
        self.legs.write(session, waits)
        self._steps.write(session)
        self._transfers.write(session)
        self._walks.write(session)
        self._ratings.write(session)

    def written(self, waits: Callable[[Row], bool]) -> None:
        """What `write` put there is committed."""
        self.calls.written()
        self.legs.written(waits)
        self._steps.written()
        self._transfers.written()
        self._walks.written()
        self._ratings.written()

    # -- calls -----------------------------------------------------------------------------------------------

    def _entered(self, fact: CallEntered) -> None:
        if fact.contact is None or fact.call in self._of_call:
            return
        self.calls.add(
            fact.call, id=fact.call, contact=fact.contact, node=fact.node, leg=fact.leg, direction=fact.direction,
            purpose=fact.purpose, case=fact.case, number=fact.number, dialled=fact.dialled,
            stage=first(fact.direction), entered_at=fact.at, inferred=fact.inferred,
        )  # fmt: skip
        self._of_call[fact.call] = []
        if fact.leg:
            self._leg(fact, fact.leg, "citizen", number=fact.number)
        hop = "call.entered" if fact.direction == "in" else _PLACED.get(fact.purpose, "visit.called")
        self._steps.add(fact, hop, detail=fact.number)

    def _notice(self, fact: NoticePlayed, _call: Row) -> None:
        self._steps.add(fact, "ivr.notice")

    def _language(self, fact: LanguageChosen, call: Row) -> None:
        call["language"] = fact.language
        self._steps.add(fact, "ivr.language", detail=fact.language)

    def _walked(self, fact: MenusWalked, _call: Row) -> None:
        self._walks.add(fact.call, call=fact.call, at=fact.at, path=fact.path, left=fact.left)
        self._walks.over(fact.call)

    def _asked(self, _fact: RatingAsked, call: Row) -> None:
        call["stage"] = after(call["stage"], "asked") or call["stage"]

    def _rated(self, fact: ReceptionRated, call: Row) -> None:
        self._ratings.add(
            fact.call, call=fact.call, at=fact.at, seat=fact.seat, user=fact.user, score=fact.score,
            queue=call["queue"], language=call["language"],
        )  # fmt: skip
        self._ratings.over(fact.call)
        self._steps.add(fact, "call.rated", seat=fact.seat, detail=str(fact.score), key="once")

    def _queued(self, fact: CallQueued, call: Row) -> None:
        call["stage"] = after(call["stage"], "queued") or call["stage"]
        call["queue"] = fact.queue
        call["language"] = fact.language or call["language"]
        call["queued_at"] = call["queued_at"] or fact.at
        self._steps.add(fact, "queue.entered", detail="returning" if fact.returning else fact.queue)

    def _net(self, fact: NetUsed, call: Row) -> None:
        call["stage"], call["by_net"] = after(call["stage"], "net") or call["stage"], True
        call["queue"], call["queued_at"] = fact.queue, call["queued_at"] or fact.at
        self._steps.add(fact, "queue.net", detail=fact.queue)

    def _offered(self, fact: CallOffered, call: Row) -> None:
        call["stage"] = after(call["stage"], "offered") or call["stage"]
        call["offers"] += 1
        call["offered_at"] = call["offered_at"] or fact.at
        self._steps.add(fact, "seat.ringing", seat=fact.seat, key=fact.leg)

    def _offer_failed(self, fact: OfferFailed, _call: Row) -> None:
        self._steps.add(fact, "seat.failed", seat=fact.seat, detail=fact.reason, key=fact.leg)

    def _answered(self, fact: CallAnswered, call: Row) -> None:
        visit = fact.by == "citizen" and not fact.seat
        call["stage"] = after(call["stage"], "visited" if visit else "answered") or call["stage"]
        if call["answered_at"] is None:
            answered = max(fact.at, call["queued_at"] or call["entered_at"])
            call["answered_at"], call["seat"], call["user"] = answered, fact.seat, fact.user
        self._steps.add(fact, "visit.answered" if visit else "seat.answered", seat=fact.seat, key=fact.leg)

    def _rang(self, fact: LegRang, call: Row) -> None:
        if fact.kind == "citizen":
            call["leg"] = call["leg"] or fact.leg
        self._steps.add(fact, f"leg.{fact.why}", seat=fact.seat or fact.by, detail=fact.number, key=fact.leg)

    def _transferred(self, fact: CallTransferred, call: Row) -> None:
        if fact.how not in ("consulted", "taken") and fact.target.startswith("queue:"):
            call["stage"] = after(call["stage"], "queued") or call["stage"]
        self._transfers.add(
            (fact.call, fact.at), call=fact.call, at=fact.at, seat=fact.seat, user=self._sits(fact.seat),
            target=fact.target, how=fact.how,
        )  # fmt: skip
        self._transfers.over((fact.call, fact.at))
        self._steps.add(fact, "call.transferred", seat=fact.seat, detail=f"{fact.how} {fact.target}")

    def _overflowed(self, fact: CallOverflowed, call: Row) -> None:
        call["stage"] = after(call["stage"], "settled") or call["stage"]
        self._steps.add(fact, "queue.overflowed", detail=f"{fact.reason} {fact.to}")

    def _promised(self, fact: CallBackPromised, call: Row) -> None:
        call["stage"] = after(call["stage"], "settled") or call["stage"]
        self._steps.add(fact, "callback.promised", detail=fact.number, key=str(fact.promise))

    def _watched(self, fact: WatchStarted, _call: Row) -> None:
        self._steps.add(
            fact, f"watch.{fact.mode}", seat=fact.seat, detail=fact.watcher, key=f"{fact.leg}/{fact.at}"
        )

    def _recording(self, fact: RecordingStarted, _call: Row) -> None:
        self._steps.add(fact, "recording.started", seat=fact.seat, detail=fact.name, key=fact.leg)

    def _ended(self, fact: CallEnded, call: Row) -> None:
        call["stage"], call["outcome"], call["cause"] = fact.stage, fact.outcome, fact.cause
        # A clock that is set back makes no call, and no leg, that ends before it began.
        call["ended_by"], call["ended_at"] = (
            fact.ended_by,
            max(fact.at, call["answered_at"] or call["entered_at"]),
        )
        self._steps.add(
            fact, "call.ended" if call["direction"] == "in" else "visit.ended", detail=fact.outcome
        )
        self.calls.over(fact.call)
        # A leg that is over stays in hand as long as its call, for what is still said of it.
        for uniqueid in self._of_call.pop(fact.call):
            if (leg := self.legs.see(uniqueid)) is not None and leg["ended_at"] is not None:
                self.legs.over(uniqueid)

    # -- legs ------------------------------------------------------------------------------------------------

    def _leg_offered(self, fact: CallOffered) -> None:
        if fact.guest or fact.call in self._of_call:
            self._leg(fact, fact.leg, "seat", seat=fact.seat, user=fact.user)

    def _leg_rang(self, fact: LegRang) -> None:
        if fact.call in self._of_call:
            user = self._sits(fact.seat) if fact.seat else None
            self._leg(fact, fact.leg, fact.kind, seat=fact.seat, user=user, number=fact.number)

    def _leg_answered(self, fact: LegAnswered | CallAnswered) -> None:
        if (leg := self.legs.change(fact.leg)) is not None:
            leg["answered_at"] = leg["answered_at"] or max(fact.at, leg["started_at"])
            leg["result"] = "answered"

    def _leg_failed(self, fact: LegFailed | OfferFailed) -> None:
        leg = self.legs.change(fact.leg)
        if leg is not None and leg["result"] != "answered":
            leg["result"] = fact.reason

    def _leg_ended(self, fact: LegEnded) -> None:
        leg = self.legs.change(fact.leg)
        if leg is None or leg["ended_at"] is not None:
            return
        ended = max(fact.at, leg["answered_at"] or leg["started_at"])
        leg["ended_at"], leg["cause"], leg["bridge"] = ended, fact.cause, ""
        if leg["kind"] != "citizen" and not leg["result"]:
            leg["result"] = "caller gone"
        if leg["call"] not in self._of_call:
            self.legs.over(fact.leg)

    def _leg(self, fact: CallFact, leg: str, kind: str, **about: Any) -> None:
        if leg not in self.legs:
            self.legs.add(
                leg, node=fact.node, leg=leg, call=fact.call, kind=kind, started_at=fact.at, **about
            )
            if fact.call in self._of_call:
                self._of_call[fact.call].append(leg)


_PLACED = {
    "call-out": "call.placed", "internal": "call.placed", "prompt": "call.placed", "call-back": "callback.called",
}  # fmt: skip
_LEGS: dict[type[CallFact], Callable[[CallBook, Any], None]] = {
    CallEntered: CallBook._entered,
    CallOffered: CallBook._leg_offered,
    OfferFailed: CallBook._leg_failed,
    CallAnswered: CallBook._leg_answered,
    LegRang: CallBook._leg_rang,
    LegAnswered: CallBook._leg_answered,
    LegFailed: CallBook._leg_failed,
    LegEnded: CallBook._leg_ended,
}
_CALLS: dict[type[CallFact], Callable[[CallBook, Any, Row], None]] = {
    NoticePlayed: CallBook._notice,
    LanguageChosen: CallBook._language,
    MenusWalked: CallBook._walked,
    RatingAsked: CallBook._asked,
    ReceptionRated: CallBook._rated,
    CallQueued: CallBook._queued,
    NetUsed: CallBook._net,
    CallOffered: CallBook._offered,
    OfferFailed: CallBook._offer_failed,
    CallAnswered: CallBook._answered,
    LegRang: CallBook._rang,
    CallTransferred: CallBook._transferred,
    CallOverflowed: CallBook._overflowed,
    CallBackPromised: CallBook._promised,
    WatchStarted: CallBook._watched,
    RecordingStarted: CallBook._recording,
    CallEnded: CallBook._ended,
}
