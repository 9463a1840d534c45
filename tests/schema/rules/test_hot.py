"""Why a case is hot can be added up by hand."""

import pytest

from schema.rules.hot import HOT, SIGNS, is_hot, reasons, score


@pytest.mark.parametrize(
    ("counts", "points"),
    [
        ({}, 0),
        ({"overdue": 1}, 2),
        ({"overdue": 1, "urged": 1}, 3),
        ({"joined": 1}, 2),
        ({"joined": 2}, 4),
        ({"reopened": 2, "urged": 9}, 8),
        ({"marked": 1}, 5),
        ({"joined": 99, "overdue": 1, "reopened": 99, "urged": 99, "marked": 1}, 27),
    ],
)
def test_signs_add_up_each_to_its_most(counts: dict[str, int], points: int) -> None:
    why = reasons(counts)
    assert score(why) == sum(one.points for one in why) == points
    assert is_hot(why) is (points >= HOT)


def test_a_reason_says_what_how_often_and_for_how_much_in_the_tables_order() -> None:
    why = reasons({"urged": 9, "joined": 3, "marked": 1})
    assert [(one.sign, one.count, one.points) for one in why] == [
        ("marked", 1, 5),
        ("joined", 3, 6),
        ("urged", 9, 4),
    ]


def test_what_is_taken_back_or_unknown_counts_nothing() -> None:
    assert reasons({"joined": 0, "urged": -1, "loud": 7}) == ()


def test_whoever_marks_a_case_makes_it_hot_and_being_late_alone_does_not() -> None:
    assert SIGNS["marked"].points >= HOT > SIGNS["overdue"].most
