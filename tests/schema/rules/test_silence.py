"""Silence begins when nothing was heard for long, counted from when duty began at the earliest."""

from datetime import UTC, datetime, timedelta

from schema.rules.silence import LONG, silent_since

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def test_only_who_is_on_duty_and_was_not_heard_of_for_long_is_silent() -> None:
    assert silent_since(ago(90), None, NOW) is None, "off duty"
    assert silent_since(ago(10), ago(90), NOW) is None
    assert silent_since(ago(40), ago(90), NOW) == ago(40)
    assert silent_since(ago(600), ago(40), NOW) == ago(40), "before duty it had nothing to say"
    assert silent_since(ago(600), ago(10), NOW) is None
    assert silent_since(None, ago(40), NOW) == ago(40)
    assert silent_since(ago(30), ago(90), NOW) is None and timedelta(minutes=30) == LONG
    assert silent_since(ago(40), ago(90), NOW, timedelta()) is None, "a site may not want to be told"
