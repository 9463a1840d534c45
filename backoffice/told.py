"""Who was told of a step of a case, by which ways, and how it came out: shown beside the step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from schema.cases import Case
from schema.desk.timeline import Hop
from schema.notices import Notice
from schema.rules.notices import WAYS


@dataclass(slots=True)
class Told:
    """One person and their notices of one step, the inbox first. The citizen has no `name` here."""

    name: str
    notices: list[Notice] = field(default_factory=list)


def told_by_hop(
    hops: Sequence[Hop], case: Case, notices: Sequence[Notice], names: Mapping[UUID, str]
) -> dict[int, list[Told]]:
    """Place of a hop in the time line → who was told of it. Of several steps of one order it is the last."""
    places = {
        hop.at: place
        for place, hop in enumerate(hops)
        if hop.hop.startswith("case.") and hop.detail.get("case") == str(case.id)
    }
    found: dict[int, dict[UUID | None, Told]] = {}
    for notice in sorted(notices, key=lambda one: WAYS.index(one.way)):
        if (place := places.get(notice.at)) is None:
            continue
        people = found.setdefault(place, {})
        name = names.get(notice.receiver, "") if notice.receiver else ""
        people.setdefault(notice.receiver, Told(name)).notices.append(notice)
    return {place: list(people.values()) for place, people in found.items()}
