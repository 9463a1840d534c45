"""The search bench: every kind of look gives a page, and every figure that is documented is there."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from bench import search
from bench.rig.caselite import lite
from tests.real.servers import Postgres


@pytest.mark.real
def test_it_prints_every_figure_that_is_documented(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASES", "300")
    monkeypatch.setattr(search, "EACH", 1)
    monkeypatch.setattr(search, "SMALL_SHARE", 2)
    monkeypatch.setattr(search, "cases_postgres", lambda: nullcontext(postgres))
    monkeypatch.setattr(search, "lite", lambda total: lite(total, tmp_path))
    figures = search.run()
    for total in (300, 150):
        postgres.drop(f"cases_{total}")
    assert figures.keys() >= {
        "search_p95_ms",
        "growth_x",
        "search_cpu_p95_ms",
        "cpu_growth_x",
        "sqlite_p95_ms",
        "count_p95_ms",
        "small_search_p95_ms",
    }
    assert all(value > 0 for value in figures.values())
