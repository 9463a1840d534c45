"""A disk that is nearly full is at the top of the pages of who can do something, and on the wallboard; nowhere else."""

import pytest

from backoffice.notices.letters import Letters
from backoffice.words import Words
from schema.desk.spacealarms import Seen, saw
from schema.rules.languages import LANGUAGES
from schema.spacealarms import SpaceAlarm
from schema.store import StoreUnreachable
from tests.backoffice.conftest import NOW, Town

PAGES = {
    "supervisor": "/cases",
    "admin": "/people",
    "agent": "/cases",
    "clerk": "/cases",
    "leader": "/leader",
}


def low(town: Town, free: int = 42 * 10**9) -> None:
    with town.store.work() as work:
        saw(work, "pbx1", [Seen("vault", free, 1000 * 10**9)], 5)


def test_it_is_shown_to_supervisors_and_admins_while_it_lasts(town: Town) -> None:
    for free, shown in ((500 * 10**9, set()), (42 * 10**9, {"supervisor", "admin"}), (70 * 10**9, set())):
        low(town, free)
        seen = {post for post, path in PAGES.items() if "disk-alarm" in town.visit(post).text(path)}
        assert seen == shown, free
    low(town)
    assert "仅剩 42.0 GB（4%）" in town.visit("admin").text("/people")


def test_the_wallboard_learns_of_it_while_it_is_open(town: Town) -> None:
    boss = town.visit("supervisor")
    assert boss.get("/wallboard/figures").json["alarms"] == []
    low(town)
    (said,) = boss.get("/wallboard/figures").json["alarms"]
    assert "仅剩 42.0 GB（4%）" in said
    for path in ("/wallboard", "/wallboard?wall=1"):
        html = boss.text(path)
        assert html.count("disk-alarm") == 1 and said in html, path


def test_with_the_database_away_a_page_shows_what_it_can(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_session: object) -> None:
        raise StoreUnreachable("away")

    boss = town.visit("supervisor")
    monkeypatch.setattr("backoffice.diskalarms.open_alarms", away)
    assert "disk-alarm" not in boss.text("/cases")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_says_where_how_much_and_since_when(town: Town, language: str) -> None:
    letters = Letters(Words.read(), town.store.zone, "https://city.example")
    for what in ("vault", "spool"):
        alarm = SpaceAlarm(node="pbx1", what=what, began_at=NOW, free=42 * 10**9, total=1000 * 10**9)
        for kind in ("disk-low", "disk-room"):
            subject, text = letters.write_space(language, kind, alarm)
            assert "42.0" in subject and "pbx1" in text and "2026-11-24" in text and "{" not in subject + text
            assert text.endswith("https://city.example/cases/recordings") and "notice." not in subject + text
