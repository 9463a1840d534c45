"""The desk bench: everybody does everything, nothing goes wrong, and every figure that is documented is there."""

from contextlib import nullcontext

import pytest

from bench import desk
from tests.real.servers import Postgres


@pytest.mark.real
def test_it_prints_every_figure_that_is_documented(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASES", "120")
    for name, value in {
        "PEOPLE": 4,
        "PAUSE": 0.02,
        "SECONDS": 4.0,
        "WARM": 0.5,
        "RUSH": 1.0,
        "AT_ONCE": 2,
    }.items():
        monkeypatch.setattr(desk, name, value)
    monkeypatch.setattr(desk, "cases_postgres", lambda: nullcontext(postgres))
    figures = desk.run()
    postgres.drop("cases_120")
    assert figures["errors"] == 0 and figures["people"] == 4
    assert figures["desk_p95_ms"] > 0 and figures["per_s"] > 0 and 0 < figures["x_bare"] < 10
    assert desk.broken(figures) == [] and desk.broken({"errors": 1}) == ["errors"]
