"""What the register of contacts is asked for, read from its address: `from`, `to` (days of the site, both included),
`channel`, `number`, `agent` (who took it), `outcome`, and `at`, the place in it.
"""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from backoffice.askedlist import AskedList, span
from schema.desk.citizens import can_be_called
from schema.desk.contactlist import OUTCOMES, Wanted
from schema.desk.listpages import read_place
from schema.ids import as_id

FIELDS = ("from", "to", "channel", "number", "agent", "outcome")


ContactForm = AskedList[Wanted]


def read_form(
    asked: "MultiDict[str, str]",
    zone: ZoneInfo,
    *,
    numbers: bool,
    only: UUID | None,
    channels: Collection[str],
) -> ContactForm:
    """The register an address asks for.

    `numbers`: whether the reader may look for a number; `only`: whose contacts alone they see. What makes no sense is
    told in `wrong` and does not choose.
    """
    values = {name: text for name in FIELDS if (text := asked.get(name, "").strip()[:40])}
    wrong: dict[str, str] = {}
    wanted = Wanted(came=span(values, zone, wrong))
    if number := values.get("number", "").replace(" ", ""):
        if numbers and can_be_called(number):
            wanted = replace(wanted, number=number)
        else:
            wrong["number"] = "list.wrong.number" if numbers else "contactlist.no_numbers"
    for name, known in (("channel", channels), ("outcome", OUTCOMES)):
        if (value := values.get(name, "")) and value not in known:
            wrong[name] = "contactlist.unknown"
    wanted = replace(
        wanted, channel=values.get("channel", ""), outcome=values.get("outcome", ""), taken_by=only
    )
    if (agent := values.get("agent", "")) and only is None:
        try:
            wanted = replace(wanted, taken_by=as_id(agent))
        except ValueError:
            wrong["agent"] = "contactlist.unknown"
    return ContactForm(values, wanted, read_place(asked.get("at", "")), wrong)
