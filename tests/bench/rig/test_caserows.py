"""Many cases: the same whenever made, each number once, found by what they say."""

from datetime import UTC, datetime

from bench.rig import caserows
from bench.rig.caserows import COLUMNS, Town, caller, callers_of, citizens, lines
from schema.rules.searchwords import tokens

TOWN = Town(["a" * 32], ["b" * 32], ["330101001001001"], datetime(2026, 11, 29, 5, tzinfo=UTC))
TOTAL = 5_000


def rows(n: int) -> dict[str, list[dict[str, str]]]:
    return {
        table: [dict(zip(COLUMNS[table], line.split("\t"), strict=True)) for line in text.splitlines()]
        for table, text in lines(n, TOTAL, TOWN).items()
    }


def test_a_case_is_the_same_whenever_it_is_made() -> None:
    assert lines(17, TOTAL, TOWN) == lines(17, TOTAL, TOWN) != lines(18, TOTAL, TOWN)


def test_numbers_and_ids_are_given_once_and_time_goes_forward() -> None:
    cases = [rows(n) for n in range(TOTAL - 800, TOTAL)]
    assert len({one["cases"][0]["case_no"] for one in cases}) == 800
    assert len({step["order"] for one in cases for step in one["case_steps"]}) == sum(
        len(one["case_steps"]) for one in cases
    )
    made = [one["cases"][0]["made_at"] for one in cases]
    assert made == sorted(made) and made[-1] < TOWN.now.isoformat()
    assert {one["cases"][0]["language"] for one in cases} == {"zh", "ug", "en"}
    assert {"filed", "dispatched", "closed", "rated", "void"} <= {one["cases"][0]["state"] for one in cases}


def test_a_case_is_found_by_exactly_what_it_says() -> None:
    for n in range(200):
        one = rows(n)
        case = one["cases"][0]
        said = {word[3:] for word in one["case_words"][0]["words"].split()}
        texts = [case["title"], case["text"], *(step["text"] for step in one["case_steps"])]
        assert set(tokens(*texts)) <= said
        assert len(said - set(tokens(*texts, case["address"]))) <= 3  # the name the citizen gave


def test_citizens_have_numbers_of_their_own_and_every_caller_is_one() -> None:
    people = list(citizens(TOTAL, 0, callers_of(TOTAL), TOWN))
    assert len({line.split("\t")[1] for line in people}) == len(people) == callers_of(TOTAL)
    known = {line.split("\t")[0] for line in people}
    assert {rows(n)["cases"][0]["citizen"] for n in range(300)} <= known and caller(0)[0] in known
    assert len({caller(n)[1] for n in range(0, 4_000_000, 997)}) == len(range(0, 4_000_000, 997))
    assert caserows.SPAN.days == 365 * caserows.YEARS
