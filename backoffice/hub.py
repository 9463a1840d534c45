"""The hub: hears the bus and the floor, and puts what each listener may know on their streams."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

import msgspec

from backoffice.floor import FloorMirror, Message
from backoffice.rights import may
from backoffice.stream import Event, Stream
from backoffice.trim import everything, trim_floor
from schema import facts
from schema.bus import Envelope
from schema.desk.sessions import Visitor
from schema.rules import access
from schema.rules.access import Subject

CASE_FACTS = (
    facts.CaseFact, facts.TaskSent, facts.TaskShown, facts.ReportReceived, facts.ReportEdited, facts.MediaReceived,
)  # fmt: skip
HEARD = (*CASE_FACTS, facts.CallFact, facts.RecordingKept, facts.MessageSent, facts.Announced)


class Listener(Protocol):
    """A connection with a stream, told when there is something to write."""

    stream: Stream

    def flush(self) -> None:
        """Write what waits, as far as the peer takes it."""


class Hub:
    """All listeners of this process. Used on the reactor thread only.

    `shown` says of a way of listening in whether the agent is told.
    """

    def __init__(self, floor: FloorMirror, shown: Callable[[str], bool] = everything) -> None:
        self._floor, self._shown = floor, shown
        self.listeners: set[Listener] = set()
        self.store_ok = True
        self._bridge_ok = floor.alive
        self._nodes = floor.nodes()

    def whole(self, who: Visitor) -> list[Event]:
        """What a screen needs from nothing: every node's floor, and what is reachable."""
        snapshot = self._floor.snapshot()
        floor = [("floor", cut) for message in snapshot if (cut := trim_floor(message, who, self._shown))]
        nodes = [("nodes", self._floor.nodes())] if may(who, "board.see") else []
        return [*floor, ("store", {"ok": self.store_ok}), ("bridge", {"ok": self._floor.alive}), *nodes]

    def floor_changed(self, message: Message) -> None:
        """A node's floor changed."""
        # Written out once for all who may see all of it: with hundreds of boards this is most of the work.
        whole = msgspec.Raw(msgspec.json.encode(message))
        for listener in list(self.listeners):
            cut = trim_floor(message, listener.stream.who, self._shown)
            if cut is not None:
                listener.stream.put("floor", whole if cut is message else cut)
                listener.flush()
        self.look_at_bridge()

    def fact(self, envelope: Envelope) -> None:
        """A fact was published."""
        fact = envelope.message
        contact = fact.contact
        named: Event | None = None
        right = "case.read"
        subject = None
        if isinstance(fact, facts.CaseFact | facts.AboutCase):
            subject = Subject(fact.department, None, fact.confidential)
        if isinstance(fact, CASE_FACTS):
            named = ("case", case_event(fact, envelope.name))
        elif isinstance(fact, facts.RecordingKept):
            right = "recording.play"
            named = ("recording", {"recording": fact.recording, "call": fact.call, "contact": contact})
        if isinstance(fact, facts.MessageSent | facts.Announced):
            self._news(fact.to if isinstance(fact, facts.MessageSent) else None)
            return
        for listener in list(self.listeners):
            stream = listener.stream
            if subject is not None and not access.may(stream.who.actor, "case.read", subject):
                continue  # not even that something happened
            if named and may(stream.who, right):
                stream.put(*named)
            elif contact is not None and stream.contact == contact and may(stream.who, "case.read"):
                stream.put("step", {"contact": contact, "what": envelope.name})
            else:
                continue
            listener.flush()

    def _news(self, to: tuple[UUID, ...] | None) -> None:
        """There is something new for these people (None: for everybody); what it is they ask for."""
        for listener in list(self.listeners):
            if to is None or listener.stream.who.id in to:
                listener.stream.put("news", {})
                listener.flush()

    def seat_taken(self, told: dict[str, Any]) -> None:
        """A seat was opened from a page: every other page of it must let go."""
        for listener in list(self.listeners):
            if listener.stream.who.seat and listener.stream.who.seat == told.get("seat"):
                listener.stream.put("seat", told)
                listener.flush()

    def store_seen(self, ok: bool) -> None:
        """The database answered, or did not."""
        if ok != self.store_ok:
            self.store_ok = ok
            self._tell("store", {"ok": ok})

    def look_at_bridge(self) -> None:
        """Tell when the telephone bridge fell silent or is back; boards hear it of each node."""
        if (nodes := self._floor.nodes()) != self._nodes:
            self._nodes = nodes
            for listener in list(self.listeners):
                if may(listener.stream.who, "board.see"):
                    listener.stream.put("nodes", nodes)
                    listener.flush()
        ok = self._floor.alive
        if ok != self._bridge_ok:
            self._bridge_ok = ok
            self._tell("bridge", {"ok": ok})

    def beat(self, at: str) -> None:
        """Show every listener that the line is alive."""
        self._tell("beat", {"at": at})

    def _tell(self, event: str, data: Any) -> None:
        for listener in list(self.listeners):
            listener.stream.put(event, data)
            listener.flush()


def case_event(fact: Any, name: str) -> dict[str, Any]:
    """What a screen is told of a case fact; what it does not know it asks for."""
    return {
        "case": fact.case,
        "case_no": getattr(fact, "case_no", ""),
        "state": getattr(fact, "state", ""),
        "version": getattr(fact, "version", 0),
        "contact": fact.contact,
        "hop": name,
    }
