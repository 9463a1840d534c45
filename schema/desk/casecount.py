"""How many cases a list has, counted from the newest back: exactly up to a bound, and as far as there is time."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, True_, func, select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.desk.caselist import Wanted, conditions, made_between
from schema.desk.casesearch import by_made, with_words
from schema.patience import patient
from schema.rules.searchpace import Pace

COUNTED = 10_000
PATIENCE = 0.3
"""Seconds after which nothing more is begun."""
LONGEST, SHORTEST = 4.0, 0.1
"""Seconds that the first part, which has a bound, and the others may take whatever has been used before."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many were `found`: one more than the bound when there are more; not `whole`: there may be more, unseen."""

    found: int
    whole: bool = True


def count(
    session: Session, wanted: Wanted, now: datetime, most: int = COUNTED, patience: float = PATIENCE
) -> Count:
    """How many there are. When time runs out, the session has nothing in it after that."""
    until = time.monotonic() + patience
    pace = Pace(most + 1)
    where = conditions(wanted, now)
    parts = _parts(session, wanted, now, select(Case).where(*where), pace)
    open_to_all = all(isinstance(one, True_) for one in where)
    may_take = LONGEST
    while True:
        with patient(session, may_take) as gave_up:
            looked = pace.looked
            part = next(parts, None)
            if part is not None and open_to_all and pace.looked > looked:
                pace.took(
                    min(pace.left, pace.looked - looked)
                )  # cases by their ids, of which none is left out
            elif part is not None:
                some = part.with_only_columns(Case.id).limit(pace.left).subquery()
                pace.took(session.scalar(select(func.count()).select_from(some)) or 0)
        if gave_up:
            return Count(pace.passed, whole=False)
        if part is None or pace.last or not pace.left:
            return Count(pace.passed)
        left = until - time.monotonic()
        if left <= 0:
            return Count(pace.passed, whole=False)
        may_take = max(left, SHORTEST)


def _parts(
    session: Session, wanted: Wanted, now: datetime, chosen: Select[Case], pace: Pace
) -> Iterator[Select[Case]]:
    """The cases of the list, a part after the other."""
    rest = made_between(session, wanted, now)
    if wanted.words is not None:
        return with_words(session, wanted.words, chosen, rest, pace, down=True, narrow=wanted.narrow)
    return by_made(session, chosen, rest, pace, pace.left, down=True)
