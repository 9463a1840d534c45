"""Segments: who talked to whom from when to when, out of who entered and left which bridge. Pure.

A segment of a leg is the longest stretch with the same company. It begins when the leg enters a bridge in which
somebody is, when somebody joins or leaves it there, or when the leg is put on hold; it ends with the next such change.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Who:
    """One leg of a call: its uniqueid, `kind` (citizen, seat, party, watcher) and seat ("" for none)."""

    leg: str
    kind: str
    seat: str = ""

    @property
    def label(self) -> str:
        """How others name it: "seat:101", "citizen"."""
        return f"{self.kind}:{self.seat}" if self.seat else self.kind


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one leg. `kind` is talk, consult, conference or hold; `ended` None while it lasts."""

    who: Who
    kind: str
    bridge: str
    others: tuple[str, ...]
    started: datetime
    ended: datetime | None = None


@dataclass(slots=True)
class Segments:
    """The segments of one call as they come about. What each change closes and opens is returned, closed ones first."""

    rooms: dict[str, dict[str, Who]] = field(default_factory=dict)
    open: dict[str, Segment] = field(default_factory=dict)

    def joined(self, who: Who, bridge: str, at: datetime) -> list[Segment]:
        """A leg entered a bridge."""
        changed = self._out(who.leg, at) if self._room(who.leg) != bridge else []
        self.rooms.setdefault(bridge, {})[who.leg] = who
        return [*changed, *self._settle(bridge, at)]

    def left(self, leg: str, bridge: str, at: datetime) -> list[Segment]:
        """A leg left a bridge."""
        return self._out(leg, at) if self._room(leg) == bridge else []

    def held(self, who: Who, at: datetime) -> list[Segment]:
        """A leg hears music."""
        changed = self._out(who.leg, at)
        return [*changed, *self._turn(who, "hold", "", (), at)]

    def ended(self, leg: str, at: datetime) -> list[Segment]:
        """A leg is over."""
        return self._out(leg, at)

    def _room(self, leg: str) -> str:
        return next((bridge for bridge, legs in self.rooms.items() if leg in legs), "")

    def _out(self, leg: str, at: datetime) -> list[Segment]:
        changed = self._close(leg, at)
        bridge = self._room(leg)
        if bridge:
            del self.rooms[bridge][leg]
            changed += self._settle(bridge, at)
            if not self.rooms[bridge]:
                del self.rooms[bridge]
        return changed

    def _settle(self, bridge: str, at: datetime) -> list[Segment]:
        legs = self.rooms.get(bridge, {})
        changed: list[Segment] = []
        for who in legs.values():
            others = tuple(sorted(other.label for other in legs.values() if other.leg != who.leg))
            if others:
                changed += self._turn(who, kind_of(legs.values()), bridge, others, at)
            else:
                changed += self._close(who.leg, at)
        return changed

    def _turn(self, who: Who, kind: str, bridge: str, others: tuple[str, ...], at: datetime) -> list[Segment]:
        now = self.open.get(who.leg)
        if now is not None and (now.kind, now.bridge, now.others) == (kind, bridge, others):
            return []
        changed = self._close(who.leg, at)
        self.open[who.leg] = Segment(who, kind, bridge, others, at)
        return [*changed, self.open[who.leg]]

    def _close(self, leg: str, at: datetime) -> list[Segment]:
        now = self.open.pop(leg, None)
        if now is None:
            return []
        ended = max(at, now.started)
        return [Segment(now.who, now.kind, now.bridge, now.others, now.started, ended)]


def kind_of(legs: Iterable[Who]) -> str:
    """What it is when these are together."""
    kinds = [who.kind for who in legs]
    if len(kinds) > 2:
        return "conference"
    return "talk" if "citizen" in kinds else "consult"
