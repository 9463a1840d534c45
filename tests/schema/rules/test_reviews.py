"""The life of a review: nothing but what is drawn."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schema.rules.reviews import COUNTED, MOVES, STATES, STEPS, NoSuchMove, after, until

DRAWING = Path(__file__).parents[3] / "docs" / "state-machines" / "review.dot"


def test_the_drawing_shows_what_the_table_says() -> None:
    arrows = re.findall(r'^  (\w+) -> (\w+) \[label="(\w+)"\];$', DRAWING.read_text("utf-8"), re.M)
    assert {(begin, step): end for begin, end, step in arrows} == MOVES and len(arrows) == len(MOVES)


def test_what_is_not_drawn_cannot_be_done() -> None:
    for state in STATES:
        for step in STEPS:
            if (state, step) in MOVES:
                assert after(state, step) in STATES
            else:
                with pytest.raises(NoSuchMove):
                    after(state, step)


def test_whatever_comes_after_a_score_has_one_and_an_appeal_has_its_days() -> None:
    assert all(end in COUNTED for (begin, _), end in MOVES.items() if begin in COUNTED)
    assert until(datetime(2026, 11, 28, 9, tzinfo=UTC), 5) == datetime(2026, 12, 3, 9, tzinfo=UTC)
