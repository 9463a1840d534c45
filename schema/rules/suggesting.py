"""Which responsible unit (责任单位) a case should go to, best first, with the reasons. Pure.

A unit that the category names comes first, then the units that had the same matter at the same place before; a unit
that sent this very case back comes last, however well it would fit.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

OWNS, HERE, RETURNED = "owns", "here", "returned"
REASONS = (OWNS, HERE, RETURNED)
MOST = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a unit: `owns` its category; `here`: `count` of `of` such cases in its cell were its; `returned` it."""

    why: str
    count: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """A unit and why."""

    unit: UUID
    reasons: tuple[Reason, ...]


def suggest(owner: UUID | None, had: Iterable[UUID], returned: Collection[UUID]) -> list[Suggested]:
    """At most three units: the category's `owner`, and those that `had` such cases here (one entry a case)."""
    counts: dict[UUID, int] = {}
    for unit in had:
        counts[unit] = counts.get(unit, 0) + 1
    of = sum(counts.values())
    units = dict.fromkeys(
        [*([owner] if owner else []), *sorted(counts, key=lambda unit: (-counts[unit], unit))]
    )
    found = [Suggested(unit, _reasons(unit, owner, counts, of, returned)) for unit in units]
    return sorted(found, key=lambda one: one.unit in returned)[:MOST]


def _reasons(
    unit: UUID, owner: UUID | None, counts: dict[UUID, int], of: int, returned: Collection[UUID]
) -> tuple[Reason, ...]:
    found = []
    if unit == owner:
        found.append(Reason(OWNS))
    if unit in counts:
        found.append(Reason(HERE, counts[unit], of))
    if unit in returned:
        found.append(Reason(RETURNED))
    return tuple(found)
