"""Retention: what is past its class's days goes, oldest first; a hold keeps; no rule keeps for good."""

from datetime import UTC, datetime, timedelta

from recordings.retention import Kept, past
from schema.ids import uuid7

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def kept(days_ago: float, class_: str = "hotline", *, held: bool = False) -> Kept:
    return Kept(uuid7(), NOW - timedelta(days=days_ago), class_, held)


def test_only_what_is_past_its_days_goes_oldest_first() -> None:
    young, old, older = kept(89.9), kept(90), kept(400)
    assert past([young, old, older], {"hotline": 90}, NOW) == [older.recording, old.recording]


def test_a_hold_and_a_class_without_days_are_kept() -> None:
    assert past([kept(400, held=True), kept(400, "legal")], {"hotline": 90}, NOW) == []
