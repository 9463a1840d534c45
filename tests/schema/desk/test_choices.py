"""Choices: the newest counts, the older ones stay with who chose them, and only a supervisor chooses."""

from datetime import UTC, datetime, timedelta

import pytest

from schema.choices import Choice
from schema.desk.choices import duplicate_threshold, set_duplicate_threshold, threshold_history
from schema.desk.errors import Refused
from schema.orders import SetDuplicateThreshold
from schema.rules.duplicates import HIGHEST, LOWEST, THRESHOLD
from tests.schema.desk.casework import Office


def choose(desk: Office, threshold: float, **changes: object) -> Choice:
    order = SetDuplicateThreshold(**{"by": desk.supervisor, "threshold": threshold} | changes)  # type: ignore[arg-type]
    with desk.store.work() as work:
        return set_duplicate_threshold(work, order)


def test_the_newest_choice_counts_and_the_older_ones_stay(desk: Office) -> None:
    with desk.store.read() as session:
        assert duplicate_threshold(session) == THRESHOLD and threshold_history(session) == []
    times = iter(datetime(2026, 11, 24, 4, tzinfo=UTC) + timedelta(hours=n) for n in range(9))
    desk.store.clock = lambda: next(times)
    choose(desk, 0.8)
    choose(desk, 0.6)
    with desk.store.read() as session:
        assert duplicate_threshold(session) == 0.6
        told = [(row.value, row.by, row.at.hour) for row in threshold_history(session)]
    assert told == [(0.6, desk.supervisor, 5), (0.8, desk.supervisor, 4)]
    assert [(row.name, row.body["threshold"]) for row in desk.said()] == [
        ("DuplicateThresholdSet", 0.8), ("DuplicateThresholdSet", 0.6),
    ]  # fmt: skip


def test_the_same_order_again_changes_nothing(desk: Office) -> None:
    order = SetDuplicateThreshold(by=desk.supervisor, threshold=0.8)
    for _ in range(2):
        with desk.store.work() as work:
            set_duplicate_threshold(work, order)
    assert len(desk.said()) == 1


@pytest.mark.parametrize("threshold", [LOWEST - 0.01, HIGHEST + 0.01, float("nan"), float("inf"), -1.0])
def test_a_threshold_that_makes_no_sense_is_refused(desk: Office, threshold: float) -> None:
    with pytest.raises(Refused) as refused:
        choose(desk, threshold)
    assert (refused.value.code, refused.value.field) == ("bad-field", "threshold")
    assert desk.said() == []


@pytest.mark.parametrize("post", ["agent", "expert", "worker", "clerk", "admin"])
def test_only_a_supervisor_chooses(desk: Office, post: str) -> None:
    with pytest.raises(Refused) as refused:
        choose(desk, 0.8, by=getattr(desk, post))
    assert refused.value.code == "not-allowed"
