"""Facts about calls, as heard from the PBX."""

from uuid import UUID

from schema.facts.base import Fact
from schema.ids import CallId, CaseId


class CallFact(Fact, frozen=True, kw_only=True):
    """Something about one call on PBX `node`. `inferred`: read off a snapshot, not heard as it happened."""

    call: CallId
    node: str
    inferred: bool = False


class CallEntered(CallFact, frozen=True, kw_only=True):
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


class NoticePlayed(CallFact, frozen=True, kw_only=True):
    """The recording notice was played to its end."""


class LanguageChosen(CallFact, frozen=True, kw_only=True):
    """The citizen chose a language (BCP 47); `key` is what was pressed, "" when it was a default."""

    language: str
    key: str = ""


class MenusWalked(CallFact, frozen=True, kw_only=True):
    """The citizen is through the voice menus, or hung up in the menu `left`.

    `path` is what was pressed in which menu, as "language:2 main:silent".
    """

    path: str
    left: str = ""


class CallQueued(CallFact, frozen=True, kw_only=True):
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


class NetUsed(CallFact, frozen=True, kw_only=True):
    """The waiting loop saw no beat and handed the caller to the PBX's own queue."""

    queue: str


class CallOffered(CallFact, frozen=True, kw_only=True):
    """A seat started to ring for the caller. `leg` is the seat's uniqueid.

    `guest`: the seat is of this node, the caller is on another, which tells of the call itself.
    """

    seat: str
    leg: str
    user: UUID | None = None
    why: str = "queue"
    guest: bool = False


class OfferFailed(CallFact, frozen=True, kw_only=True):
    """The seat did not take the call: `reason` is "no answer", "busy", "unreachable" or "caller gone"."""

    seat: str
    leg: str
    reason: str
    guest: bool = False


class CallAnswered(CallFact, frozen=True, kw_only=True):
    """Seat and citizen talk. `by` is "seat", or "citizen" for a call we placed."""

    seat: str
    leg: str
    by: str = "seat"
    user: UUID | None = None
    guest: bool = False


class RatingAsked(CallFact, frozen=True, kw_only=True):
    """The agent at `seat` left, and the citizen is asked what they think of the talk."""

    seat: str


class ReceptionRated(CallFact, frozen=True, kw_only=True):
    """The citizen rated the talk with the agent at `seat` (`user`): 1 very satisfied … 5 very dissatisfied."""

    seat: str
    score: int
    user: UUID | None = None


class LegEnded(CallFact, frozen=True, kw_only=True):
    """One leg hung up. `cause` is the Q.850 number (ITU-T Q.850). `wraps`: the seat writes up the call now."""

    leg: str
    seat: str = ""
    cause: int = 16
    kind: str = ""
    wraps: bool = False


class CallEnded(CallFact, frozen=True, kw_only=True):
    """The citizen's leg is gone. `stage` is where it was: ivr, queue, net, ringing, talking, rating.

    `outcome`: answered, abandoned, failed (never reached: busy, no answer, wrong number) or lost (the PBX died).
    """

    stage: str
    outcome: str
    cause: int = 16
    ended_by: str = "citizen"


class RecordingStarted(CallFact, frozen=True, kw_only=True):
    """A leg is being recorded into the spool under `name` (without ending)."""

    leg: str
    name: str
    seat: str = ""


class RecordingStopped(CallFact, frozen=True, kw_only=True):
    """The PBX closed the files ``<name>.wav``, ``<name>.rx.wav``, ``<name>.tx.wav`` in the spool."""

    leg: str
    name: str
    seat: str = ""


class RecordingKept(Fact, frozen=True, kw_only=True):
    """A recording is in the vault: `recording` its id, `seconds` its length, `sha256` of the mix."""

    recording: UUID
    call: CallId
    leg: str
    seconds: float
    sha256: str


class RecordingPaused(CallFact, frozen=True, kw_only=True):
    """From now on nothing of a leg is recorded, by order: what is said must not be kept."""

    leg: str
    seat: str = ""


class RecordingResumed(CallFact, frozen=True, kw_only=True):
    """A leg is recorded again; `by_itself`: the pause lasted as long as the site lets one last, nobody ordered it."""

    leg: str
    seat: str = ""
    by_itself: bool = False


class RecordingErased(Fact, frozen=True, kw_only=True):
    """A recording's keys are destroyed: nobody can ever hear it again. `reason` says by which rule."""

    recording: UUID
    call: CallId
    reason: str


class RatingGiven(CallFact, frozen=True, kw_only=True):
    """The citizen pressed a rating, 1 (very satisfied) to 5 (very dissatisfied), about a case."""

    case: CaseId
    score: int


class VisitAnswered(CallFact, frozen=True, kw_only=True):
    """The citizen answered a return visit of the voice script by keys: `reception` and `department` are rated 1 (very
    satisfied) to 5, and whether the matter is `solved`."""

    visit: UUID
    case: CaseId
    reception: int
    department: int
    solved: bool = True
