"""Posts and their rights on one page: every one shown, changed at once, an administrator always left."""

import re

from sqlalchemy import select

from backoffice.posts import scopes_of
from backoffice.words import Words
from schema.desk.posts import grants_of
from schema.people import AuditRow
from schema.rules.access import POSTS, RIGHTS, grants
from tests.backoffice.conftest import Town


def matrix(html: str) -> dict[str, list[str]]:
    return {
        right: re.findall(r'data-scope="(\w*)"', cells)
        for right, cells in re.findall(r'<tr data-right="([^"]+)">(.*?)</tr>', html, re.S)
    }


def test_the_table_shows_what_every_post_carries(town: Town) -> None:
    shown = matrix(town.visit("admin").text("/posts"))
    assert shown == {right: [grants(post).get(right, "") for post in POSTS] for right in RIGHTS}


def test_every_right_and_group_of_rights_has_words() -> None:
    known = Words.read().messages
    assert [right for right in RIGHTS if not {f"right.{right}", f"audit_what.{right}"} & known.keys()] == []
    assert {
        right.partition(".")[0] for right in RIGHTS if f"right.group.{right.partition('.')[0]}" not in known
    } == set()


def test_a_post_is_changed_at_once_and_the_log_says_how(town: Town) -> None:
    admin, expert = town.visit("admin"), town.visit("expert")
    assert expert.get("/cases").status_code == 200
    assert 'data-testid="right-case.read"' in admin.text("/posts?post=expert")
    assert admin.post("/posts", {"post": "expert", "board.see": "all"}).location == "/posts?post=expert"
    assert expert.get("/cases").status_code == 403 and expert.get("/wallboard").status_code == 200
    with town.store.read() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.what == "post.set")).one()
    taken = {f"-{right}" for right in grants("expert")}
    assert row.subject == "expert" and set(row.reason.split()) == {"+board.see:all", *taken}


def test_a_post_of_the_sites_own_is_made_like_another_and_given_to_somebody(town: Town) -> None:
    admin = town.visit("admin")
    assert admin.post("/posts", {"post": "保密专办", "like": "department"}).status_code == 303
    with town.store.read() as session:
        assert grants_of(session, "保密专办") == grants("department")
    typed = {"login": "li.na", "name": "李娜", "post": "保密专办", "language": "zh", "department": ""}
    assert admin.post("/people/new", typed).status_code == 200
    assert "保密专办" in admin.text("/people?post=保密专办")
    taken = admin.post("/posts", {"post": "clerk", "like": "agent"})
    assert taken.status_code == 400 and "岗位无效或已存在" in taken.get_data(as_text=True)


def test_what_would_leave_nobody_to_administer_is_refused(town: Town) -> None:
    admin = town.visit("admin")
    answer = admin.post("/posts", {"post": "admin", "people.list": "all"})
    assert answer.status_code == 409 and "至少要保留一名" in answer.get_data(as_text=True)
    assert admin.post("/posts", {"post": "clerk", "case.read": "everywhere"}).status_code == 400
    assert admin.get("/posts").status_code == 200


def test_only_what_is_about_cases_reaches_a_department() -> None:
    assert scopes_of("case.read") == ("all", "department", "own") and scopes_of("people.admin") == ("all",)
