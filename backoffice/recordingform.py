"""What the list of recordings is asked for, read from its address: `from`, `to` (days of the site, both included),
`seat`, `number`, `state`, `shortest`, `longest` (seconds), and `at`, the place in it.
"""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from backoffice.askedlist import AskedList, span
from schema.desk.citizens import can_be_called
from schema.desk.listpages import read_place
from schema.desk.recordinglist import Wanted
from schema.recordings import STATES

FIELDS = ("from", "to", "seat", "number", "state", "shortest", "longest")
_SEAT = re.compile(r"[0-9a-z-]{1,16}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)


RecordingForm = AskedList[Wanted]


def read_form(asked: "MultiDict[str, str]", zone: ZoneInfo) -> RecordingForm:
    """The list an address asks for. What makes no sense is told in `wrong` and does not choose."""
    values = {name: text for name in FIELDS if (text := asked.get(name, "").strip()[:40])}
    wrong: dict[str, str] = {}
    wanted = Wanted(began=span(values, zone, wrong))
    if number := values.get("number", "").replace(" ", ""):
        if can_be_called(number):
            wanted = replace(wanted, number=number)
        else:
            wrong["number"] = "list.wrong.number"
    if seat := values.get("seat", ""):
        if _SEAT.fullmatch(seat):
            wanted = replace(wanted, seat=seat)
        else:
            wrong["seat"] = "recordings.wrong_seat"
    if state := values.get("state", ""):
        if state in STATES:
            wanted = replace(wanted, state=state)
        else:
            wrong["state"] = "contactlist.unknown"
    for name in ("shortest", "longest"):
        if text := values.get(name, ""):
            if _SECONDS.fullmatch(text):
                wanted = (
                    replace(wanted, shortest=float(text))
                    if name == "shortest"
                    else replace(wanted, longest=float(text))
                )
            else:
                wrong[name] = "recordings.wrong_seconds"
    return RecordingForm(values, wanted, read_place(asked.get("at", "")), wrong)
