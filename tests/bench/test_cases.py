"""The cases bench: it fills a store and says what it weighs."""

from contextlib import nullcontext

import pytest

from bench import cases
from tests.real.servers import Postgres


@pytest.mark.real
def test_it_says_how_long_it_took_and_what_the_store_weighs(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASES", "70")
    monkeypatch.setattr(cases, "cases_postgres", lambda: nullcontext(postgres))
    figures = cases.run()
    postgres.drop("cases_70")
    assert figures["cases"] == 70 and figures["words_index_mb"] > 0 and figures["case_words_mb"] > 0
