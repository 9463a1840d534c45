"""The day's figures: they add up, and each has its denominator."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backoffice.figures import Share, figures, midnight
from tests.backoffice.conftest import NOW, Town


def put(town: Town, **changes: Any) -> None:
    after = {key: NOW + timedelta(seconds=value) for key, value in changes.items() if key.endswith("_at")}
    town.call(**{"queued_at": NOW, **changes, **after})


def test_every_caller_is_in_one_place_and_the_sum_is_what_was_offered(town: Town) -> None:
    put(town, answered_at=10, ended_at=70, outcome="answered")
    put(town, answered_at=15, ended_at=45, outcome="answered")
    put(town, answered_at=40)
    put(town, outcome="abandoned", ended_at=5, stage="queue")
    put(town, outcome="abandoned", ended_at=30, stage="ringing")
    put(town, stage="queue")
    put(town, outcome="lost", ended_at=9, stage="net")
    town.call(queued_at=None, outcome="abandoned", stage="ivr")
    town.call(direction="out", queued_at=None, outcome="answered")
    town.call(entered_at=NOW - timedelta(days=1), queued_at=NOW - timedelta(days=1), outcome="abandoned")
    with town.store.read() as session:
        f = figures(session, midnight(NOW, ZoneInfo("Asia/Shanghai")))
    assert (f.answered, f.abandoned, f.overflowed, f.called_back, f.waiting, f.before_queue) == (
        3,
        2,
        1,
        0,
        1,
        1,
    )
    assert f.offered == 7
    assert f.connect_rate == Share(3, 6) and f.connect_rate.value == 0.5
    assert f.service_level == Share(2, 4), "answered within 15 s of answered and abandoned after 15 s"
    assert f.speed_of_answer is not None and round(f.speed_of_answer, 1) == 21.7
    assert f.talk_time == 45.0 and f.talk_count == 2


def test_a_day_without_calls_has_no_rates(town: Town) -> None:
    with town.store.read() as session:
        f = figures(session, NOW)
    assert f.offered == 0 and f.connect_rate.value is None and f.service_level.value is None
    assert f.speed_of_answer is None and f.talk_time is None


def test_the_day_begins_at_the_sites_midnight() -> None:
    late = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    assert midnight(late, ZoneInfo("Asia/Shanghai")).astimezone(UTC) == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert midnight(NOW, ZoneInfo("Asia/Shanghai")).astimezone(UTC) == datetime(2026, 11, 23, 16, tzinfo=UTC)
