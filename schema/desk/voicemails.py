"""The desk of voicemail 语音留言: a message that a caller left becomes a case that is taken in, not filed yet.

Nobody has heard it: what it is about, and where, is for whoever listens to it on the page of the case, before the case
is filed or rejected. Its place is a cell that the site names for this, else the first.
"""

from collections.abc import Callable
from uuid import uuid5

from sqlalchemy import func, select

from schema.calls import CallRow
from schema.cases import Case
from schema.desk.filing import take_in_case
from schema.facts import RecordingKept
from schema.ids import CallId, ContactId
from schema.orders import TakeInCase
from schema.places import GridCell
from schema.recordings import Recording
from schema.rules.dialling import NUMBER
from schema.store import UnitOfWork

SEAT = "voicemail"
"""Where a recording of a message says that a seat spoke."""
SHORTEST = 2.0
"""Seconds; who hung up at the tone said nothing. The recording says so."""

Write = Callable[[str, str, float], tuple[str, str]]
"""(language, number, seconds) → title and text."""


def take_in_voicemail(work: UnitOfWork, fact: RecordingKept, cell: str, write: Write) -> Case | None:
    """The case of a message, once, however often it is heard of; None when it is none, or there is no cell at all."""
    row = work.session.get(Recording, fact.recording)
    if row is None or row.seat != SEAT:
        return None
    if fact.seconds < SHORTEST:
        row.reason = f"no case: the message is shorter than {SHORTEST:g} s"
        return None
    place = cell or work.session.scalar(select(func.min(GridCell.code)))
    if not place:
        return None
    call = work.session.get(CallRow, row.call)
    number = call.number if call is not None and NUMBER.fullmatch(call.number) else ""
    language = (call.language if call is not None else "") or "zh"
    title, text = write(language, number, fact.seconds)
    order = TakeInCase(
        order=uuid5(row.id, SEAT), contact=ContactId(row.contact), call=CallId(row.call) if call is not None else None,
        class_="social", kind="consultation", title=title, text=text, cell=place, number=number, language=language,
        channel="phone",
    )  # fmt: skip
    return take_in_case(work, order)
