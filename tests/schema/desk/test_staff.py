"""The staff desk: users are added, changed, kept out and let in, each order once, and an admin is always left."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from schema.desk import staff
from schema.desk.errors import Refused
from schema.desk.people import WrongLogin, check_login, find_user
from schema.desk.sessions import begin, find
from schema.ids import uuid7
from schema.orders import (
    AddUser,
    DeactivateUser,
    EditUser,
    EndSessions,
    LockUser,
    ReactivateUser,
    ResetPassword,
    UnlockUser,
)
from schema.people import PeopleStep, User, WebSession
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry


def adding(desk: Office, **changes: Any) -> AddUser:
    order = AddUser(by=desk.admin, login="li.na", name="李娜", post="agent", mobile="13800000000", work_phone="0571-1",
                    department=desk.unit, seat="201", languages="zh:10 ug:6", skills="tax:5", queues="tax")  # fmt: skip
    return replace(order, **changes)


def look(desk: Office, id: Any) -> User:
    with desk.store.read() as session:
        return session.get_one(User, id)


def refused(desk: Office, function: Any, order: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        carry(desk, function, order)
    return caught.value.code, caught.value.field


def log_in(desk: Office, user: User) -> str:
    with desk.store.work() as work:
        return begin(work, user, ip="10.0.0.1", agent="x", lasts=timedelta(hours=12))


def test_somebody_is_added_once_with_a_password_that_is_told_once(desk: Office) -> None:
    order = adding(desk)
    user, password = carry(desk, staff.add, order)
    assert len(password) == 12 and check_login(desk.store, "li.na", password, "10.0.0.1").id == user.id
    seen = look(desk, user.id)
    assert (seen.name, seen.post, seen.department, seen.seat, seen.work_phone) == (
        "李娜", "agent", desk.unit, "201", "0571-1",
    )  # fmt: skip
    assert (seen.languages, seen.skills, seen.queues) == ("zh:10 ug:6", "tax:5", "tax")
    assert carry(desk, staff.add, order)[1] == ""
    with desk.store.read() as session:
        assert len(session.scalars(select(User).where(User.login == "li.na")).all()) == 1
    assert len({staff.one_time_password() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"login": "Li Na!"}, "login"), ({"login": "agent"}, "login"), ({"name": " "}, "name"),
     ({"name": "x" * 101}, "name"),
     ({"name": "a\0"}, "name"), ({"post": "king"}, "post"), ({"mobile": "1" * 33}, "mobile"), ({"seat": "x"}, "seat"),
     ({"post": "clerk"}, "seat"), ({"department": uuid7()}, "department"), ({"language": "fr"}, "language"),
     ({"languages": "zh"}, "languages"), ({"queues": "A!"}, "queues"),
     ({"post": "department", "seat": "", "department": None}, "department")],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nobody_is_added(
    desk: Office, changes: dict[str, Any], field: str
) -> None:
    assert refused(desk, staff.add, adding(desk, **changes)) == ("bad-field", field)
    with desk.store.read() as session:
        assert find_user(session, "li.na") is None and session.scalars(select(PeopleStep)).all() == []


def test_a_user_is_changed_and_keeps_their_own_seat(desk: Office) -> None:
    user, _ = carry(desk, staff.add, adding(desk))
    other, _ = carry(desk, staff.add, adding(desk, login="wang", seat="202", order=uuid7()))
    order = EditUser(
        by=desk.admin, user=user.id, name="李娜娜", post="supervisor", seat="201", department=desk.section
    )
    carry(desk, staff.edit, order)
    seen = look(desk, user.id)
    assert (seen.name, seen.post, seen.seat, seen.department, seen.mobile) == (
        "李娜娜", "supervisor", "201", desk.section, "",
    )  # fmt: skip
    taken = replace(order, order=uuid7(), seat="202")
    assert refused(desk, staff.edit, taken) == ("bad-field", "seat")
    unit = replace(order, order=uuid7(), post="department", seat="", department=None)
    assert refused(desk, staff.edit, unit) == ("bad-field", "department")
    assert refused(desk, staff.edit, replace(order, order=uuid7(), user=uuid7()))[0] == "not-found"
    assert refused(desk, staff.edit, replace(order, order=uuid7(), name=" ")) == ("bad-field", "name")
    assert other.seat == "202"


@pytest.mark.parametrize(
    ("out", "back"), [((LockUser, staff.lock), (UnlockUser, staff.unlock)),
                      ((DeactivateUser, staff.deactivate), (ReactivateUser, staff.reactivate))],
)  # fmt: skip
def test_who_is_kept_out_is_logged_out_and_comes_in_only_when_let_in_again(
    desk: Office, out: Any, back: Any
) -> None:
    user, password = carry(desk, staff.add, adding(desk))
    token = log_in(desk, user)
    carry(desk, out[1], out[0](by=desk.admin, user=user.id))
    with desk.store.read() as session:
        assert find(session, token, desk.store.clock()) is None
    with pytest.raises(WrongLogin):
        check_login(desk.store, "li.na", password, "10.0.0.1")
    carry(desk, back[1], back[0](by=desk.admin, user=user.id))
    assert check_login(desk.store, "li.na", password, "10.0.0.1").id == user.id


def test_a_seat_of_somebody_who_left_is_free(desk: Office) -> None:
    user, _ = carry(desk, staff.add, adding(desk))
    carry(desk, staff.deactivate, DeactivateUser(by=desk.admin, user=user.id))
    assert carry(desk, staff.add, adding(desk, login="wang", order=uuid7()))[0].seat == "201"


def test_a_reset_password_ends_every_session_and_the_old_password(desk: Office) -> None:
    user, old = carry(desk, staff.add, adding(desk))
    token = log_in(desk, user)
    order = ResetPassword(by=desk.admin, user=user.id)
    _, fresh = carry(desk, staff.reset_password, order)
    assert fresh and fresh != old and carry(desk, staff.reset_password, order)[1] == ""
    with desk.store.read() as session:
        assert find(session, token, desk.store.clock()) is None
    assert check_login(desk.store, "li.na", fresh, "10.0.0.1").id == user.id
    with pytest.raises(WrongLogin):
        check_login(desk.store, "li.na", old, "10.0.0.1")


def test_somebody_is_logged_out_everywhere(desk: Office) -> None:
    user, _ = carry(desk, staff.add, adding(desk))
    for _ in range(2):
        log_in(desk, user)
    assert look(desk, user.id).last_login_at is not None
    carry(desk, staff.end_sessions, EndSessions(by=desk.admin, user=user.id))
    with desk.store.read() as session:
        assert session.scalars(select(WebSession).where(WebSession.user == user.id)).all() == []


@pytest.mark.parametrize("person", ["agent", "supervisor", "leader", "department", "worker"])
def test_only_who_may_administer_does_any_of_it(desk: Office, person: str) -> None:
    by = getattr(desk, person)
    for function, order in (
        (staff.add, adding(desk, by=by)), (staff.lock, LockUser(by=by, user=desk.clerk)),
        (staff.deactivate, DeactivateUser(by=by, user=desk.clerk)),
        (staff.reset_password, ResetPassword(by=by, user=desk.clerk)),
        (staff.end_sessions, EndSessions(by=by, user=desk.clerk)),
        (staff.edit, EditUser(by=by, user=desk.clerk, name="x", post="admin")),
    ):  # fmt: skip
        assert refused(desk, function, order)[0] == "not-allowed"


def test_the_last_admin_stays(desk: Office) -> None:
    for function, order in (
        (staff.lock, LockUser(by=desk.admin, user=desk.admin)),
        (staff.deactivate, DeactivateUser(by=desk.admin, user=desk.admin)),
        (staff.edit, EditUser(by=desk.admin, user=desk.admin, name="x", post="clerk")),
    ):
        assert refused(desk, function, order) == ("wrong-state", "admin")
    seen = look(desk, desk.admin)
    assert seen.active and not seen.locked and seen.post == "admin"


def test_of_two_admins_who_shut_each_other_out_at_once_one_is_left(desk: Office) -> None:
    second, _ = carry(desk, staff.add, adding(desk, login="admin2", post="admin", seat=""))
    barrier, outcomes = threading.Barrier(2), []

    def shut_out(by: Any, other: Any) -> None:
        barrier.wait()
        try:
            carry(desk, staff.deactivate, DeactivateUser(by=by, user=other))
            outcomes.append("done")
        except Refused as error:
            outcomes.append(error.code)

    pair = [(desk.admin, second.id), (second.id, desk.admin)]
    threads = [threading.Thread(target=shut_out, args=two) for two in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("done") == 1
    assert [look(desk, desk.admin).active, look(desk, second.id).active].count(True) == 1


def test_an_order_that_was_another_before_is_refused(desk: Office) -> None:
    order = LockUser(by=desk.admin, user=desk.clerk)
    carry(desk, staff.lock, order)
    other = UnlockUser(order=order.order, by=desk.admin, user=desk.clerk)
    assert refused(desk, staff.unlock, other) == ("bad-field", "order")
