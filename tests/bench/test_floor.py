"""The floor's bench in small: every call that is sent comes to its rows."""

from bench import floor
from bench.rig.stream import length, messages


def test_every_call_comes_to_its_rows() -> None:
    found = floor._once(length(messages("calls"), 2, True), 400, copies=2)
    assert (found["calls"], found["legs"], found["calls_open"], found["right"]) == (400, 800, 0, True)
    assert found["events_per_s"] > 0
