"""A look at the PBX against what we believe: the difference as notes. Pure; how the bridge catches up after a gap.

Rows are those of AMI CoreShowChannels. A difference is true only when two looks in a row show it: what is merely on its
way to the ears is gone at the second. So nothing needs to be held back while we look, and no belief is ever cleared.
"""

from collections.abc import Iterable

from cti import snapshot_legs
from cti.hears_legs import FAR_CHANNEL, SEAT_CHANNEL
from cti.hears_talk import ROOM
from cti.memory import Leg, Memory
from cti.notes import Note, note
from cti.snapshot_legs import Row, recording, variables
from schema.ids import CallId, as_id

CONTEXTS = {"gridline-wait": "queue", "gridline-net": "net", "gridline-visit": "rating"}


def differences(rows: Iterable[Row], memory: Memory, queue: str) -> list[Note]:
    """Notes that bring `memory` to what the PBX shows, in the order to take them in. `queue` is where
    callers wait whose channel does not say."""
    shown = {row["Uniqueid"]: row for row in rows if "Uniqueid" in row}
    notes = [note("Gone", Uniqueid=leg) for leg in sorted(memory.legs, key=lambda u: memory.legs[u].kind != "seat")
             if leg not in shown]  # fmt: skip
    ours = [(row, ids) for row in shown.values() if (ids := _ids(row)) is not None]
    ours.sort(
        key=lambda one: one[0].get("Linkedid") != one[0]["Uniqueid"]
    )  # who began a call, before whom it reached
    calls: dict[str, list[Row]] = {}
    for row, ids in ours:
        calls.setdefault(ids["Call"], []).append(row)
    known = {str(call) for call in memory.calls}
    for row, ids in ours:
        if ids["Call"] not in known and _new(row, memory) and snapshot_legs.begins(row):
            notes += snapshot_legs.placing(row)
            known.add(ids["Call"])
    for row, ids in ours:
        if SEAT_CHANNEL.match(row["Channel"]) is None and row["Uniqueid"] not in memory.gone:
            if ids["Call"] not in known:
                notes += _citizen(row, ids, memory, queue)
                known.add(ids["Call"])
            elif (call := memory.calls.get(CallId(as_id(ids["Call"])))) is not None and call.leg == row[
                "Uniqueid"
            ]:
                notes += _citizen(row, ids, memory, queue)
            elif not row["Channel"].startswith(FAR_CHANNEL):
                notes += snapshot_legs.reached(row, ids, calls[ids["Call"]], memory)
    for row, ids in ours:
        if ids["Call"] in known and (seat := SEAT_CHANNEL.match(row["Channel"])):
            notes += snapshot_legs.seat(row, ids, seat[1], calls[ids["Call"]], memory)
    new = {found["Uniqueid"] for found in notes if found["What"] in ("Entered", "Ringing", "Guest")}
    new |= {found["DestUniqueid"] for found in notes if found["What"] == "DialBegin"}
    for row in shown.values():
        leg = memory.legs.get(row["Uniqueid"])
        if leg is not None or row["Uniqueid"] in new:
            notes += _place(row, leg)
    return notes


def confirmed(now: list[Note], before: list[Note]) -> list[Note]:
    """Of the differences now, those that an earlier look showed too."""
    return [found for found in now if found in before]


def _citizen(row: Row, ids: Note, memory: Memory, queue: str) -> list[Note]:
    call = memory.calls.get(CallId(as_id(ids["Call"])))
    if row["Channel"].startswith(FAR_CHANNEL):
        about = {**ids, "Uniqueid": row["Uniqueid"], "Channel": row["Channel"]}
        ours = row.get("Application") == "AppDial"  # a seat elsewhere that a caller here was sent to
        return [] if ours or call is not None else [note("Guest", **about)]
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
        notes += [note("Visited", **about), recording(about, ids, "visit")]
    if context == "gridline-rating" and row.get("Exten") == "s" and stage == "talking":
        notes.append(note("RatingAsked", **about))
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


def _place(row: Row, leg: Leg | None) -> list[Note]:
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


def _new(row: Row, memory: Memory) -> bool:
    return row["Uniqueid"] not in memory.legs and row["Uniqueid"] not in memory.gone


def _ids(row: Row) -> Note | None:
    found = variables(row)
    try:
        return {"Contact": str(as_id(found["GRIDLINE_CONTACT"])), "Call": str(as_id(found["GRIDLINE_CALL"]))}
    except (KeyError, ValueError):
        return None
