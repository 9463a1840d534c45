"""Suggested units: whose category it is first, who had such cases here next, who sent it back last."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from schema.rules.suggesting import HERE, MOST, OWNS, REASONS, RETURNED, Reason, Suggested, suggest

A, B, C, D = (UUID(int=n) for n in range(1, 5))
UNITS = st.sampled_from((A, B, C, D))


def test_whose_category_it_is_comes_first_then_who_had_most_of_such_cases_here() -> None:
    assert suggest(C, [A, B, B], ()) == [
        Suggested(C, (Reason(OWNS),)),
        Suggested(B, (Reason(HERE, 2, 3),)),
        Suggested(A, (Reason(HERE, 1, 3),)),
    ]


def test_who_sent_it_back_comes_last_and_that_is_said() -> None:
    first, last = suggest(A, [B], {A})
    assert first == Suggested(B, (Reason(HERE, 1, 1),))
    assert last == Suggested(A, (Reason(OWNS), Reason(RETURNED)))


def test_where_nothing_is_known_nothing_is_suggested() -> None:
    assert suggest(None, [], {A}) == []


@given(st.none() | UNITS, st.lists(UNITS), st.sets(UNITS))
def test_each_unit_once_each_with_a_reason_and_the_counts_add_up(
    owner: UUID | None, had: list[UUID], returned: set[UUID]
) -> None:
    found = suggest(owner, had, returned)
    assert len({one.unit for one in found}) == len(found) <= MOST
    for one in found:
        whys = [reason.why for reason in one.reasons]
        assert whys and set(whys) <= set(REASONS) and (RETURNED in whys) is (one.unit in returned)
        assert all(
            (reason.count, reason.of) == (had.count(one.unit), len(had))
            for reason in one.reasons
            if reason.why == HERE
        )
    back = [one.unit in returned for one in found]
    assert back == sorted(back)
