"""Following the store: looks go on whatever goes wrong, and a trouble is told once."""

import threading

import pytest
import structlog

from ivr.following import Following
from schema.store import StoreUnreachable


def test_looks_go_on_whatever_goes_wrong_and_end_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    troubles = [
        StoreUnreachable("away"),
        ValueError("bad"),
        ValueError("bad"),
        RuntimeError("bug"),
        None,
        ValueError("bad"),
    ]
    done = threading.Event()

    def look() -> None:
        if not troubles:
            done.set()
            return
        trouble = troubles.pop(0)
        if trouble is not None:
            raise trouble

    following = Following("menus", look, 0.001, (ValueError,))
    with structlog.testing.capture_logs() as told:
        following.start()
        assert done.wait(10)
        following.stop()
    assert [one["event"].partition(":")[2].split()[0] for one in told] == ["what", "a", "what"]
    assert not following._thread.is_alive()


def test_stopping_what_never_started_is_nothing() -> None:
    Following("menus", lambda: None, 1).stop()
