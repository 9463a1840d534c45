"""Calls: those that were and are, and what can be done with one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from backoffice.api import asks, callshapes, shapes
from backoffice.api.door import look
from backoffice.api.giving import Wanted
from backoffice.api.live import calls as live_calls
from backoffice.api.live import connected, moment, opened, person, seats, the_seat
from backoffice.api.pages import moment as asked_moment
from backoffice.api.pages import page
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.giving import CannotOrder, at_gate
from backoffice.office import office
from backoffice.placing import service_of
from schema.calls import CallRow, CallStep, LegRow, QueueEntryRow, SegmentRow, TransferRow
from schema.cases import Case
from schema.desk.donotcall import WORDS
from schema.desk.scope import audible, may_see
from schema.desk.tokens import Holder
from schema.ids import CallId, CaseId, ContactId
from schema.orders import CallOut, HangUpSeat, Hold, PickCaller, Resume, SeatOrder, SendDigits, Transfer
from schema.recordings import Recording
from schema.rules.dialling import KINDS_OF, BadTarget, target

WAITS = frozenset({"queue", "net"})


def listing(ask: Ask) -> callshapes.CallPage:
    """A page of calls."""
    asked, query = ask.query, select(CallRow)
    since, until = asked_moment(asked.since), asked_moment(asked.until)
    if since is not None:
        query = query.where(CallRow.entered_at >= since)
    if until is not None:
        query = query.where(CallRow.entered_at < until)
    columns = ((CallRow.queue, asked.queue), (CallRow.number, asked.number), (CallRow.outcome, asked.outcome))
    for column, wanted in columns:
        if wanted is not UNSET:
            query = query.where(column == wanted)
    if asked.state is not UNSET:
        query = query.where(CallRow.outcome == "" if asked.state == "live" else CallRow.outcome != "")
    if asked.agent is not UNSET:
        query = query.where(_with(asked.agent))
    if not ask.who.everywhere:
        query = query.where(_with(ask.who.user.seat or "-"))
    with office().store.read() as session:
        rows, following = page(session, query, CallRow.entered_at, CallRow.id, asked)
    look(ask, "contact.read", "calls")
    return callshapes.CallPage(items=[callshapes.Call(**_plain(row)) for row in rows], next=following)


def one(ask: Ask) -> callshapes.CallDetail:
    """One call with everything about it."""
    id = ask.path["call"]
    with office().store.read() as session:
        row = _row(session, ask, id)
        legs = session.scalars(
            select(LegRow).where(LegRow.call == id).order_by(LegRow.started_at, LegRow.leg)
        )
        segments = session.scalars(
            select(SegmentRow).where(SegmentRow.call == id).order_by(SegmentRow.started_at, SegmentRow.leg)
        )
        waits = session.scalars(
            select(QueueEntryRow).where(QueueEntryRow.call == id).order_by(QueueEntryRow.n)
        )
        sent = session.scalars(select(TransferRow).where(TransferRow.call == id).order_by(TransferRow.at))
        files = session.scalars(
            select(Recording.id)
            .where(Recording.call == id, audible(session, ask.who))
            .order_by(Recording.started_at)
        )
        found = callshapes.CallDetail(
            **_plain(row), legs=[_leg(leg) for leg in legs], segments=[_segment(part) for part in segments],
            queue_entries=[_wait(wait) for wait in waits],
            transfers=[callshapes.Sent(at=one.at, agent=one.seat, target=one.target, how=one.how) for one in sent],
            recordings=list(files), agents=_agents(id),
        )  # fmt: skip
    look(ask, "contact.read", str(row.contact))
    return found


def steps(ask: Ask) -> callshapes.StepList:
    """What happened in a call, in order."""
    with office().store.read() as session:
        row = _row(session, ask, ask.path["call"])
        query = select(CallStep).where(CallStep.contact == row.contact, CallStep.call == row.id)
        found = session.scalars(query.order_by(CallStep.at, CallStep.id)).all()
    look(ask, "contact.read", str(row.contact))
    return callshapes.StepList(
        items=[callshapes.Step(at=one.at, what=one.hop, agent=one.seat, detail=one.detail) for one in found]
    )


def call_out(ask: Ask) -> Wanted:
    """Ring the agent, then whom they call."""
    seat = ask.at_seat(ask.body.agent)
    person(seat)
    wanted = target_of("callout", ask, seat)
    case, contact = _case(ask.body.case, ask.who)
    try:
        reason = at_gate(wanted, ask.body.reason)
    except CannotOrder as cannot:
        raise Problem("wrong-state", WORDS.get(cannot.code, cannot.code), [("reason", cannot.code)]) from None
    with office().store.read() as session:
        service = service_of(session, office().settings, contact)
    connected(seat)
    opened(seat)
    order = CallOut(by=ask.who.user.id, seat=seat, target=wanted, case=case, contact=contact, service=service)
    return Wanted(orders=(order,), what="call.out", subject=wanted, reason=reason, target=wanted)


def simply(kind: type[SeatOrder], what: str) -> Callable[[Ask], Wanted]:
    """An order about a call that says no more than which."""

    def does(ask: Ask) -> Wanted:
        call = ask.path["call"]
        seat = the_seat(ask, call)
        return Wanted(orders=(kind(by=ask.who.user.id, seat=seat),), what=what, subject=seat, call=call)

    return does


def transfer(ask: Ask) -> Wanted:
    """Send the citizen on at once."""
    call = ask.path["call"]
    seat = the_seat(ask, call)
    wanted = target_of("transfer", ask, seat)
    order = Transfer(by=ask.who.user.id, seat=seat, target=wanted)
    return Wanted(orders=(order,), what="call.transfer", subject=wanted, call=call, target=wanted)


def digits(ask: Ask) -> Wanted:
    """Press keys."""
    call = ask.path["call"]
    seat = the_seat(ask, call)
    order = SendDigits(by=ask.who.user.id, seat=seat, digits=ask.body.digits)
    return Wanted(orders=(order,), what="call.digits", subject=seat, call=call)


def pick(ask: Ask) -> Wanted:
    """Take a caller out of the line."""
    call, seat = ask.path["call"], ask.at_seat(ask.body.agent)
    person(seat)
    connected(seat)
    opened(seat)
    row = live_calls().get(str(call))
    if row is None or row.get("stage") not in WAITS:
        with office().store.read() as session:
            known = session.get(CallRow, call)
        if known is None:
            raise Problem("not-found", "there is no such call")
        if known.stage not in WAITS or known.outcome:
            raise Problem("no-call", "the caller does not wait in a line")
    order = PickCaller(by=ask.who.user.id, seat=seat, call=CallId(call))
    return Wanted(orders=(order,), what="call.pick", subject=str(call), call=call)


def target_of(verb: str, ask: Ask, seat: str) -> str:
    """The target that is asked for, with the right for it. Raises Problem."""
    hotline = office().settings.site.hotline
    try:
        wanted = target(ask.body.target, KINDS_OF[verb], own_seat=seat, hotline=hotline)
    except BadTarget as bad:
        raise Problem("refused", bad.code, [("target", bad.code)]) from None
    if verb != "callout" and wanted.startswith("number:"):
        ask.need("call.transfer-outside")
    kind, _, name = wanted.partition(":")
    if kind == "queue" and name not in office().settings.queues:
        raise Problem("refused", "there is no such queue", [("target", "there is no such queue")])
    return wanted


def _row(session: Session, ask: Ask, id: UUID) -> CallRow:
    row = session.get(CallRow, id)
    if row is None or (not ask.who.everywhere and not session.scalar(
        select(CallRow.id).where(CallRow.id == id, _with(ask.who.user.seat or "-"))
    )):  # fmt: skip
        raise Problem("not-found", "there is no such call")
    return row


def _with(seat: str) -> Any:
    """That an agent was in the call."""
    return or_(CallRow.seat == seat, exists().where(LegRow.call == CallRow.id, LegRow.seat == seat))


def _case(asked: Any, who: Holder) -> tuple[CaseId | None, ContactId | None]:
    if asked is UNSET:
        return None, None
    with office().store.read() as session:
        row = session.get(Case, asked)
        seen = row is not None and may_see(session, who, row)
    if row is None or not seen:
        raise Problem("refused", "there is no such case", [("case", "there is no such case")])
    return CaseId(row.id), ContactId(row.contact)


def _plain(row: CallRow) -> dict[str, Any]:
    names = (name for name in callshapes.Call.__struct_fields__ if name != "agent")
    return {"agent": row.seat, **{name: getattr(row, name) for name in names}}


def _leg(row: LegRow) -> callshapes.Leg:
    return callshapes.Leg(
        id=row.leg, node=row.node, kind=_kind(row.kind), number=row.number, agent=row.seat, user=row.user,
        started_at=row.started_at, answered_at=row.answered_at, ended_at=row.ended_at, cause=row.cause,
        result=row.result,
    )  # fmt: skip


def _segment(row: SegmentRow) -> callshapes.Segment:
    return callshapes.Segment(
        leg=row.leg, n=row.n, leg_kind=_kind(row.leg_kind), agent=row.seat, user=row.user, kind=row.kind,
        others=[_other(one) for one in row.others], started_at=row.started_at, ended_at=row.ended_at,
    )  # fmt: skip


def _wait(row: QueueEntryRow) -> callshapes.QueueEntry:
    return callshapes.QueueEntry(
        n=row.n, queue=row.queue, language=row.language, priority=row.priority, why=row.why, entered_at=row.entered_at,
        ended_at=row.ended_at, result=row.result, agent=row.seat, told_position=row.told_position,
        told_seconds=row.told_seconds,
    )  # fmt: skip


def _kind(kind: str) -> str:
    return "agent" if kind == "seat" else kind


def _other(text: str) -> str:
    kind, _, name = text.partition(":")
    return f"{_kind(kind)}:{name}"


def _agents(call: UUID) -> list[callshapes.AtAgent]:
    return [
        callshapes.AtAgent(
            number=seat, state=row["state"], since=moment(row.get("since")), citizen=row.get("citizen") or "",
            conference=bool(row.get("conference")), consult=consulted(row),
        )
        for seat, row in sorted(seats().items())
        if row.get("call") == str(call)
    ]  # fmt: skip


def consulted(row: Any) -> shapes.Consulted | None:
    """Whom an agent asks."""
    found = row.get("consult")
    return shapes.Consulted(target=found["target"], state=found["state"]) if found else None


def order_route(
    path: str, name: str, summary: str, right: str, does: Any, body: type[asks.Asked] = asks.AtCall, *more: str
) -> Route:  # fmt: skip
    """The way in for an order about a call."""
    return Route(
        method="POST", path=f"/calls/{{call}}/{path}", name=name, tag="calls", summary=summary, right=right, does=does,
        query=asks.Wait, body=body, gives=shapes.Order, fails=("no-call", *more),
    )  # fmt: skip


ROUTES = (
    Route(
        method="GET", path="/calls", name="calls", tag="calls", summary="Calls, newest first", right="contact.read",
        does=listing, query=asks.Calls, gives=callshapes.CallPage,
        about="A token without seat.on-behalf sees the calls of its own agent.",
    ),
    Route(
        method="POST", path="/calls", name="call-out", tag="calls", summary="Call out for an agent", right="call.out",
        does=call_out, query=asks.Wait, body=asks.NewCall, gives=shapes.Order,
        fails=("refused", "seat-closed", "not-found", "wrong-state"),
        about="The agent's telephone rings first and answers by itself. The order's id is the call's.",
    ),
    Route(
        method="GET", path="/calls/{call}", name="call", tag="calls", right="contact.read", does=one,
        summary="One call, with its legs, segments, waits and transfers", gives=callshapes.CallDetail,
    ),
    Route(
        method="GET", path="/calls/{call}/events", name="call-events", tag="calls", right="contact.read", does=steps,
        summary="What happened in a call, in order", gives=callshapes.StepList,
    ),
    order_route("hold/start", "hold-start", "Let the citizen hear music", "seat.work", simply(Hold, "call.hold")),
    order_route("hold/stop", "hold-stop", "Take the citizen back", "seat.work", simply(Resume, "call.resume")),
    order_route("hangup", "hangup", "End the agent's part of the call", "seat.work",
                simply(HangUpSeat, "call.hang-up")),
    order_route("transfer", "transfer-blind", "Send the citizen on at once (blind)", "call.transfer", transfer,
                asks.SendTo, "refused"),
    order_route("digits", "digits", "Press keys (DTMF)", "call.digits", digits, asks.Keys),
    order_route("pick", "pick", "Take a waiting caller out of the line", "call.pick", pick, asks.Pick, "seat-closed"),
)  # fmt: skip
