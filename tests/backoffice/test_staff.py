"""The people and their doors."""

import re
from datetime import timedelta

import pytest

from backoffice import staff
from schema.desk.people import find_user
from schema.ids import uuid7
from tests.backoffice.conftest import NOW, POSTS, Town, plain


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
    assert admin.post(f"/people/{user.id}/unlock").location == f"/people/{user.id}"
    assert "已锁定至" not in admin.text("/people")
    assert "audit-list" in admin.text("/audit?what=people.unlock&subject=agent")
    assert admin.post(f"/people/{uuid7()}/unlock").status_code == 404
    assert admin.post("/people/x/unlock").status_code == 404


def logins(html: str) -> set[str]:
    return set(re.findall(r'data-user="([^"]+)"', html))


def test_people_are_found_by_words_department_post_and_state(town: Town) -> None:
    boss = town.visit("supervisor")
    with town.store.work() as work:
        for login, changes in (
            ("expert", {"active": False}), ("clerk", {"locked": True}), ("worker", {"mobile": "13911112222"}),
            ("leader", {"department": town.units["section"].id}),
        ):  # fmt: skip
            user = find_user(work.session, login)
            for name, value in changes.items():
                setattr(user, name, value)
    unit = town.units["unit"].id
    for asked, expected in (
        ("", set(POSTS)), ("q=agent", {"agent"}), ("q=1391111", {"worker"}), ("q=102", {"supervisor"}),
        (f"department={unit}", {"department", "leader"}), (f"department={unit}&post=leader", {"leader"}),
        ("post=clerk", {"clerk"}), ("state=left", {"expert"}), ("state=locked", {"clerk"}),
        ("state=online", {"supervisor"}), ("state=in", set(POSTS) - {"expert", "clerk"}), ("q=%25", set()),
        ("department=x&state=x&page=x", set(POSTS)), ("page=1", set()),
    ):  # fmt: skip
        assert logins(boss.text(f"/people?{asked}")) == expected, asked
    assert "没有符合条件的人员" in boss.text("/people?q=nobody")


def test_where_somebody_is_logged_in_is_for_the_administrator_alone(town: Town) -> None:
    town.visit("agent")
    assert "127.0.0.1" in town.visit("admin").text("/people")
    boss = town.visit("supervisor").text("/people")
    assert "127.0.0.1" not in boss and "person-link" not in boss and "people-new" not in boss


def test_a_long_list_goes_on_overleaf_with_what_was_asked_for(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "PER_PAGE", 3)
    boss, seen = town.visit("supervisor"), set[str]()
    path = "/people?state=in"
    for _ in range(4):
        html = boss.text(path)
        seen |= logins(html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        if following is None:
            break
        path = following[1].replace("&amp;", "&")
        assert "state=in" in path
    assert seen == set(POSTS)
