"""What the storm sends is what the protocol has, and it says so when too few files may be open."""

import resource
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bench import storm
from field_gateway.wire import PositionUp, ReportUp, read_up


def test_its_messages_can_be_read() -> None:
    rig: Any = SimpleNamespace(store=SimpleNamespace(clock=lambda: datetime.now(UTC)))
    report = storm._message(
        rig, "report", 1, text="第 1 处已处理", case="01a22978-abed-7f8a-9653-4007e7105a23"
    )
    assert isinstance(read_up("report", report.body), ReportUp)
    batch = storm._message(rig, "position", 2, points=storm._points(rig, 30))
    read = read_up("position", batch.body)
    assert isinstance(read, PositionUp) and len(read.points) == 30
    times = [point.fixed_at for point in read.points]
    assert times == sorted(times)


def test_too_few_files_are_told_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (100, 200))
    with pytest.raises(SystemExit, match="12000 files"):
        storm._raise_open_files(12_000)
