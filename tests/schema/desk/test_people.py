"""Users, their passwords, and the door that shuts after wrong tries."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from schema.desk.errors import Refused
from schema.desk.passwords import hashed
from schema.desk.people import (
    LockedOut,
    WrongLogin,
    add_user,
    anybody,
    check_login,
    find_user,
    lock_after,
    set_language,
    set_password,
    set_skills,
    unlock,
)
from schema.desk.sessions import begin, find
from schema.people import AuditRow
from schema.store import Store

PASSWORD = "correct horse"
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(store: Store) -> Clock:
    store.clock = Clock()
    return store.clock


@pytest.fixture
def li(store: Store, clock: Clock) -> str:
    with store.work() as work:
        add_user(work, login="Li.Na", name="李娜", post="agent", password=PASSWORD, seat="101", language="en")
    return "li.na"


def tries(store: Store) -> list[tuple[bool, str]]:
    with store.read() as session:
        return [(row.allowed, row.reason) for row in session.scalars(select(AuditRow).order_by(AuditRow.id))]


def test_the_password_is_kept_as_argon2id_and_the_right_one_opens_the_door(store: Store, li: str) -> None:
    user = check_login(store, " LI.NA ", PASSWORD, "127.0.0.1")
    assert user.name == "李娜"
    assert user.password.startswith("$argon2id$") and PASSWORD not in user.password
    assert tries(store) == [(True, "")]


@pytest.mark.parametrize("login", ["li.na", "nobody"])
def test_five_wrong_tries_lock_the_door_for_a_growing_time_known_login_or_not(
    store: Store, li: str, clock: Clock, login: str
) -> None:
    compared: list[str] = []

    def wrong(stored: str, _password: str) -> bool:
        compared.append(stored)
        return False

    for _ in range(5):
        with pytest.raises(WrongLogin):
            check_login(store, login, "wrong", "127.0.0.1", wrong)
    with pytest.raises(LockedOut) as locked:
        check_login(store, login, "wrong", "127.0.0.1", wrong)
    assert locked.value.until == clock.now + timedelta(seconds=30)
    assert len(compared) == 5, "a locked door does not look at the password"
    assert all(stored.startswith("$argon2id$") for stored in compared)
    clock.now += timedelta(seconds=31)
    with pytest.raises(WrongLogin):
        check_login(store, login, "wrong", "127.0.0.1", wrong)
    with pytest.raises(LockedOut) as longer:
        check_login(store, login, PASSWORD, "127.0.0.1", wrong)
    assert longer.value.until == clock.now + timedelta(seconds=60)


def test_after_the_lock_the_right_password_opens_and_clears_the_count(
    store: Store, li: str, clock: Clock
) -> None:
    for _ in range(5):
        with pytest.raises(WrongLogin):
            check_login(store, li, "wrong", "::1", lambda *_: False)
    with pytest.raises(LockedOut):
        check_login(store, li, PASSWORD, "::1")
    clock.now += timedelta(seconds=31)
    check_login(store, li, PASSWORD, "::1")
    with store.read() as session:
        user = find_user(session, li)
    assert user is not None and user.failures == 0 and user.locked_until is None
    assert tries(store)[-2:] == [(False, "locked out"), (True, "")]


def test_somebody_who_left_does_not_get_in(store: Store, li: str) -> None:
    with store.work() as work:
        user = find_user(work.session, li)
        assert user is not None
        user.active = False
    with pytest.raises(WrongLogin):
        check_login(store, li, PASSWORD, "::1")


def test_the_lock_doubles_up_to_an_hour() -> None:
    assert [lock_after(n).total_seconds() for n in (0, 4, 5, 6, 7, 30, 10_000)] == [
        0,
        0,
        30,
        60,
        120,
        3600,
        3600,
    ]


def test_a_new_password_lifts_the_lock_and_ends_the_sessions(store: Store, li: str) -> None:
    with store.work() as work:
        user = find_user(work.session, li)
        assert user is not None
        user.failures, user.locked_until = 9, START + timedelta(hours=1)
        token = begin(work, user, ip="::1", agent="test", lasts=timedelta(hours=1))
    with store.work() as work:
        set_password(work, li, "another one")
    assert check_login(store, li, "another one", "::1").failures == 0
    with store.read() as session:
        assert find(session, token, START) is None


def test_unlock_and_language(store: Store, li: str) -> None:
    with store.work() as work:
        user = find_user(work.session, li)
        assert user is not None
        user.failures, user.locked_until = 9, START + timedelta(hours=1)
        unlock(work, user.id)
        set_language(work, user.id, "ug")
        assert (user.failures, user.locked_until, user.language) == (0, None, "ug")
        with pytest.raises(Refused, match="no such user"):
            unlock(work, begin_id())
        set_language(work, begin_id(), "en")


def begin_id() -> object:
    from schema.ids import uuid7

    return uuid7()


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("login", {"login": "x"}),
        ("login", {"login": "white space"}),
        ("login", {"login": "li.na"}),
        ("name", {"name": " "}),
        ("post", {"post": "king"}),
        ("password", {"password": "short"}),
        ("password", {"password": "x" * 201}),
        ("seat", {"seat": "1;drop"}),
        ("seat", {"seat": "101"}),
        ("seat", {"seat": "102", "post": "worker"}),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_added(
    store: Store, li: str, field: str, change: dict[str, str]
) -> None:
    wanted = {"login": "wang", "name": "Wang", "post": "agent", "password": PASSWORD} | change
    with pytest.raises(Refused) as refused, store.work() as work:
        add_user(work, **wanted)
    assert (refused.value.code, refused.value.field) == ("bad-field", field)
    with store.read() as session:
        assert find_user(session, "wang") is None


def test_a_password_for_nobody_is_refused(store: Store) -> None:
    with pytest.raises(Refused, match="no user"), store.work() as work:
        set_password(work, "nobody", PASSWORD)
    assert hashed(PASSWORD) != hashed(PASSWORD), "each hash has its own salt"


def test_a_fresh_site_has_nobody(store: Store, request: pytest.FixtureRequest) -> None:
    with store.read() as session:
        assert not anybody(session)
    request.getfixturevalue("li")
    with store.read() as session:
        assert anybody(session)


def test_skills_are_names_with_levels_and_queues_names(store: Store) -> None:
    with store.work() as work:
        add_user(work, login="li", name="Li", post="agent", password=PASSWORD, seat="101")
        user = set_skills(work, "li", languages="zh:10 en:4", skills="pipes:5", queues="water tax")
        assert (user.languages, user.skills, user.queues) == ("zh:10 en:4", "pipes:5", "water tax")
        for wrong in (
            {"languages": "zh"},
            {"skills": "pipes:11"},
            {"queues": "a,b"},
            {"skills": "p:1 " * 60},
        ):
            with pytest.raises(Refused) as refused:
                set_skills(work, "li", **wrong)
            assert refused.value.code == "bad-field"
        with pytest.raises(Refused):
            set_skills(work, "nobody")
