"""What an administrator does to users, from the forms to the log."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from schema.desk.handsets import enrol
from schema.desk.people import check_login, find_user
from schema.ids import uuid7
from schema.people import AuditRow, User, WebSession
from tests.backoffice.conftest import Town, plain

NEW: dict[str, Any] = {"login": "li.na", "name": "李娜", "post": "agent", "mobile": "13800000000", "work_phone": "0571",
                       "seat": "201", "language": "zh", "languages": "zh:10", "skills": "", "queues": ""}  # fmt: skip


def secret(html: str) -> str:
    found = re.search(r'data-testid="one-time-password">([^<]+)<', html)
    return found[1] if found else ""


def user(town: Town, login: str) -> User:
    with town.store.read() as session:
        row = find_user(session, login)
    assert row is not None
    return row


def log(town: Town) -> list[tuple[str, str, str]]:
    with town.store.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.what.like("people.%")).order_by(AuditRow.id))
        return [(row.what, row.subject, row.reason) for row in rows]


def test_somebody_is_added_and_their_password_is_shown_once(town: Town) -> None:
    admin, order = town.visit("admin"), str(uuid7())
    answer = admin.post("/people/new", {**NEW, "order": order})
    password = secret(answer.get_data(as_text=True))
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert check_login(town.store, "li.na", password, "10.0.0.1").name == "李娜"
    again = admin.post("/people/new", {**NEW, "order": order}).get_data(as_text=True)
    assert secret(again) == "" and "已显示过" in plain(again)
    assert log(town) == [("people.add", "li.na", "post: agent")] * 2
    assert password not in admin.text(f"/people/{user(town, 'li.na').id}")


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(town: Town) -> None:
    answer = town.visit("admin").post("/people/new", {**NEW, "seat": "101", "department": ""})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400 and 'data-wrong="seat"' in html and 'value="李娜"' in html
    assert town.visit("admin").post("/people/new", {**NEW, "department": "x"}).status_code == 400


def test_a_user_is_changed_and_the_log_says_what(town: Town) -> None:
    clerk, admin = user(town, "clerk"), town.visit("admin")
    assert 'value="clerk 某"' in admin.text(f"/people/{clerk.id}")
    typed = {"name": "王伟", "post": "department", "language": "ug", "department": str(town.units["unit"].id)}
    assert admin.post(f"/people/{clerk.id}", typed).status_code == 303
    row = user(town, "clerk")
    assert (row.name, row.post, row.department, row.language) == (
        "王伟", "department", town.units["unit"].id, "ug",
    )  # fmt: skip
    ((what, subject, reason),) = log(town)
    assert (what, subject) == ("people.edit", "clerk") and "post: clerk → department" in reason
    wrong = admin.post(f"/people/{clerk.id}", {**typed, "post": "king"})
    assert wrong.status_code == 400 and "岗位无效" in wrong.get_data(as_text=True)
    assert admin.post(f"/people/{uuid7()}", typed).status_code == 404


def test_another_post_counts_at_once_for_who_is_logged_in(town: Town) -> None:
    agent, admin = town.visit("agent"), town.visit("admin")
    assert agent.get("/cases").status_code == 200
    id = user(town, "agent").id
    assert admin.post(f"/people/{id}", {"name": "x", "post": "worker", "language": "zh"}).status_code == 303
    assert agent.get("/cases").status_code == 403


@pytest.mark.parametrize("what", ["lock", "deactivate", "end-sessions"])
def test_who_is_kept_out_is_out_at_once(town: Town, what: str) -> None:
    agent, admin, id = town.visit("agent"), town.visit("admin"), user(town, "agent").id
    page = admin.text(f"/people/{id}")
    assert "127.0.0.1" in page and f'data-testid="person-{what}"' in page
    assert admin.post(f"/people/{id}/{what}").location == f"/people/{id}"
    assert agent.get("/cases").status_code == 302
    with town.store.read() as session:
        assert session.scalars(select(WebSession).where(WebSession.user == id)).all() == []
    assert log(town) == [(f"people.{what}", "agent", "")]
    back = {"lock": "unlock", "deactivate": "reactivate"}.get(what)
    if back:
        assert f'data-testid="person-{back}"' in admin.text(f"/people/{id}")
        assert admin.post(f"/people/{id}/{back}").status_code == 303
        assert 'data-testid="person-state">正常' in admin.text(f"/people/{id}")


def test_a_password_is_reset_and_shown_once(town: Town) -> None:
    admin, id, order = town.visit("admin"), user(town, "agent").id, str(uuid7())
    password = secret(admin.post(f"/people/{id}/password", {"order": order}).get_data(as_text=True))
    assert check_login(town.store, "agent", password, "10.0.0.1").id == id
    assert secret(admin.post(f"/people/{id}/password", {"order": order}).get_data(as_text=True)) == ""


def test_the_last_administrator_is_not_shut_out(town: Town) -> None:
    admin, id = town.visit("admin"), user(town, "admin").id
    for what in ("lock", "deactivate"):
        answer = admin.post(f"/people/{id}/{what}")
        assert answer.status_code == 409 and "至少要保留一名" in answer.get_data(as_text=True)
    assert admin.get("/people").status_code == 200


def test_what_is_not_there_is_not_found(town: Town) -> None:
    admin = town.visit("admin")
    for path in (f"/people/{uuid7()}", "/people/x"):
        assert admin.get(path).status_code == 404
    for path in (f"/people/{uuid7()}/lock", "/people/x/lock", f"/people/{user(town, 'agent').id}/dance"):
        assert admin.post(path).status_code == 404


def test_a_password_that_somebody_else_chose_is_changed_at_the_next_log_in(town: Town) -> None:
    admin, id = town.visit("admin"), user(town, "agent").id
    admin.post(f"/people/{id}/password")
    assert user(town, "agent").password_temporary
    admin.post("/people/new", NEW)
    assert user(town, "li.na").password_temporary


def test_the_page_of_a_worker_says_what_becomes_of_their_handsets(town: Town) -> None:
    worker, admin = user(town, "worker"), town.visit("admin")
    assert "person-handsets" not in admin.text(f"/people/{worker.id}").replace('"person-handsets"', "")
    with town.store.work() as work:
        enrol(work, device="hs-9", worker=worker.id, secret="sixteen letters!")
    html = admin.text(f"/people/{worker.id}")
    assert 'data-testid="person-handsets-in"' in html and "hs-9" in html
    admin.post(f"/people/{worker.id}/deactivate", {})
    html = admin.text(f"/people/{worker.id}")
    assert 'data-testid="person-handsets-out"' in html and "hs-9" in html
    assert 'data-testid="worker-out"' in admin.text("/field/devices/hs-9")
