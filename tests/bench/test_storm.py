"""What the storm sends is what the protocol has, and it says so when too few files may be open."""

import resource
from datetime import UTC, datetime, timedelta

import pytest

from bench import storm
from bench.rig.crowd import body, points
from field_gateway.wire import PositionUp, ReportUp, read_up


def test_its_messages_can_be_read() -> None:
    _, report = body("report", 1, text="第 1 处已处理", case="01a22978-abed-7f8a-9653-4007e7105a23")
    assert isinstance(read_up("report", report), ReportUp)
    id, batch = body("position", 2, points=points(30, ago=150))
    read = read_up("position", batch)
    assert isinstance(read, PositionUp) and len(read.points) == 30 and str(read.id) == id
    times = [point.fixed_at for point in read.points]
    assert times == sorted(times) and timedelta(seconds=149) < datetime.now(UTC) - times[-1]


def test_too_few_files_are_told_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (100, 200))
    with pytest.raises(SystemExit, match="12000 files"):
        storm._raise_open_files(12_000)
