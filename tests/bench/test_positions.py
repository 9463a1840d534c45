"""The bench of positions: a small run of all three ways."""

import pytest

from bench import positions

pytestmark = pytest.mark.real


def test_it_counts_what_is_committed_and_says_what_it_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSITIONS_DEVICES", "3")
    monkeypatch.setenv("POSITIONS_SECONDS", "60")
    monkeypatch.setattr(positions, "PLAIN_SECONDS", 12)
    figures = positions.run()
    assert figures["positions"] == 180
    assert all(
        figures[key] > 0 for key in ("positions_per_s", "plain_per_s", "copy_per_s", "x_plain", "x_copy")
    )
    assert figures["gateway_us"] > 0
