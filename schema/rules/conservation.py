"""Conservation: no caller who was offered is unaccounted for, in any queue and in sum. Pure.

A caller is offered once to each queue they come to: one who overflows from A to B is overflowed in A and offered in B.
"""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True, slots=True)
class Counts:
    """One queue's callers. `waiting` is how many wait now; the rest only grow."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    overflowed: int = 0
    called_back: int = 0
    waiting: int = 0

    @property
    def accounted(self) -> int:
        """Offered callers of whom it is known what became of them."""
        return self.answered + self.abandoned + self.overflowed + self.called_back + self.waiting


NAMES = tuple(field.name for field in fields(Counts))


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of queues."""
    columns = zip(*(astuple(one) for one in counts), strict=True)
    return Counts(*(sum(column) for column in columns))


def broken(queues: Mapping[str, Counts], in_sum: Counts | None = None) -> list[str]:
    """What does not add up, in words; empty when all does. `in_sum` is the sum that is shown, if counted apart."""
    found = [words for name in sorted(queues) for words in _of_one(f"queue {name}", queues[name])]
    if in_sum is not None:
        found += _of_one("all queues", in_sum)
        summed = total(queues.values())
        for name in NAMES:
            shown, should = getattr(in_sum, name), getattr(summed, name)
            if shown != should:
                found.append(f"all queues: {name} is shown as {shown}, but the queues' sum is {should}")
    return found


def _of_one(who: str, counts: Counts) -> list[str]:
    found = [
        f"{who}: {name} is {value}" for name, value in zip(NAMES, astuple(counts), strict=True) if value < 0
    ]
    lost = counts.offered - counts.accounted
    if lost:
        parts = " + ".join(f"{getattr(counts, name)} {name.replace('_', ' ')}" for name in NAMES[1:])
        what = f"{lost} of them lost" if lost > 0 else f"{-lost} too many"
        found.append(f"{who}: {counts.offered} offered, but {parts} = {counts.accounted}: {what}")
    return found
