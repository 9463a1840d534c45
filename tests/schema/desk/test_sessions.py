"""Sessions: a random token outside, its hash inside, two ends."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from schema.desk import sessions
from schema.people import User, WebSession
from schema.store import Store

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def token(store: Store) -> str:
    store.clock = lambda: NOW
    with store.work() as work:
        user = User(login="li", name="李", post="agent", password="x", seat="101")
        work.session.add(user)
        work.session.flush()
        return sessions.begin(work, user, ip="127.0.0.1", agent="a" * 999, lasts=timedelta(hours=12))


def found(store: Store, token: str, after: timedelta = timedelta(0)) -> sessions.Visitor | None:
    with store.read() as session:
        return sessions.find(session, token, NOW + after)


def test_only_the_hash_of_the_token_is_kept(store: Store, token: str) -> None:
    with store.read() as session:
        row = session.scalars(select(WebSession)).one()
    assert token not in repr(vars(row))
    assert row.token_hash == sessions.hash_of(token) and len(row.agent) == 200
    visitor = found(store, token)
    assert visitor is not None and (visitor.login, visitor.seat, visitor.csrf) == ("li", "101", row.csrf)


def test_a_session_ends_when_idle_and_when_its_day_is_over(store: Store, token: str) -> None:
    assert found(store, token, sessions.IDLE - timedelta(seconds=1))
    assert found(store, token, sessions.IDLE) is None
    for hour in range(1, 13):
        store.clock = lambda hour=hour: NOW + timedelta(hours=hour)  # type: ignore[misc]
        with store.work() as work:
            sessions.touch(work, sessions.hash_of(token))
    assert found(store, token, timedelta(hours=12) - timedelta(seconds=1))
    assert found(store, token, timedelta(hours=12)) is None


def test_use_is_written_down_once_a_minute(store: Store, token: str) -> None:
    visitor = found(store, token)
    assert visitor is not None
    assert not sessions.needs_touch(visitor, NOW + timedelta(seconds=59))
    assert sessions.needs_touch(visitor, NOW + timedelta(seconds=60))


@pytest.mark.parametrize("wrong", ["", "short", "x" * 43, "x" * 5000])
def test_a_wrong_token_is_nobody(store: Store, token: str, wrong: str) -> None:
    assert found(store, wrong) is None


def test_log_out_ends_one_session_and_end_all_the_others(store: Store, token: str) -> None:
    with store.work() as work:
        user = work.session.scalars(select(User)).one()
        other = sessions.begin(work, user, ip="", agent="", lasts=timedelta(hours=1))
        sessions.end(work, sessions.hash_of(token))
        user_id = user.id
    assert found(store, token) is None and found(store, other)
    with store.work() as work:
        sessions.end_all(work, user_id)
    assert found(store, other) is None


def test_somebody_locked_away_is_out_at_once(store: Store, token: str) -> None:
    with store.work() as work:
        work.session.scalars(select(User)).one().active = False
    assert found(store, token) is None


def test_sessions_that_ended_are_swept_out(store: Store, token: str) -> None:
    store.clock = lambda: NOW + timedelta(days=3)
    with store.work() as work:
        sessions.begin(
            work, work.session.scalars(select(User)).one(), ip="", agent="", lasts=timedelta(hours=1)
        )
    with store.read() as session:
        assert len(session.scalars(select(WebSession)).all()) == 1


def test_many_are_found_and_kept_in_use_at_once(
    store: Store, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "AT_ONCE", 2)
    with store.work() as work:
        user = User(login="wu", name="吴", post="supervisor", password="x")
        work.session.add(user)
        work.session.flush()
        lasts = timedelta(hours=12)
        theirs = [sessions.begin(work, user, ip="::1", agent="a", lasts=lasts) for _ in range(4)]
    asked = [token, *theirs, "x" * 43, "short"]
    with store.read() as session:
        many = sessions.find_all(session, asked, NOW)
        assert many == {one: sessions.find(session, one, NOW) for one in [token, *theirs]}
        assert sessions.find_all(session, [], NOW) == {}
    store.clock = lambda: NOW + timedelta(minutes=2)
    with store.work() as work:
        sessions.touch(work, *(many[one].token_hash for one in theirs))
    with store.read() as session:
        seen = {one: who.seen_at for one, who in sessions.find_all(session, asked, NOW).items()}
    assert seen == {token: NOW} | dict.fromkeys(theirs, NOW + timedelta(minutes=2))
