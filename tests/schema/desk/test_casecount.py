"""How many cases a list has: exact up to a bound; what there was no time for is not said to be counted."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from schema.cases import Case
from schema.desk.casecount import Count, count
from schema.desk.caselist import Wanted
from schema.rules.searchwords import read_query
from tests.schema.desk.casework import Office

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
PATIENT = 60.0


@pytest.fixture
def days(desk: Office) -> list[datetime]:
    """When five cases were made, a month after each other."""
    times = [NOW + timedelta(days=30 * month) for month in range(5)]
    for at in times:
        desk.store.clock = lambda at=at: at
        desk.case()
    return times


def test_a_count_is_exact_up_to_its_bound(desk: Office, days: list[datetime]) -> None:
    with desk.store.read() as session:
        for words in (None, read_query("路灯")):
            for by_due in (False, True):
                wanted = Wanted(words=words, by_due=by_due, may_see=sa.true())
                found = [count(session, wanted, days[-1], most, PATIENT) for most in (1, 4, 5, 6)]
                assert found == [Count(2), Count(5), Count(5), Count(5)]
        seen = Wanted(words=read_query("路灯"), may_see=Case.made_at != days[3])
        assert count(session, seen, days[-1], 9, PATIENT) == Count(4)
        assert count(session, Wanted(states=("closed",)), days[-1], 1, PATIENT) == Count(0)
        assert count(session, Wanted(made=(days[1], days[3])), days[-1], 1, PATIENT) == Count(2)


def test_what_takes_too_long_is_counted_as_far_as_there_was_time(desk: Office, days: list[datetime]) -> None:
    numbers = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n + 1))
    for_ever = sa.select(sa.func.max(numbers.c.n)).scalar_subquery() > 0
    # Of the newest three cases two are counted at once; for the others no time would do.
    may_see = sa.case(
        (Case.made_at > days[2], sa.true()), (Case.made_at == days[2], sa.false()), else_=for_ever
    )
    with desk.store.read() as session:
        assert count(session, Wanted(may_see=may_see), days[-1], 2) == Count(2, whole=False)
    # Without any time, the first part is counted all the same: it has a bound.
    with desk.store.read() as session:
        for found, most in ((Count(2), 1), (Count(5), 5)):
            assert count(session, Wanted(), days[-1], most, patience=0) == found
        old = Wanted(made=(None, days[1]))
        assert count(session, old, days[-1], 5, patience=0) == Count(1)
        some = Wanted(may_see=Case.made_at != days[4])
        assert count(session, some, days[-1], 1, patience=0) == Count(1, whole=False)
