"""From the PBX's word to the screens: every board that showed the version counts."""

import pytest

from bench.board import screen_waits


def test_each_screen_is_timed_against_the_answer() -> None:
    events = [(10.0, {"Event": "UserEvent", "What": "Answered", "Call": "a"}),
              (10.0, {"Event": "UserEvent", "What": "Answered", "Call": "never shown"}),
              (10.0, {"Event": "Hangup"})]  # fmt: skip
    waits = screen_waits(events, {"7": [10.1, 10.2], "8": [11.0]}, {"a": 7})
    assert waits == [pytest.approx(100), pytest.approx(200)]
