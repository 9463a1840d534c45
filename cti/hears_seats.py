"""What is heard about seats, as facts: our own notes, and the PBX's word on softphones that come and go. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from cti.memory import Memory
from schema.facts import (
    Fact,
    SeatClosed,
    SeatOpened,
    SeatPaused,
    SeatReachable,
    SeatReady,
    SeatSkilled,
    SeatUnreachable,
    WrapUpEnded,
    WrapUpExtended,
)
from schema.ids import as_id

AOR = re.compile(r"seat([0-9]{2,8})")
Fields = Mapping[str, str]


def _opening(memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    was = bool(memory.contacts.pop(event["Seat"], None))
    return _reach(node, event["Seat"], was, False, at)


def _opened(memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    seat, user = event["Seat"], as_id(event["User"])
    memory.users[seat] = user
    there = bool(memory.contacts.get(seat))
    opened = SeatOpened(at=at, seat=seat, node=node, user=user, name=event.get("Name", ""))
    return [opened, *_reach(node, seat, False, there, at)]


def _closed(memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    memory.users.pop(event["Seat"], None)
    memory.contacts.pop(event["Seat"], None)
    return [SeatClosed(at=at, seat=event["Seat"], node=node)]


def _seen(memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    seat, online = event["Seat"], event["Online"] == "1"
    was = bool(memory.contacts.get(seat))
    if was != online:
        memory.contacts[seat] = {"seen"} if online else set()
    return _reach(node, seat, was, online, at)


def _ready(_memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    return [SeatReady(at=at, seat=event["Seat"], node=node)]


def _paused(_memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    return [SeatPaused(at=at, seat=event["Seat"], node=node, reason=event["Reason"])]


def _wrapped_up(_memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    return [WrapUpEnded(at=at, seat=event["Seat"], node=node, by=event.get("By", "agent"))]


def _wrap_up_extended(_memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    return [
        WrapUpExtended(at=at, seat=event["Seat"], node=node, until=datetime.fromisoformat(event["Until"]))
    ]


def _skilled(_memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    languages, skills, queues = (event.get(name, "") for name in ("Languages", "Skills", "Queues"))
    return [
        SeatSkilled(at=at, seat=event["Seat"], node=node, languages=languages, skills=skills, queues=queues)
    ]


def _contact_status(memory: Memory, node: str, event: Fields, at: datetime) -> list[Fact]:
    if (seat := AOR.fullmatch(event["AOR"])) is None:
        return []
    there = memory.contacts.setdefault(seat[1], set())
    was = bool(there)
    there.discard("seen")  # a look at the PBX does not say which address; an event does
    if event["ContactStatus"] in ("Removed", "Unreachable"):
        there.discard(event["URI"])
    else:
        there.add(event["URI"])
    return _reach(node, seat[1], was, bool(there), at)


def _reach(node: str, seat: str, was: bool, is_: bool, at: datetime) -> list[Fact]:
    if was == is_:
        return []
    return [(SeatReachable if is_ else SeatUnreachable)(at=at, seat=seat, node=node)]


NOTED: dict[str, Callable[[Memory, str, Fields, datetime], list[Fact]]] = {
    "SeatOpening": _opening,
    "SeatOpened": _opened,
    "SeatClosed": _closed,
    "SeatSeen": _seen,
    "SeatReady": _ready,
    "SeatPaused": _paused,
    "WrapUpEnded": _wrapped_up,
    "WrapUpExtended": _wrap_up_extended,
    "SeatSkilled": _skilled,
    "ContactStatus": _contact_status,
}
