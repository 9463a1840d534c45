"""Recall: what the PBX wrote down while nobody listened, as notes that say when it happened. Pure.

A look at the PBX (`cti.snapshot`) shows what is; the PBX's own event log (`cti.pbxlog`) also has what was: calls that
came and went meanwhile, and the moment at which each leg answered, joined, left and ended. Only that of citizens' own
calls and of the seats that a queue found is made of it; whatever else is up, the looks afterwards find.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cti.hears_legs import SEAT_CHANNEL
from cti.memory import Leg, Memory
from cti.notes import Note, note
from cti.pbxlog import Line
from schema.ids import as_id

SLACK = timedelta(seconds=2)
"""What was heard just before a gap may be written with a time just after; so long before it one begins to read."""
NET = "gridline-net"
WAITS = ("gridline-wait", NET)


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing of what happened after `heard` was heard, until `listening`; `bridges` is where each known leg was
    believed to be then. `lost` is when the ears' session ended, if that was seen."""

    heard: datetime
    listening: datetime
    bridges: Mapping[str, str] = field(default_factory=dict)
    lost: datetime | None = None


def recalled(lines: Sequence[Line], memory: Memory, gap: Gap, trunk: str, queue: str) -> list[Note]:
    """Notes of what `lines` have and `memory` has not, in the order in which it happened. `trunk` is the endpoint that
    callers come by, `queue` where they wait."""
    of_leg: dict[str, list[Line]] = {}
    for line in lines:
        of_leg.setdefault(line.uniqueid, []).append(line)
    news = {id(line) for leg, about in of_leg.items() for line in unheard(about, memory, gap, leg)}
    story = _Story(memory, f"PJSIP/{trunk}-", queue, of_leg)
    for line in lines:
        if id(line) in news:
            story.tell(line)
    return story.notes


def unheard(lines: list[Line], memory: Memory, gap: Gap, leg: str) -> list[Line]:
    """Of one leg's lines those that the ears missed."""
    if leg in memory.gone:
        return []
    if leg not in gap.bridges:
        # Met since: then it was heard from its beginning. Else all that is written of it is news.
        return lines if leg not in memory.legs and lines[0].what == "CHAN_START" else []
    missed = [line for line in lines if line.at <= gap.listening]
    place, begin = _place_before(missed), 0
    for number, line in enumerate(missed, 1):
        if line.at > gap.heard:
            break
        place = _place_after(place, line)
        if place == gap.bridges[leg]:
            begin = number
    moved = leg in memory.legs and memory.legs[leg].bridge != gap.bridges[leg]
    return [
        line
        for number, line in enumerate(missed)
        if line.what in ("ANSWER", "HANGUP", "CHAN_END") or (number >= begin and not moved)
    ]


def end_of_life(lines: Iterable[Line], gap: Gap, booted: datetime) -> datetime:
    """When the PBX before the one that booted then was last known to live."""
    if gap.lost is not None:
        return min(gap.lost, booted)
    last = max((line.at for line in lines if line.at < booted - SLACK / 2), default=gap.heard)
    return max(last, gap.heard)


def _place_before(lines: list[Line]) -> str:
    first = next((line for line in lines if line.what.startswith("BRIDGE_")), None)
    return first.extra.get("bridge_id", "") if first is not None and first.what == "BRIDGE_EXIT" else ""


def _place_after(place: str, line: Line) -> str:
    if line.what == "BRIDGE_ENTER":
        return line.extra.get("bridge_id", "")
    return "" if line.what == "BRIDGE_EXIT" else place


class _Story:
    """Tells lines as notes; remembers the legs that only these notes make known."""

    def __init__(self, memory: Memory, trunk: str, queue: str, of_leg: Mapping[str, list[Line]]) -> None:
        self.notes: list[Note] = []
        self._memory, self._trunk, self._queue, self._of_leg = memory, trunk, queue, of_leg
        self._began: dict[str, Line] = {}
        self._causes: dict[str, str] = {}
        self._new: dict[str, Note] = {}
        self._callers: dict[str, Line] = {}
        self._queues: set[str] = set()

    def tell(self, line: Line) -> None:
        """The next line."""
        leg, known = line.uniqueid, line.uniqueid in self._memory.legs or line.uniqueid in self._new
        if line.what == "CHAN_START":
            self._began[leg] = line
        elif line.what == "ANSWER":
            self._answered(line)
        elif line.what == "HANGUP":
            self._causes[leg] = line.extra.get("hangupcause", "")
        elif line.what == "BRIDGE_ENTER" and known:
            self._say("Joined", line, BridgeUniqueid=line.extra.get("bridge_id", ""))
        elif line.what == "BRIDGE_EXIT" and known:
            self._say("Left", line, BridgeUniqueid=line.extra.get("bridge_id", ""))
        elif line.what == "CHAN_END" and known:
            if line.context in WAITS:
                self._queued(leg, line)
                if (ids := self._ids_of_caller(leg)) is not None:
                    self._in_net(leg, line, ids)
            self._say("Gone", line, Cause=self._causes.get(leg, "0"))

    def _answered(self, line: Line) -> None:
        seat, leg = SEAT_CHANNEL.match(line.name), self._memory.legs.get(line.uniqueid)
        if seat is not None:
            self._seat(line, seat[1], leg)
        elif leg is None and line.name.startswith(self._trunk) and (ids := _ids(line.carried)):
            self._new[line.uniqueid], self._callers[line.uniqueid] = ids, line
            began = self._began[line.uniqueid]
            about = {
                "Number": line.number,
                "Dialled": began.exten,
                "Direction": "in",
                "Purpose": "hotline",
                "Case": "",
            }
            self._say("Entered", began, **ids, **about)

    def _seat(self, line: Line, seat: str, leg: Leg | None) -> None:
        if leg is None:
            ids = self._ids_of_caller(line.linkedid)
            if ids is None:
                return
            began = self._began[line.uniqueid]
            self._queued(line.linkedid, began)
            self._in_net(line.linkedid, line, ids)
            self._new[line.uniqueid] = ids
            self._say("Ringing", began, **ids, Seat=seat)
        elif leg.answered or leg.by or leg.kind != "seat" or leg.why not in ("queue", "transfer"):
            return
        else:
            ids = {"Contact": str(leg.contact), "Call": str(leg.call)}
        self._say("Answered", line, **ids, Seat=seat)
        name = f"{ids['Contact']}_{ids['Call']}_{seat}_{line.uniqueid}"
        self._say("Recording", line, **ids, Seat=seat, Name=name)

    def _ids_of_caller(self, leg: str) -> Note | None:
        if leg in self._new:
            return self._new[leg]
        known = self._memory.legs.get(leg)
        call = self._memory.calls.get(known.call) if known is not None else None
        if known is None or call is None or known.kind != "citizen" or call.direction != "in":
            return None
        return {"Contact": str(known.contact), "Call": str(known.call)}

    def _queued(self, leg: str, line: Line) -> None:
        """A caller whom a seat rang, or who was waiting at the end, has come to the line, even if nobody heard it."""
        if leg in self._queues:
            return
        self._queues.add(leg)
        about = {"Queue": self._queue, "Spoken": "", "Returning": "0"}
        if leg in self._new:
            answered = self._callers[leg]
            self._say("Queued", answered, **self._new[leg], **about, Number=answered.number)
        elif (known := self._memory.legs.get(leg)) is not None and self._waits_for_script(known):
            ids = {"Contact": str(known.contact), "Call": str(known.call)}
            its = replace(line, uniqueid=leg, name=known.channel)
            self._say("Queued", its, **ids, **about, Number="")

    def _in_net(self, leg: str, line: Line, ids: Note) -> None:
        """Who found the seat is told by where the caller then is: the next thing written of them says it."""
        after = next((one for one in self._of_leg.get(leg, ()) if one.at >= line.at), None)
        if after is not None and after.context == NET:
            its = replace(line, uniqueid=leg, name=after.name)
            self._say("Net", its, **ids, Queue=self._queue)

    def _waits_for_script(self, leg: Leg) -> bool:
        call = self._memory.calls.get(leg.call)
        return call is not None and leg.kind == "citizen" and call.stage == "ivr"

    def _say(self, what: str, line: Line, **named: str) -> None:
        about = {"Uniqueid": line.uniqueid, "Channel": line.name, "When": line.at.isoformat()}
        self.notes.append(note(what, **about, **named))


def _ids(contact: str) -> Note | None:
    """A caller's call has the contact's id."""
    try:
        return {"Contact": str(as_id(contact)), "Call": str(as_id(contact))}
    except ValueError:
        return None
