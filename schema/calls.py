"""Calls, their legs, and seats, as rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId


class CallRow(Base):
    """One call, one row, whatever happened to it.

    `stage` is where it is or where it ended (ivr, queue, net, ringing, talking, rating); `outcome` is "" while it
    lives, then answered, abandoned, failed or lost. `seat` and `user` are of the first answer.
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_number_entered_at", "number", "entered_at"),
        Index("ix_calls_outcome_entered_at", "outcome", "entered_at"),
        Index("ix_calls_user_entered_at", "user", "entered_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact: Mapped[UUID] = mapped_column(index=True)
    node: Mapped[str] = mapped_column(String(20))
    leg: Mapped[str] = mapped_column(String(40), default="")
    direction: Mapped[str] = mapped_column(String(3), default="in")
    purpose: Mapped[str] = mapped_column(String(20), default="hotline")
    case: Mapped[UUID | None] = mapped_column(index=True)
    number: Mapped[str] = mapped_column(String(32), default="")
    dialled: Mapped[str] = mapped_column(String(32), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    queue: Mapped[str] = mapped_column(String(40), default="")
    stage: Mapped[str] = mapped_column(String(10), default="ivr")
    outcome: Mapped[str] = mapped_column(String(10), default="")
    ended_by: Mapped[str] = mapped_column(String(10), default="")
    cause: Mapped[int] = mapped_column(default=0)
    entered_at: Mapped[datetime] = mapped_column(index=True)
    queued_at: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    seat: Mapped[str] = mapped_column(String(16), default="")
    user: Mapped[UUID | None]
    offers: Mapped[int] = mapped_column(default=0)
    by_net: Mapped[bool] = mapped_column(default=False)
    inferred: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)


class LegRow(Base):
    """One leg of a call, keyed (node, uniqueid). `kind` is citizen, seat, party or watcher.

    `number` is the telephone of a leg that is no seat's; `bridge` the one it is in now.
    """

    __tablename__ = "legs"

    node: Mapped[str] = mapped_column(String(20), primary_key=True)
    leg: Mapped[str] = mapped_column(String(40), primary_key=True)
    call: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(32), default="", server_default="")
    bridge: Mapped[str] = mapped_column(String(40), default="", server_default="")
    seat: Mapped[str] = mapped_column(String(16), default="")
    user: Mapped[UUID | None]
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cause: Mapped[int] = mapped_column(default=0)
    result: Mapped[str] = mapped_column(String(20), default="")


class CallStep(Base):
    """A dated step of a call for its time line: one fact, once (`key` is unique per fact and call)."""

    __tablename__ = "call_steps"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    contact: Mapped[UUID] = mapped_column(index=True)
    call: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    hop: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    seat: Mapped[str] = mapped_column(String(16), default="")
    detail: Mapped[str] = mapped_column(String(200), default="")


class MenuWalk(Base):
    """How a citizen went through the voice menus; `path` and `left` as in the fact MenusWalked."""

    __tablename__ = "menu_walks"

    call: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(String(200))
    left: Mapped[str] = mapped_column(String(20), default="")


class CallRating(Base):
    """What a citizen thinks of the talk with an agent, asked once the agent had left: 1 very satisfied … 5 very
    dissatisfied. One a call; `seat` and `user` are those of the agent who left."""

    __tablename__ = "call_ratings"

    call: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    seat: Mapped[str] = mapped_column(String(16))
    user: Mapped[UUID | None] = mapped_column(index=True)
    queue: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    score: Mapped[int]


class TapeMark(Base):
    """How far the records have got on the tape of one node: committed with them, so they come out once."""

    __tablename__ = "tape_marks"

    node: Mapped[str] = mapped_column(String(20), primary_key=True)
    epoch: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int] = mapped_column(BigId)


class SeatRow(Base):
    """A seat that is open: who sits there, and its last known state, so that a restart finds it again."""

    __tablename__ = "seats"

    seat: Mapped[str] = mapped_column(String(16), primary_key=True)
    node: Mapped[str] = mapped_column(String(20))
    user: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(100), default="")
    digest: Mapped[str] = mapped_column(String(32))
    webrtc: Mapped[bool] = mapped_column(default=True, server_default=true())
    language: Mapped[str] = mapped_column(String(8), default="zh")
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(40), default="")
    since: Mapped[datetime]
    opened_at: Mapped[datetime]


class QueueEntryRow(Base):
    """One wait of one caller in one queue: what every figure about queues is counted from.

    `result`: "" while the caller waits, then answered, abandoned, overflowed or called back. `told_seconds` is the
    waiting time that was promised (None: none was). A caller who comes back unanswered continues the entry; one who was
    answered and is sent back, or overflows, begins the next (`n` counts from 1).
    """

    __tablename__ = "queue_entries"

    call: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(String(20))
    queue: Mapped[str] = mapped_column(String(40), index=True)
    language: Mapped[str] = mapped_column(String(8), default="")
    priority: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(String(20), default="")
    entered_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(12), default="")
    seat: Mapped[str] = mapped_column(String(16), default="")
    user: Mapped[UUID | None]
    told_position: Mapped[int | None]
    told_seconds: Mapped[int | None]
    told_at: Mapped[datetime | None]


class SegmentRow(Base):
    """A stretch of one leg with the same company: who talked to whom from when to when.

    `kind`: talk (citizen and one seat or party), consult (no citizen), conference (three or more), hold (music),
    listen, whisper or barge (a watcher's leg). `others` names the other legs as "kind:seat-or-number" (a text list).
    """

    __tablename__ = "segments"

    node: Mapped[str] = mapped_column(String(20), primary_key=True)
    leg: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    call: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), index=True)
    leg_kind: Mapped[str] = mapped_column(String(10))
    seat: Mapped[str] = mapped_column(String(16), default="", index=True)
    user: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(12))
    bridge: Mapped[str] = mapped_column(String(40), default="")
    others: Mapped[list[str]] = mapped_column(JSON, default=list)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class SeatSpellRow(Base):
    """A stretch of one seat in one state: opening to closing, without gaps.

    `state`: unreachable, ready, paused (with `reason`), ringing, talking, hold, wrapup.
    """

    __tablename__ = "seat_spells"

    node: Mapped[str] = mapped_column(String(20), primary_key=True)
    seat: Mapped[str] = mapped_column(String(16), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, default=0)
    user: Mapped[UUID] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(40), default="")
    call: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)


class TransferRow(Base):
    """A citizen sent on from a seat; `how` and `target` as in the fact CallTransferred."""

    __tablename__ = "transfers"

    call: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    seat: Mapped[str] = mapped_column(String(16), default="")
    user: Mapped[UUID | None]
    target: Mapped[str] = mapped_column(String(40))
    how: Mapped[str] = mapped_column(String(12))


class CallBackRow(Base):
    """A promised call-back that keeps its place in the line. `state` by schema/rules/callbacks.py."""

    __tablename__ = "callbacks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact: Mapped[UUID] = mapped_column(index=True)
    call: Mapped[UUID]
    node: Mapped[str] = mapped_column(String(20))
    queue: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(32), index=True)
    language: Mapped[str] = mapped_column(String(8), default="")
    priority: Mapped[int] = mapped_column(default=0)
    place: Mapped[datetime]
    promised_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default="promised", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(20), default="")
    kept_call: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
