"""Segments: who talked to whom from when to when, out of who entered and left which bridge. Pure.

A segment of a leg is the longest stretch with the same company. It begins when the leg enters a bridge in which
somebody is, when somebody joins or leaves it there, when the leg is put on hold, or when a supervisor's leg begins to
listen; it ends with the next such change. What was lost or comes twice bends no segment: none is negative, none of
a leg overlap, and all of a leg's end with it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

TALK = ("talk", "consult", "conference")
"""The kinds in which somebody hears a leg speak."""


@dataclass(frozen=True, slots=True)
class Who:
    """One leg of a call: its uniqueid, `kind` (citizen, seat, party, watcher), and seat or telephone ("" for none)."""

    leg: str
    kind: str
    seat: str = ""
    number: str = ""

    @property
    def label(self) -> str:
        """How others name it: "seat:101", "party:+86…", "citizen"."""
        name = self.seat or ("" if self.kind == "citizen" else self.number)
        return f"{self.kind}:{name}" if name else self.kind


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one leg. `kind` is talk, consult, conference, hold, listen, whisper or barge; `ended` None while it
    lasts. `others` are the labels of its company."""

    who: Who
    kind: str
    bridge: str
    others: tuple[str, ...]
    started: datetime
    ended: datetime | None = None

    @property
    def seconds(self) -> float:
        """How long it lasted; 0 while it does."""
        return (self.ended - self.started).total_seconds() if self.ended is not None else 0.0


@dataclass(slots=True)
class Segments:
    """The segments of one call as they come about: what each change closes and opens is returned, closed ones first.

    `rooms` are the legs in each bridge, `open` the segment that each leg is in. `now` is the latest moment heard of: a
    clock that is set back makes no segment that begins before the one before it ended.
    """

    rooms: dict[str, dict[str, Who]] = field(default_factory=dict)
    open: dict[str, Segment] = field(default_factory=dict)
    now: datetime | None = None

    @property
    def empty(self) -> bool:
        """Whether no leg is anywhere."""
        return not self.rooms and not self.open

    def joined(self, who: Who, bridge: str, at: datetime) -> list[Segment]:
        """A leg entered a bridge."""
        at = self._on(at)
        changed = self._out(who.leg, at) if self.room(who.leg) not in ("", bridge) else []
        self.rooms.setdefault(bridge, {})[who.leg] = who
        return changed + self._settle(bridge, at)

    def left(self, leg: str, bridge: str, at: datetime) -> list[Segment]:
        """A leg left a bridge. Said of one in which it is not (any more), it means nothing."""
        return self._out(leg, self._on(at)) if self.room(leg) == bridge else []

    def held(self, who: Who, at: datetime) -> list[Segment]:
        """A leg hears music: it is in no bridge, whatever was heard of that."""
        at = self._on(at)
        changed = self._out(who.leg, at) if self.room(who.leg) else []
        return changed + self._turn(who, "hold", "", (), at)

    def sent_on(self, at: datetime) -> list[Segment]:
        """The citizen is on their way to somebody else, or waits in a line: they are not on hold any more."""
        held = [leg for leg, one in self.open.items() if one.kind == "hold" and one.who.kind == "citizen"]
        return [one for leg in held for one in self._close(leg, self._on(at))]

    def watches(self, who: Who, mode: str, over: str, at: datetime) -> list[Segment]:
        """A supervisor's leg is over a seat's shoulder, or changes how: `mode` listen, whisper or barge."""
        return self._turn(who, mode, self.room(who.leg), (f"seat:{over}",), self._on(at))

    def watched(self, leg: str, at: datetime) -> list[Segment]:
        """The supervisor is there no more; with others in a bridge, it talks with them from now on."""
        at, now = self._on(at), self.open.get(leg)
        if now is None or now.kind not in WATCHING:
            return []
        closed = self._close(leg, at)
        bridge = self.room(leg)
        return closed + self._settle(bridge, at) if bridge else closed

    def ended(self, leg: str, at: datetime) -> list[Segment]:
        """A leg is over."""
        return self._out(leg, self._on(at))

    def room(self, leg: str) -> str:
        """The bridge that a leg is in, "" for none."""
        for bridge, legs in self.rooms.items():
            if leg in legs:
                return bridge
        return ""

    def _on(self, at: datetime) -> datetime:
        self.now = at if self.now is None or at > self.now else self.now
        return self.now

    def _out(self, leg: str, at: datetime) -> list[Segment]:
        changed, bridge = self._close(leg, at), self.room(leg)
        if bridge:
            del self.rooms[bridge][leg]
            changed += self._settle(bridge, at)
            if not self.rooms[bridge]:
                del self.rooms[bridge]
        return changed

    def _settle(self, bridge: str, at: datetime) -> list[Segment]:
        """Everybody in a bridge, with the company they have there now."""
        legs = self.rooms[bridge]
        kind = kind_of(legs.values())
        closed: list[Segment] = []
        opened: list[Segment] = []
        for who in legs.values():
            now = self.open.get(who.leg)
            if now is not None and now.kind in WATCHING:
                continue
            others = tuple(sorted(other.label for leg, other in legs.items() if leg != who.leg))
            turned = self._turn(who, kind, bridge, others, at) if others else self._close(who.leg, at)
            for one in turned:
                (opened if one.ended is None else closed).append(one)
        return closed + opened

    def _turn(self, who: Who, kind: str, bridge: str, others: tuple[str, ...], at: datetime) -> list[Segment]:
        now = self.open.get(who.leg)
        if now is not None and (now.who, now.kind, now.bridge, now.others) == (who, kind, bridge, others):
            return []
        closed = self._close(who.leg, at)
        self.open[who.leg] = Segment(who, kind, bridge, others, at)
        return [*closed, self.open[who.leg]]

    def _close(self, leg: str, at: datetime) -> list[Segment]:
        now = self.open.pop(leg, None)
        return [] if now is None else [replace(now, ended=max(at, now.started))]


WATCHING = ("listen", "whisper", "barge")


def kind_of(legs: Collection[Who]) -> str:
    """What it is when these are together: talk, consult (no citizen there), or conference (three or more)."""
    if len(legs) > 2:
        return "conference"
    return "talk" if any(who.kind == "citizen" for who in legs) else "consult"


def talk_seconds(segments: Collection[Segment]) -> float:
    """How long a leg talked, out of its segments."""
    return sum(one.seconds for one in segments if one.kind in TALK)
