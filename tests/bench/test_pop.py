"""The pop bench: the history that comes up is the caller's, and every figure that is documented is there."""

from contextlib import nullcontext

import pytest

from bench import pop
from tests.real.servers import Postgres


@pytest.mark.real
def test_it_prints_every_figure_that_is_documented(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASES", "120")
    for name, value in {"CALLS": 8, "WARM": 1, "SMALL": 60}.items():
        monkeypatch.setattr(pop, name, value)
    monkeypatch.setattr(pop, "cases_postgres", lambda: nullcontext(postgres))
    figures = pop.run()
    for total in (120, 60):
        postgres.drop(f"cases_{total}")
    assert figures.keys() >= {"pop_p95_ms", "pop_ms", "growth_x", "small_pop_p95_ms"}
    assert figures["history_rows"] >= 1 and figures["pop_p95_ms"] > 0
