"""The app bench: every figure that is documented is there."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bench import app


@pytest.mark.real
def test_it_prints_every_figure_that_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"STARTS": 1, "REPORTS": 5}.items():
        monkeypatch.setattr(app, name, value)
    # Playwright wants a thread without a running event loop.
    with ThreadPoolExecutor(1) as hands:
        figures = hands.submit(app.run).result(200)
    assert figures.keys() >= {"first_load_kb", "files", "cold_start_s", "cold_start_p50_s"}
    assert 50 < figures["first_load_kb"] <= 300 and figures["cold_start_s"] > 0
