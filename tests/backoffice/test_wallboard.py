"""The wallboard's page and its figures."""

from datetime import timedelta

from tests.backoffice.conftest import NOW, Town, plain


def test_the_figures_stand_first_each_with_what_it_is_of(town: Town) -> None:
    for wait in (5, 20):
        town.call(queued_at=NOW, answered_at=NOW + timedelta(seconds=wait), outcome="answered")
    boss = town.visit("supervisor")
    for path in ("/wallboard", "/wallboard/figures"):
        words = plain(boss.text(path))
        assert "100.0 %" in words and "2 次中的 2 次" in words and "目标 95 %" in words
        assert "50.0 %" in words and "2 次中的 1 次" in words
        assert "12.5" in words
    assert "自 2026-11-24 00:00 起" in words
    html = boss.text("/wallboard")
    assert "data-seats" in html and "data-calls" in html


def test_an_empty_day_shows_dashes_and_no_alarm(town: Town) -> None:
    html = town.visit("admin").text("/wallboard/figures")
    assert "–" in html and 'data-good="false"' not in html
