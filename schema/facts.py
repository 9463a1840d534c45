"""Facts: what happened, past tense and frozen. Times are UTC; `contact` is the id that follows one approach.

A fact is written to the outbox in the transaction that made it true (see `schema.store`) and then travels the
bus by its class name. Adding a field with a default is compatible; renaming or removing one is not.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.ids import CallId, CaseId, ContactId, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened `at` a time, for a `contact` (None where no citizen is concerned)."""

    at: datetime
    contact: ContactId | None = None


# -- calls, as heard from the PBX --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFact(Fact):
    """Something about one call on PBX `node`. `inferred`: read off a snapshot, not heard as it happened."""

    call: CallId
    node: str
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEntered(CallFact):
    """A citizen's leg came in over the trunk (or was rung by us: `direction` "out"). `leg` is its uniqueid."""

    leg: str
    channel: str
    number: str
    dialled: str
    direction: str = "in"
    purpose: str = "hotline"
    case: CaseId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePlayed(CallFact):
    """The recording notice was played to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen(CallFact):
    """The citizen chose a language (BCP 47); `key` is what was pressed, "" when it was a default."""

    language: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQueued(CallFact):
    """A caller started to wait. `language` a BCP 47 tag; `priority` 0 (ordinary) to 9 (first).

    `returning`: the caller was with a seat that did not answer and comes back to the head of the queue.
    """

    queue: str
    language: str
    priority: int = 0
    returning: bool = False
    leg: str = ""
    channel: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetUsed(CallFact):
    """The waiting loop saw no beat and handed the caller to the PBX's own queue."""

    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffered(CallFact):
    """A seat started to ring for the caller. `leg` is the seat's uniqueid."""

    seat: str
    leg: str
    user: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFailed(CallFact):
    """The seat did not take the call: `reason` is "no answer", "busy", "unreachable" or "caller gone"."""

    seat: str
    leg: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(CallFact):
    """Seat and citizen talk. `by` is "seat", or "citizen" for a call we placed."""

    seat: str
    leg: str
    by: str = "seat"
    user: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded(CallFact):
    """One leg hung up. `cause` is the Q.850 number (ITU-T Q.850)."""

    leg: str
    seat: str = ""
    cause: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(CallFact):
    """The citizen's leg is gone. `stage` is where it was: ivr, queue, net, ringing, talking, rating.

    `outcome`: answered, abandoned, failed (never reached: busy, no answer, wrong number) or lost (the PBX died).
    """

    stage: str
    outcome: str
    cause: int = 16
    ended_by: str = "citizen"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted(CallFact):
    """A leg is being recorded into the spool under `name` (without ending)."""

    leg: str
    name: str
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStopped(CallFact):
    """The PBX closed the files ``<name>.wav``, ``<name>.rx.wav``, ``<name>.tx.wav`` in the spool."""

    leg: str
    name: str
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingKept(Fact):
    """A recording is in the vault: `recording` its id, `seconds` its length, `sha256` of the mix."""

    recording: UUID
    call: CallId
    leg: str
    seconds: float
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingGiven(CallFact):
    """The citizen pressed a rating, 1 (very satisfied) to 5 (very dissatisfied), about a case."""

    case: CaseId
    score: int


# -- seats -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFact(Fact):
    """Something about one seat (`seat` is its extension, for example "101")."""

    seat: str
    node: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOpened(SeatFact):
    """The PBX knows the seat: its endpoint exists with a fresh secret, and `user` sits there."""

    user: UUID
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatClosed(SeatFact):
    """The seat's endpoint is gone from the PBX."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatReachable(SeatFact):
    """The seat's softphone is registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatUnreachable(SeatFact):
    """The seat's softphone is no longer registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatReady(SeatFact):
    """The seat takes calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPaused(SeatFact):
    """The seat takes no calls, for a `reason` (a word from the dictionary: rest, training, "no answer" …)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpStarted(SeatFact):
    """The seat's talk is over and it writes up the call."""

    call: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpEnded(SeatFact):
    """The seat is done with wrap-up (`by` agent or timer)."""

    by: str = "agent"


# -- cases -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact(Fact):
    """Something about one case; `state` is the state after it, `version` the row's version after it."""

    case: CaseId
    case_no: str
    state: str
    version: int
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiled(CaseFact):
    """A request was accepted and filed as a case (收集 → 受理 → 立案)."""

    kind: str
    title: str
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDispatched(CaseFact):
    """A task for a grid worker was made from the case (派遣)."""

    task: TaskId
    worker: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHandled(CaseFact):
    """The worker's report answers the task (处理 → 反馈)."""

    task: TaskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChecked(CaseFact):
    """What was done was checked (核查)."""

    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(CaseFact):
    """The case is closed (结案); a return visit is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSentBack(CaseFact):
    """The case went back a step, for a reason (退回)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRated(CaseFact):
    """The citizen's rating is on the case (评价)."""

    score: int


# -- the field ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyStarted(Fact):
    """A grid worker clocked on with a device."""

    worker: UUID
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyEnded(Fact):
    """A grid worker clocked off (打卡下班)."""

    worker: UUID
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSent(Fact):
    """A task went down to a device, the broker took it."""

    task: TaskId
    case: CaseId
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskShown(Fact):
    """The handset showed the task to the worker."""

    task: TaskId
    case: CaseId
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReceived(Fact):
    """A handset's report is committed. `report` is the id the handset made, `made` when it was written."""

    report: UUID
    device: str
    worker: UUID
    task: TaskId | None
    case: CaseId | None
    made: datetime
    photos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceived(Fact):
    """A photo or voice note is whole, its SHA-256 right, and in the vault."""

    media: UUID
    report: UUID
    case: CaseId | None
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(Fact):
    """A handset's message was refused: `reason` for people, `code` for programs."""

    device: str
    topic: str
    code: str
    reason: str
