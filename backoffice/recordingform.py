"""What the list of recordings is asked for, read from its address: `from`, `to` (days of the site, both included),
`seat`, `number`, `state`, `shortest`, `longest` (seconds), and `at`, the place in it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from backoffice.contactform import span
from schema.desk.citizens import can_be_called
from schema.desk.listpages import Place, read_place
from schema.desk.recordinglist import Wanted
from schema.recordings import STATES

FIELDS = ("from", "to", "seat", "number", "state", "shortest", "longest")
_SEAT = re.compile(r"[0-9a-z-]{1,16}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True)
class RecordingForm:
    """`values` are the fields that are filled in, as written; `wrong` what is wrong with them: a key of words each."""

    values: Mapping[str, str]
    wanted: Wanted
    place: Place | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A field as written."""
        return self.values.get(name, "")

    def query(self, **changes: str | None) -> str:
        """The list as the part of an address behind the question mark; None takes a field away."""
        pairs = {**self.values, **changes}
        return urlencode({name: value for name, value in pairs.items() if value is not None})


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
