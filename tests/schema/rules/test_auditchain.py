"""The chain of the audit log: whatever is done to a row is found, and the form that is hashed stays as it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.auditchain import START, Entry, Head, check, hash_of, head_of

WHO = UUID("01960000-0000-7000-8000-000000000001")
FIRST = Entry(
    1, datetime(2026, 11, 24, 8, 0, 0, 5, UTC), WHO, "li", "127.0.0.1", "case.read", "ZW-1", True, ""
)
Chain = list[tuple[Entry, str]]

entries = st.builds(
    Entry,
    st.just(1),
    st.datetimes(timezones=st.just(UTC)),
    st.none() | st.uuids(),
    *[st.text(max_size=8)] * 4,
    st.booleans(),
    st.text(max_size=8),
)


def chained(rows: list[Entry]) -> Chain:
    found: Chain = []
    before = START
    for number, row in enumerate(rows, 1):
        row = replace(row, number=number)
        before = hash_of(before, row)
        found.append((row, before))
    return found


chains = st.lists(entries, min_size=2, max_size=12).map(chained)


def test_the_form_that_is_hashed_never_changes() -> None:
    # Rows of years past are checked with this form: another hash here means that no kept log verifies any more.
    assert hash_of(START, FIRST) == "1abac9c2b23a5c691fb0ade9079acda8b20439b73a789f02b1a182e9dc2265f8"
    assert (
        hash_of("ab" * 32, replace(FIRST, who=None, allowed=False, reason="因"))
        == "a3c32f6fbec9c155f9dec55ff015fb43935e9a52d43f68a6f6feed37b967bc2a"
    )


def test_the_zone_a_time_is_given_in_makes_no_difference() -> None:
    there = FIRST.at.astimezone(timezone(timedelta(hours=8)))
    assert hash_of(START, replace(FIRST, at=there)) == hash_of(START, FIRST)


@given(chains)
def test_an_untouched_chain_holds_and_runs_through_each_of_its_heads(chain: Chain) -> None:
    heads = [Head(row.number, kept) for row, kept in chain]
    verdict = check(chain, heads)
    assert (verdict.rows, verdict.head, verdict.trouble) == (len(chain), heads[-1], "")


def test_an_empty_log_holds() -> None:
    assert check([]) == check([], []) and check([]).trouble == "" and check([]).head == Head(0, START)


@given(chains, st.data())
def test_any_changed_field_is_found_where_it_is(chain: Chain, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    row, kept = chain[at]
    other = data.draw(entries.filter(lambda entry: replace(entry, number=row.number) != row))
    name = data.draw(st.sampled_from([f for f in ("at", "who", "login", "ip", "what", "subject", "allowed", "reason")
                                      if getattr(other, f) != getattr(row, f)]))  # fmt: skip
    chain[at] = (replace(row, **{name: getattr(other, name)}), kept)
    verdict = check(chain)
    assert verdict.rows == at and f"row {at + 1} " in verdict.trouble


@given(chains, st.data())
def test_a_removed_row_is_found_and_at_the_end_by_the_noted_head(chain: Chain, data: st.DataObject) -> None:
    head = Head(chain[-1][0].number, chain[-1][1])
    at = data.draw(st.integers(0, len(chain) - 1))
    last = at == len(chain) - 1
    del chain[at]
    assert bool(check(chain).trouble) == (not last), "a cut end cannot be seen from inside"
    assert check(chain, [head]).trouble
    # With the numbers closed up it is found all the same.
    closed = [(replace(row, number=n), kept) for n, (row, kept) in enumerate(chain, 1)]
    assert bool(check(closed).trouble) == (not last) and check(closed, [head]).trouble


@given(chains, entries, st.data())
def test_an_inserted_row_is_found(chain: Chain, entry: Entry, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    before = chain[at - 1][1] if at else START
    new = replace(entry, number=at + 1)
    moved = [(replace(row, number=row.number + 1), kept) for row, kept in chain[at:]]
    for rest in (chain[at:], moved):
        verdict = check([*chain[:at], (new, hash_of(before, new)), *rest])
        assert verdict.trouble and verdict.rows <= at + 1


@given(chains, st.data())
def test_two_rows_that_changed_places_are_found(chain: Chain, data: st.DataObject) -> None:
    one, two = data.draw(st.lists(st.integers(0, len(chain) - 1), min_size=2, max_size=2, unique=True))
    chain[one], chain[two] = chain[two], chain[one]
    assert check(chain).trouble
    numbered = [(replace(row, number=n), kept) for n, (row, kept) in enumerate(chain, 1)]
    assert check(numbered).trouble


@given(chains, st.data())
def test_a_chain_made_anew_after_a_change_is_found_by_a_head_noted_before(
    chain: Chain, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(chain) - 1))
    noted = Head(chain[-1][0].number, chain[-1][1])
    rows = [row for row, _ in chain]
    rows[at] = replace(rows[at], subject=rows[at].subject + "x")
    anew = chained(rows)
    assert check(anew).trouble == ""
    assert "rewritten" in check(anew, [noted]).trouble


def test_heads_that_contradict_each_other_are_no_proof() -> None:
    chain = chained([FIRST])
    good = Head(1, chain[0][1])
    assert check(chain, [good, good]).trouble == ""
    assert "contradict" in check(chain, [good, Head(1, "0" * 64)]).trouble


def test_a_head_is_read_as_it_is_written() -> None:
    head = Head(7, "ab" * 32)
    assert head_of(f" {str(head).upper()}\n") == head
    for text in ("", "7", "7:ab", "0:" + "ab" * 32, "x:" + "ab" * 32):
        with pytest.raises(ValueError, match="NUMBER:HASH"):
            head_of(text)
