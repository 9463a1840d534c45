"""The people and their doors."""

from datetime import timedelta

from schema.desk.people import find_user
from schema.ids import uuid7
from tests.backoffice.conftest import NOW, Town, plain


def test_everybody_is_listed_with_post_seat_and_presence(town: Town) -> None:
    town.visit("agent")
    words = plain(town.visit("supervisor").text("/people"))
    for part in ("agent 某", "座席", "101", "网格员", "不在线", "2026-11-24 16:00"):
        assert part in words
    assert "解锁" not in words, "a supervisor sees, an admin unlocks"


def test_an_admin_unlocks_somebody(town: Town) -> None:
    with town.store.work() as work:
        user = find_user(work.session, "agent")
        assert user is not None
        user.failures, user.locked_until = 7, NOW + timedelta(minutes=5)
    admin = town.visit("admin")
    html = admin.text("/people")
    assert "已锁定至 2026-11-24 16:05:00" in html
    assert admin.post(f"/people/{user.id}/unlock").location == "/people"
    assert "已锁定" not in admin.text("/people")
    assert "audit-list" in admin.text("/audit?what=people.unlock&subject=agent")
    assert admin.post(f"/people/{uuid7()}/unlock").status_code == 404
    assert admin.post("/people/x/unlock").status_code == 404
