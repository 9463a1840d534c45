"""Legs that a look at the PBX shows and nobody heard of, in the PBX's own words. Pure; part of `cti.snapshot`.

Who dialled a leg is whoever is in a context that does, for its number; or, once that one has gone on, the seat of the
call that was there before.
"""

from collections.abc import Iterable, Mapping

from cti.hears_legs import SEAT_CHANNEL
from cti.memory import Memory
from cti.notes import Note, note

Row = Mapping[str, str]
BEGINS = ("out", "internal", "call-back", "prompt")
PLACES = ("gridline-out-", "gridline-callback-")
DIALS = (*PLACES, "gridline-consult-", "gridline-transfer-number")
OFFERS = ("gridline-dial", "gridline-transfer-seat", "from-node")


def begins(row: Row) -> bool:
    """Whether this is the channel of a seat that placed a call."""
    return _why(row) in BEGINS and SEAT_CHANNEL.match(row["Channel"]) is not None


def placing(row: Row) -> list[Note]:
    """A seat's channel that we placed."""
    carried = {f"DestChanVariable({name})": value for name, value in variables(row).items()}
    return _dial(row, carried)


def reached(row: Row, ids: Note, rows: Iterable[Row], memory: Memory) -> list[Note]:
    """A telephone outside that somebody of the call dialled."""
    leg = memory.legs.get(row["Uniqueid"])
    if leg is not None:
        lacks = _up(row) and not leg.answered and not leg.failed
        return [*_answer(row), *_recorded(row, ids, "party", leg.why)] if lacks else []
    number = row.get("CallerIDNum", "")
    dialer = _dialer(row, number, rows, memory) or _citizen(row, rows, memory)
    if dialer is None:
        return []
    why = "out" if dialer.get("Context", "").startswith(PLACES) else "consult"
    about = {"Uniqueid": dialer["Uniqueid"], "Context": dialer.get("Context", "")}
    notes = _dial(row, {**about, "DialString": f"{number}@"})
    return [*notes, *_recorded(row, ids, "party", why)]


def seat(row: Row, ids: Note, name: str, rows: list[Row], memory: Memory) -> list[Note]:
    """A seat's leg: offered to it by routing, placed, or dialled by somebody of the call."""
    leg = memory.legs.get(row["Uniqueid"])
    about = {**ids, "Uniqueid": row["Uniqueid"], "Channel": row["Channel"], "Seat": name}
    if leg is None and row["Uniqueid"] in memory.gone:
        return []
    if leg is None and _why(row) == "watch":
        return placing(row)
    if leg is None and begins(row):
        # It has been met before, with its call.
        return [] if _why(row) == "prompt" else _recorded(row, ids, name, "out")
    dialer = _dialer(row, name, rows, memory) if leg is None else None
    if dialer is not None:
        about = {"Uniqueid": dialer["Uniqueid"], "Context": dialer.get("Context", "")}
        why = "" if about["Context"].startswith(PLACES) else "consult"
        return [*_dial(row, about), *_recorded(row, ids, name, why)]
    if leg is not None and (leg.by or leg.why in ("out", "internal") or leg.kind != "seat"):
        lacks = _up(row) and not leg.answered and not leg.failed
        return [*_answer(row), *_recorded(row, ids, name, leg.why)] if lacks else []
    notes = [] if leg is not None else [note("Ringing", **about)]
    talks = row.get("BridgeId") or row.get("Context", "").startswith(
        "gridline-"
    )  # it may be alone, but was sent there
    if talks and _up(row) and (leg is None or not leg.answered):
        notes += [note("Answered", **about), recording(about, ids, name)]
    return notes


def _why(row: Row) -> str:
    return variables(row).get("GRIDLINE_WHY", "").partition(":")[0]


def _dialer(row: Row, number: str, rows: Iterable[Row], memory: Memory) -> Row | None:
    """Whose dial this is, but for the dials that routing orders."""
    others = [one for one in rows if one["Uniqueid"] != row["Uniqueid"]]
    for one in others:
        if one.get("Exten") == number:
            context = one.get("Context", "")
            if context.startswith(OFFERS):
                return None
            if context.startswith(DIALS):
                return one
    seats = [
        one
        for one in others
        if (leg := memory.legs.get(one["Uniqueid"])) and leg.kind == "seat" and leg.answered
    ]
    return seats[0] if seats else None


def _citizen(row: Row, rows: Iterable[Row], memory: Memory) -> Row | None:
    """Whoever is outside with no seat in the call has the citizen."""
    others = (one for one in rows if one["Uniqueid"] != row["Uniqueid"])
    return next(
        (one for one in others if (leg := memory.legs.get(one["Uniqueid"])) and leg.kind == "citizen"), None
    )


def _dial(row: Row, more: Note) -> list[Note]:
    about = {"DestUniqueid": row["Uniqueid"], "DestChannel": row["Channel"]}
    begun = note("DialBegin", **about, **more)
    return [begun, note("DialEnd", **about, **more, DialStatus="ANSWER")] if _up(row) else [begun]


def _answer(row: Row) -> list[Note]:
    return [note("DialEnd", DestUniqueid=row["Uniqueid"], DestChannel=row["Channel"], DialStatus="ANSWER")]


def _up(row: Row) -> bool:
    return row.get("ChannelState") == "6"


def _recorded(row: Row, ids: Note, name: str, why: str) -> list[Note]:
    """What the dialplan records: seats that place a call, and whoever is consulted."""
    about = {**ids, "Uniqueid": row["Uniqueid"], "Channel": row["Channel"]}
    return (
        [recording(about, ids, name)]
        if _up(row) and (why == "consult" or (why == "out" and name != "party"))
        else []
    )


def recording(about: Note, ids: Note, seat: str) -> Note:
    """The dialplan records every answered leg under a name made of its ids; the vault says if the files never came."""
    name = f"{ids['Contact']}_{ids['Call']}_{seat}_{about['Uniqueid']}"
    return note("Recording", **{**about, "Seat": seat, "Name": name})


def variables(row: Row) -> dict[str, str]:
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
