"""How far inspectors agree (校准一致性) who scored the same calls blind to each other. Pure.

Two values agree when they are equal; "does not apply" (None) is a value as any other. Cohen's kappa takes off what
would agree by chance: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
Measurement 20 (1960) 37-46. Of more than two inspectors, the mean over their pairs (Light 1971), by how many calls a
pair has.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

Pair = tuple[Hashable, Hashable]
Scored = Mapping[UUID, Mapping[str, int | None]]
"""One call: by inspector, the values by item."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of `pairs` of values `equal` are. `kappa` is None where chance alone would agree always, or nothing is paired."""

    pairs: int
    equal: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        """The part that is equal, 0 to 1; None of nothing."""
        return self.equal / self.pairs if self.pairs else None


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's kappa of two raters: 1 always agree, 0 as chance would, below 0 less than that.

    None when it is not defined: no pairs, or both raters gave one same value throughout.
    """
    if not pairs:
        return None
    first, second = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    count = len(pairs)
    # In whole numbers: whether chance alone agrees always is asked exactly.
    by_chance = sum(first[value] * second[value] for value in first)
    if by_chance == count * count:
        return None
    observed, expected = sum(a == b for a, b in pairs) / count, by_chance / (count * count)
    return (observed - expected) / (1 - expected)


def agree(by_pair: Mapping[Hashable, Sequence[Pair]]) -> Agreement:
    """The agreement of several pairs of raters, each with the values that they gave to the same things."""
    pairs = [pair for some in by_pair.values() for pair in some]
    known = [(len(some), found) for some in by_pair.values() if (found := kappa(some)) is not None]
    weight = sum(count for count, _ in known)
    mean = sum(count * found for count, found in known) / weight if weight else None
    return Agreement(len(pairs), sum(a == b for a, b in pairs), mean)


def of_call(call: Scored) -> Agreement:
    """How far the inspectors of one call agree over its items."""
    return agree(_pairs([call]))


def of_items(calls: Sequence[Scored]) -> dict[str, Agreement]:
    """How far they agree on each item, over all calls; in the order in which the items come."""
    codes = dict.fromkeys(code for call in calls for values in call.values() for code in values)
    return {code: agree(_pairs(calls, code)) for code in codes}


def of_all(calls: Sequence[Scored]) -> Agreement:
    """How far they agree on everything."""
    return agree(_pairs(calls))


def spread(percents: Sequence[float]) -> float | None:
    """How far the highest score of a call is above the lowest, in points of per cent; None of fewer than two."""
    return round(max(percents) - min(percents), 1) if len(percents) > 1 else None


def _pairs(calls: Sequence[Scored], only: str = "") -> dict[Hashable, list[Pair]]:
    found: dict[Hashable, list[Pair]] = {}
    for call in calls:
        for a, b in combinations(sorted(call), 2):
            for code, value in call[a].items():
                # Of a scale and of a yes or no the same number is not the same thing: values are kept by item.
                if code in call[b] and only in ("", code):
                    found.setdefault((a, b), []).append(((code, value), (code, call[b][code])) if not only
                                                        else (value, call[b][code]))  # fmt: skip
    return found
