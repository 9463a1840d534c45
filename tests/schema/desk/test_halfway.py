"""Half-way in: what is left is asked anew each time, and nothing opens before it is done."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from schema.desk import halfway, second, sessions
from schema.desk.halfway import LASTS, Wants
from schema.desk.people import keep_password
from schema.people import User
from schema.sealing import Sealer
from schema.store import Store

NOW = datetime(2026, 11, 24, 8, 0, 5, tzinfo=UTC)


@pytest.fixture
def li(store: Store) -> User:
    store.clock = lambda: NOW
    with store.work() as work:
        user = User(login="li", name="李", post="admin", password="x", password_at=NOW)
        work.session.add(user)
        work.session.flush()
    return user


def begun(store: Store, user: User) -> str:
    with store.work() as work:
        return halfway.begin(work, user, "/cases")


def left(store: Store, token: str, wants: Wants = Wants(), after: timedelta = timedelta(0)) -> str | None:  # noqa: B008
    with store.read() as session:
        half = halfway.find(session, token, NOW + after, wants)
    return None if half is None else half.left


def test_with_nothing_to_do_a_session_may_begin(store: Store, li: User) -> None:
    token = begun(store, li)
    assert left(store, token) == ""
    assert left(store, token, Wants(["supervisor"], 30)) == ""


def test_a_post_that_must_have_a_second_factor_enrols_one_and_then_gives_codes(
    store: Store, li: User, tmp_path: Path
) -> None:
    token, sealer, wants = begun(store, li), Sealer(tmp_path / "door.key"), Wants(["admin"])
    assert left(store, token, wants) == "enrol"
    with store.work() as work:
        secret = second.begin(work, li.id, sealer)
    assert left(store, token, wants) == "enrol", "drawn is not confirmed"
    with store.work() as work:
        assert second.confirm(work, li.id, pyotp.TOTP(secret).at(NOW), sealer)
    assert left(store, token) == "code", "once there is one it is asked for, must or not"
    with store.work() as work:
        half = halfway.find(work.session, token, NOW, wants)
        assert half is not None
        halfway.hold(work, half)
    assert left(store, token, wants) == "" and left(store, begun(store, li)) == "code"


def test_a_given_or_old_password_is_changed_first(store: Store, li: User) -> None:
    token = begun(store, li)
    assert left(store, token, Wants(password_days=30), timedelta(0)) == ""
    with store.work() as work:
        user = work.session.get_one(User, li.id)
        user.password_at = NOW - timedelta(days=30, seconds=1)
    assert left(store, token, Wants(password_days=30)) == "password"
    assert left(store, token) == "", "age counts only where the site insists"
    with store.work() as work:
        keep_password(work, work.session.get_one(User, li.id), "y", temporary=True)
    assert left(store, token) is None, "a changed password ends what was half done with the old one"
    assert left(store, begun(store, li)) == "password"


def test_it_ends_by_time_by_leaving_and_with_its_user(store: Store, li: User) -> None:
    token = begun(store, li)
    assert (
        left(store, token, after=LASTS) is None and left(store, "") is None and left(store, "x" * 43) is None
    )
    with store.work() as work:
        half = halfway.find(work.session, token, NOW, Wants())
        assert half is not None and half.next == "/cases"
        halfway.end(work, half)
    assert left(store, token) is None
    token = begun(store, li)
    with store.work() as work:
        work.session.get_one(User, li.id).active = False
    assert left(store, token) is None


def test_the_token_opens_no_page(store: Store, li: User) -> None:
    token = begun(store, li)
    with store.read() as session:
        assert sessions.find(session, token, NOW) is None
