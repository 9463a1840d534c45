"""A look at the PBX against what we believe: the difference as notes. Pure; how the bridge catches up after a gap.

Rows are those of AMI CoreShowChannels. A difference is true only when two looks in a row show it: what is merely on its
way to the ears is gone at the second. So nothing needs to be held back while we look, and no belief is ever cleared.
"""

from collections.abc import Iterable, Mapping

from cti.hears_legs import FAR_CHANNEL, SEAT_CHANNEL
from cti.hears_talk import ROOM
from cti.memory import Leg, Memory
from cti.notes import Note, note
from schema.ids import CallId, as_id

CONTEXTS = {"gridline-wait": "queue", "gridline-net": "net", "gridline-visit": "rating"}


def differences(rows: Iterable[Mapping[str, str]], memory: Memory, queue: str) -> list[Note]:
    """Notes that bring `memory` to what the PBX shows, in the order to take them in. `queue` is where
    callers wait whose channel does not say."""
    shown = {row["Uniqueid"]: row for row in rows if "Uniqueid" in row}
    notes = [note("Gone", Uniqueid=leg) for leg in sorted(memory.legs, key=lambda u: memory.legs[u].kind != "seat")
             if leg not in shown]  # fmt: skip
    ours = [(row, ids) for row in shown.values() if (ids := _ids(row)) is not None]
    for row, ids in ours:
        if SEAT_CHANNEL.match(row["Channel"]) is None and row["Uniqueid"] not in memory.gone:
            notes += _citizen(row, ids, memory, queue)
    for row, ids in ours:
        if seat := SEAT_CHANNEL.match(row["Channel"]):
            notes += _seat(row, ids, seat[1], memory)
    new = {found["Uniqueid"] for found in notes if found["What"] in ("Entered", "Ringing", "Guest")}
    for row in shown.values():
        leg = memory.legs.get(row["Uniqueid"])
        if leg is not None or row["Uniqueid"] in new:
            notes += _place(row, leg)
    return notes


def confirmed(now: list[Note], before: list[Note]) -> list[Note]:
    """Of the differences now, those that an earlier look showed too."""
    return [found for found in now if found in before]


def _citizen(row: Mapping[str, str], ids: Note, memory: Memory, queue: str) -> list[Note]:
    call = memory.calls.get(CallId(as_id(ids["Call"])))
    if row["Channel"].startswith(FAR_CHANNEL):
        about = {**ids, "Uniqueid": row["Uniqueid"], "Channel": row["Channel"]}
        ours = row.get("Application") == "AppDial"  # a seat elsewhere that a caller here was sent to
        return [] if ours or call is not None else [note("Guest", **about)]
    if call is not None and call.leg != row["Uniqueid"]:
        return []
    about = {**ids, "Uniqueid": row["Uniqueid"], "Channel": row["Channel"]}
    incoming = ids["Call"] == ids["Contact"]
    number = row.get("CallerIDNum" if incoming else "ConnectedLineNum", "")
    number = "" if number.startswith("<") else number
    notes = []
    if call is None:
        notes.append(
            note("Entered", **about, Number=number, Dialled=row.get("Exten", "") if not incoming else "",
                 Direction="in" if incoming else "out", Purpose="hotline" if incoming else "return-visit",
                 Case=variables(row).get("GRIDLINE_CASE", ""))
        )  # fmt: skip
    stage = call.stage if call is not None else "ivr" if incoming else "ringing"
    context = row.get("Context", "")
    there = CONTEXTS.get(context, "")
    if there == "rating" and stage == "ringing":
        notes += [note("Visited", **about), _recording(about, ids, "visit")]
    if context == "gridline-dial" and stage == "ivr":
        there = "queue"  # offered while we were away: it has waited before
    if there in ("queue", "net") and there != stage and stage in ("ivr", "queue", "net", "ringing"):
        named = variables(row)
        where, spoken = named.get("GRIDLINE_QUEUE") or queue, named.get("GRIDLINE_LANGUAGE", "")
        waits = {"Queue": where, "Spoken": spoken, "Number": number}
        returning = str(int(call is not None and bool(call.rang)))
        if stage == "ivr" or there == "queue":
            notes.append(note("Queued", **about, **waits, Returning=returning))
        if there == "net":
            notes.append(note("Net", **about, **waits))
    return notes


def _seat(row: Mapping[str, str], ids: Note, seat: str, memory: Memory) -> list[Note]:
    leg = memory.legs.get(row["Uniqueid"])
    about = {**ids, "Uniqueid": row["Uniqueid"], "Channel": row["Channel"], "Seat": seat}
    notes = []
    if leg is None and row["Uniqueid"] not in memory.gone:
        notes.append(note("Ringing", **about))
    if row.get("BridgeId") and row.get("ChannelState") == "6" and (leg is None or not leg.answered):
        notes += [note("Answered", **about), _recording(about, ids, seat)]
    return notes


def _place(row: Mapping[str, str], leg: Leg | None) -> list[Note]:
    """Where a leg is: in which bridge, or on hold. None: one that the notes before make known."""
    known, held = (leg.bridge, leg.held) if leg is not None else ("", False)
    about = {"Uniqueid": row["Uniqueid"], "Channel": row["Channel"]}
    bridge = row.get("BridgeId", "")
    if bridge and bridge != known:
        kind = ROOM if row.get("Application") == "ConfBridge" else "basic"
        return [note("Joined", **about, BridgeUniqueid=bridge, BridgeType=kind)]
    notes = [note("Left", **about, BridgeUniqueid=known)] if known and not bridge else []
    if row.get("Context") in ("gridline-hold", "gridline-held") and not bridge and not held:
        notes.append(note("Held", **about))
    return notes


def _recording(about: Note, ids: Note, seat: str) -> Note:
    """The dialplan records every answered leg under a name made of its ids; the vault says if the files never came."""
    name = f"{ids['Contact']}_{ids['Call']}_{seat}_{about['Uniqueid']}"
    return note("Recording", **{**about, "Seat": seat, "Name": name})


def variables(row: Mapping[str, str]) -> dict[str, str]:
    """The channel variables that AMI puts on each row, one ``NAME=value`` a line."""
    found = {}
    for line in row.get("ChanVariable", "").split("\n"):
        name, equals, value = line.partition("=")
        if equals:
            found[name] = value
    for name, value in row.items():
        if name.startswith("ChanVariable("):
            found[name[13:-1]] = value
    return found


def _ids(row: Mapping[str, str]) -> Note | None:
    found = variables(row)
    try:
        return {"Contact": str(as_id(found["GRIDLINE_CONTACT"])), "Call": str(as_id(found["GRIDLINE_CALL"]))}
    except (KeyError, ValueError):
        return None
