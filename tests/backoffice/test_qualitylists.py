"""The lists of quality inspection: each leads on to the next page, and whoever has no list to their own calls."""

import pytest

from schema.desk import qualitylists
from tests.backoffice.conftest import Town
from tests.backoffice.test_quality import sampled


def test_a_long_list_goes_on_and_a_broken_link_shows_its_beginning(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sampled(town, 2)
    boss = town.visit("supervisor")
    monkeypatch.setattr(qualitylists, "PER_PAGE", 1)
    html = boss.text("/quality/reviews")
    assert str(first) in html and str(second) not in html and f"after={first}" in html
    assert str(second) in boss.text(f"/quality/reviews?after={first}")
    assert str(first) in boss.text("/quality/reviews?after=x")
    assert f"state=open&amp;after={second}" in boss.text("/quality/all?state=open")


def test_whoever_opens_quality_comes_to_what_is_theirs(town: Town) -> None:
    for post, path in (
        ("supervisor", "/quality/reviews"),
        ("leader", "/reports/quality"),
        ("agent", "/quality/mine"),
    ):
        assert town.visit(post).get("/quality").location == path
