"""Which facts a token may see in the event stream, and as what: pure."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from schema import facts
from schema.desk.tokens import Holder
from schema.rules.access import Subject, may
from schema.wire import FACTS

FAMILIES = ("calls", "agents", "callbacks", "recordings", "cases")
_WATCHES = (facts.WatchStarted, facts.WatchEnded)
_RECORDED = (facts.RecordingKept, facts.RecordingStarted, facts.RecordingStopped)
_CASES = (facts.CaseFact, facts.TaskSent, facts.TaskShown, facts.ReportReceived, facts.MediaReceived)
RIGHTS = {
    "calls": "contact.read", "agents": "board.see", "callbacks": "contact.read", "recordings": "recording.play",
    "cases": "case.read",
}  # fmt: skip
"""What a family needs beside the stream itself; a watch needs seat.supervise."""


def family_of(name: str) -> str:
    """The family of a fact by its name; "" for what is not told outside."""
    kind = FACTS.get(name)
    if kind is None:
        return ""
    if issubclass(kind, _RECORDED):
        return "recordings"
    if issubclass(kind, facts.PromiseFact | facts.CallBackPromised | facts.CallBackAsked):
        return "callbacks"
    if issubclass(kind, facts.CallFact):
        return "calls"
    if issubclass(kind, facts.SeatFact):
        return "agents"
    return "cases" if issubclass(kind, _CASES) else ""


NAMES: dict[str, str] = {name: family for name in FACTS if (family := family_of(name))}
"""Every fact that is told, with its family."""


def wanted(text: str | None) -> frozenset[str]:
    """The names of facts that a list of names and families means. Raises KeyError for what is neither."""
    if not text:
        return frozenset(NAMES)
    found: set[str] = set()
    for word in text.split(","):
        named = {name for name, family in NAMES.items() if word in (name, family)}
        if not named:
            raise KeyError(word)
        found |= named
    return frozenset(found)


def _subject(body: Any) -> Subject:
    """The case a fact is about; one that does not say so (an old one) is as any other."""
    department = body.get("department")
    return Subject(UUID(department) if department else None, None, bool(body.get("confidential")))


def sight(who: Holder, names: Collection[str], shown: Callable[[str], bool]) -> Callable[[str, Any], bool]:
    """Whether a token sees a fact (its name and body).

    Without board.see it sees what concerns its own agent's seat. An agent learns of who listens in only what `shown`
    says of the mode.
    """
    open_to = {name for name in names if who.may(RIGHTS[NAMES[name]])}
    everything, own = who.may("board.see"), who.user.seat
    if not everything and own is not None and who.may("seat.work"):
        open_to |= {name for name in names if NAMES[name] == "agents"}
    watches = {kind.__name__ for kind in _WATCHES}
    overseer = who.may("seat.supervise")

    def sees(name: str, body: Any) -> bool:
        if name not in open_to:
            return False
        if NAMES[name] == "cases" and not may(who.actor, "case.read", _subject(body)):
            return False
        if not everything and (own is None or body.get("seat") != own):
            return False
        return overseer or name not in watches or shown(str(body.get("mode", "")))

    return sees
