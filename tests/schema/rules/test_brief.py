"""The brief's figures: what each is of, how it moved, and that a kept one is read as it was written."""

import json

import pytest

from schema.rules.brief import FIGURES, Bar, Brief, Counts, Hot, body, move, read_body
from schema.rules.callstats import worth

DAY = Counts(offered=10, answered=7, abandoned=2, level_in=6, late=1, taken=5, filed=4, dispatched=4, closed=4,
             timed=4, in_time=3, reopened=1, rated=2, satisfied=1)  # fmt: skip
BY = {one.name: one for one in FIGURES}


def test_each_figure_is_of_its_denominator() -> None:
    assert {name: worth(one.of(DAY)) for name, one in BY.items()} == {
        "offered": 10, "answered": 0.7, "abandoned": 0.2, "level": 0.75, "taken": 5, "filed": 4, "dispatched": 4,
        "closed": 4, "in_time": 0.75, "reopened": 1, "satisfied": 0.5,
    }  # fmt: skip
    nothing = Counts()
    assert {name for name, one in BY.items() if worth(one.of(nothing)) is None} == {
        "answered", "abandoned", "level", "in_time", "satisfied",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "other", "by", "way"),
    [
        ("offered", Counts(offered=4), 6, ""),
        ("reopened", Counts(), 1, "worse"),
        ("reopened", Counts(reopened=3), -2, "better"),
        ("in_time", Counts(timed=2, in_time=1), 25.0, "better"),
        ("abandoned", Counts(offered=10, abandoned=1), 10.0, "worse"),
        ("abandoned", Counts(), None, ""),
        ("satisfied", Counts(rated=4, satisfied=2), 0.0, ""),
    ],
)
def test_it_moved_so(name: str, other: Counts, by: float | None, way: str) -> None:
    found = move(BY[name], DAY, other)
    assert (found.by, found.way) == (by, way)


def test_what_is_kept_is_read_again_and_a_later_form_of_it_too() -> None:
    brief = Brief("2026-11-24", DAY, Counts(offered=1), Counts(), [Bar("08:00", {}, 3)],
                  [Bar("01", {"zh": "市容", "en": "Clean"}, 2)], [Bar("x", {"": "一"}, 2)],
                  [Bar("u", {"": "处"}, 1, 2)], [Hot("id", "ZW-1", "路灯", {"joined": 2})])  # fmt: skip
    kept = json.loads(json.dumps(body(brief)))
    assert read_body(kept) == brief
    kept["now"]["new"] = 1
    del kept["now"]["rated"]
    assert read_body(kept).now.offered == 10 and read_body(kept).now.rated == 0
    bar = brief.categories[0]
    assert [bar.name(language) for language in ("zh", "en", "ug")] == ["市容", "Clean", "市容"]
