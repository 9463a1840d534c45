"""A stage for the pure files: people do things, the PBX tells of them as AMI events, and facts come out."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cti import notes
from cti.ami import message
from cti.floor import Floor
from cti.hears import Hearing
from cti.memory import Memory
from cti.tape import Heard
from schema.facts import Fact
from schema.ids import CallId, uuid7

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
WANG, LI = UUID(int=7), UUID(int=8)


class Caller:
    """A citizen's channel: `legs` are those of the seats that rang for them, newest last."""

    def __init__(self, number: str = "13900000001", leg: str = "") -> None:
        self.id = uuid7()
        self.call = CallId(self.id)
        self.number = number
        self.leg = leg or f"17.{self.id.int % 1_000_000}"
        self.legs: list[str] = []


class Play:
    """Plays events into a hearing and its floor; `facts` are all that came of them. The clock stands unless moved."""

    def __init__(self) -> None:
        self.now = NOON
        self.tape: list[Heard] = []
        self.facts: list[Fact] = []
        self.hearing = Hearing("pbx1", Memory())
        self.floor = Floor(ZONE)

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    def event(self, **fields: str) -> list[Fact]:
        """Something comes from the PBX."""
        named = {"Event": fields.pop("Event"), **fields}
        frame = Heard("pbx1", "e", len(self.tape) + 1, 0, self.now, message(named))
        self.tape.append(frame)
        facts = self.hearing.hear(frame)
        for fact in facts:
            self.floor.hear(fact)
        self.facts += facts
        return facts

    def note(self, note: notes.Note) -> list[Fact]:
        """Something we did or saw is put on the tape."""
        return self.event(**note)

    def told(self, caller: Caller, what: str, leg: str = "", **fields: str) -> list[Fact]:
        """The dialplan tells something about a caller."""
        return self.event(
            Event="UserEvent", Channel=f"PJSIP/carrier-{caller.leg}", Uniqueid=leg or caller.leg,
            UserEvent="Gridline", What=what, Contact=str(caller.id), Call=str(caller.call), **fields,
        )  # fmt: skip

    # -- what people do --------------------------------------------------------------------------------------

    def seat(self, name: str = "101", user: UUID = WANG, ready: bool = True) -> None:
        """A seat is opened, its softphone registers, and it gets ready."""
        self.note(notes.seat_opening(name))
        self.note(notes.seat_opened(name, user, "Wang"))
        self.registered(name)
        if ready:
            self.note(notes.seat_ready(name))

    def registered(self, name: str, status: str = "Reachable", uri: str = "sip:a@b") -> list[Fact]:
        """The softphone comes or goes."""
        return self.event(Event="ContactStatus", AOR=f"seat{name}", URI=uri, ContactStatus=status)

    def calls(self, caller: Caller) -> list[Fact]:
        """A citizen calls."""
        return self.told(caller, "Entered", Number=caller.number, Dialled="12345", Direction="in", Purpose="hotline",
                         Case="")  # fmt: skip

    def waits(self, caller: Caller, returning: bool = False, priority: int = 0) -> list[Fact]:
        """The caller waits for a seat."""
        return self.told(caller, "Queued", Queue="hotline", Spoken="zh", Level=str(priority),
                         Returning=str(int(returning)), Number=caller.number)  # fmt: skip

    def rings(self, caller: Caller, seat: str = "101") -> list[Fact]:
        """A seat rings for the caller."""
        caller.legs.append(f"{caller.leg}.{seat}.{len(caller.legs)}")
        return self.event(
            Event="DialBegin", Channel=f"PJSIP/carrier-{caller.leg}", Uniqueid=caller.leg,
            DestChannel=f"PJSIP/seat{seat}-{caller.legs[-1]}", DestUniqueid=caller.legs[-1],
        )  # fmt: skip

    def answers(self, caller: Caller, seat: str = "101") -> list[Fact]:
        """The seat answers."""
        return self.told(caller, "Answered", leg=caller.legs[-1], Seat=seat)

    def fails(self, caller: Caller, seat: str = "101", status: str = "NOANSWER") -> list[Fact]:
        """The seat does not take the call; its leg is over."""
        self.over(caller.legs[-1])
        return self.told(caller, "OfferFailed", Seat=seat, Status=status)

    def over(self, leg: str, cause: int = 16) -> list[Fact]:
        """A channel is gone."""
        return self.event(Event="Hangup", Uniqueid=leg, Cause=str(cause))

    def hangs_up(self, caller: Caller) -> list[Fact]:
        """The citizen hangs up, wherever they are."""
        self.event(Event="HangupRequest", Uniqueid=caller.leg)
        for leg in caller.legs:
            if leg in self.hearing.memory.legs:
                self.over(leg)
        return self.over(caller.leg)

    def brought(self, caller: Caller, stage: str) -> Caller:
        """A caller brought to a stage, with seat 101 ringing or talking."""
        self.calls(caller)
        if stage in ("queue", "net", "ringing", "talking"):
            self.waits(caller)
        if stage == "net":
            self.told(caller, "Net", Queue="hotline")
        if stage in ("ringing", "talking"):
            self.rings(caller)
        if stage == "talking":
            self.answers(caller)
        return caller

    def last(self, kind: type[Fact]) -> Any:
        """The last fact of a kind."""
        return [fact for fact in self.facts if isinstance(fact, kind)][-1]

    def count(self, kind: type[Fact]) -> int:
        """How many facts of a kind there were."""
        return sum(isinstance(fact, kind) for fact in self.facts)
