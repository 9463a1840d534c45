"""Reports that ask for something new: a report from the street becomes a case in the commit that keeps it.

What was seen is kept whatever the desk says: where no case can be made of it, it stands alone and says why.
"""

from uuid import UUID, uuid5

from schema.cases import Case
from schema.desk.errors import Refused
from schema.desk.filing import file_case
from schema.desk.places import cell_at
from schema.desk.rulebooks import categories
from schema.ids import ContactId
from schema.orders import FileCase
from schema.rules.categories import CLASSES, KINDS
from schema.store import UnitOfWork

CHANNEL = "handset"
CLASS, KIND = "social", "service"
"""What a case from the street is, where its category does not say."""
TITLE = 40
"""Characters of a report's first line that become the title, when it has none."""


def new_case(
    work: UnitOfWork,
    *,
    report: UUID,
    worker: UUID,
    contact: UUID,
    title: str,
    text: str,
    category: str,
    lon: float | None,
    lat: float | None,
) -> tuple[Case | None, str]:
    """The case a report files, or None, and what could not be done as it was asked ("" nothing)."""
    if lon is None or lat is None:
        return None, "no case was filed: the report says no place"
    if cell_at(work.session, lon, lat) is None:
        return None, "no case was filed: the place lies in no grid cell"
    left = ""
    known = categories(work.session)
    if category and not known.takes(category):
        left, category = f"the category {category} takes no new cases: the case was filed without one", ""
    order = FileCase(
        order=uuid5(report, "case"),
        by=worker,
        contact=ContactId(contact),
        class_=_one_of(known.said(category, "class_"), CLASSES, CLASS),
        kind=_one_of(known.said(category, "kind"), KINDS, KIND),
        title=title.strip() or first_words(text),
        text=text,
        cell="",
        lon=lon,
        lat=lat,
        category=category,
        channel=CHANNEL,
    )
    try:
        return file_case(work, order, from_street=True), left
    except Refused as refused:
        return None, f"no case was filed: {refused.text}"


def first_words(text: str) -> str:
    """The first line of a report, cut to a title."""
    line = " ".join(text.strip().partition("\n")[0].split())
    return line if len(line) <= TITLE else line[: TITLE - 1] + "…"


def _one_of(said: str, words: tuple[str, ...], usual: str) -> str:
    return said if said in words else usual
