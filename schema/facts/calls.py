"""Facts about calls, as heard from the PBX."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.base import Fact
from schema.ids import CallId, CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFact(Fact):
    """Something about one call on PBX `node`. `inferred`: read off a snapshot, not heard as it happened."""

    call: CallId
    node: str
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEntered(CallFact):
    """A citizen's leg came in over the trunk (or was rung by us: `direction` "out"). `leg` is its uniqueid.

    A call that an agent places begins with the agent's leg: `leg` is "" until the citizen's rings (`LegRang`), and
    `purpose` is call-out, call-back, internal (seat to seat, where `leg` is the placing seat's) or prompt (a seat
    speaks a prompt; `leg` is its).
    """

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
class MenusWalked(CallFact):
    """The citizen is through the voice menus, or hung up in the menu `left`.

    `path` is what was pressed in which menu, as "language:2 main:silent".
    """

    path: str
    left: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQueued(CallFact):
    """A caller started to wait. `language` a BCP 47 tag; `priority` 0 (ordinary) to 9 (first).

    `returning`: the caller was with a seat that did not answer and comes back to the head of the queue. `why` says what
    brought the caller: "" from the voice menu, no answer, transfer, overflow, lost (the agent's browser died).
    `skills` are wanted of the seat, "name:level" separated by blanks.
    """

    queue: str
    language: str
    priority: int = 0
    returning: bool = False
    leg: str = ""
    channel: str = ""
    number: str = ""
    why: str = ""
    skills: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetUsed(CallFact):
    """The waiting loop saw no beat and handed the caller to the PBX's own queue."""

    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffered(CallFact):
    """A seat started to ring for the caller. `leg` is the seat's uniqueid.

    `guest`: the seat is of this node, the caller is on another, which tells of the call itself.
    """

    seat: str
    leg: str
    user: UUID | None = None
    why: str = "queue"
    guest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFailed(CallFact):
    """The seat did not take the call: `reason` is "no answer", "busy", "unreachable" or "caller gone"."""

    seat: str
    leg: str
    reason: str
    guest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(CallFact):
    """Seat and citizen talk. `by` is "seat", or "citizen" for a call we placed."""

    seat: str
    leg: str
    by: str = "seat"
    user: UUID | None = None
    guest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingAsked(CallFact):
    """The agent at `seat` left, and the citizen is asked what they think of the talk."""

    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionRated(CallFact):
    """The citizen rated the talk with the agent at `seat` (`user`): 1 very satisfied … 5 very dissatisfied."""

    seat: str
    score: int
    user: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded(CallFact):
    """One leg hung up. `cause` is the Q.850 number (ITU-T Q.850). `wraps`: the seat writes up the call now."""

    leg: str
    seat: str = ""
    cause: int = 16
    kind: str = ""
    wraps: bool = False


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
class RecordingPaused(CallFact):
    """From now on nothing of a leg is recorded, by order: what is said must not be kept."""

    leg: str
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingResumed(CallFact):
    """A leg is recorded again; `by_itself`: the pause lasted as long as the site lets one last, nobody ordered it."""

    leg: str
    seat: str = ""
    by_itself: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingErased(Fact):
    """A recording's keys are destroyed: nobody can ever hear it again. `reason` says by which rule."""

    recording: UUID
    call: CallId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingGiven(CallFact):
    """The citizen pressed a rating, 1 (very satisfied) to 5 (very dissatisfied), about a case."""

    case: CaseId
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitAnswered(CallFact):
    """The citizen answered a return visit of the voice script by keys: `reception` and `department` are rated 1 (very
    satisfied) to 5, and whether the matter is `solved`."""

    visit: UUID
    case: CaseId
    reception: int
    department: int
    solved: bool = True
