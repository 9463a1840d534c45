"""Tokens: made once, found by their secret, ended in every way; keys that are one order's."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from schema.desk import tokens
from schema.desk.errors import Refused
from schema.ids import uuid7
from schema.people import User
from schema.rules.access import RIGHTS, may
from schema.store import Store
from schema.tokens import ApiOrder, ApiToken

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
Add = Callable[..., str]


@pytest.fixture
def add(store: Store) -> Add:
    """Make a token for li, a supervisor at seat 102, at eight o'clock."""
    store.clock = lambda: NOW
    with store.work() as work:
        work.session.add(User(login="li", name="李", post="supervisor", password="x", seat="102"))

    def make(name: str = "crm", rights: Iterable[str] = ("*",), days: float = 30, login: str = "li") -> str:
        with store.work() as work:
            return tokens.add(work, name=name, login=login, rights=rights, lasts=timedelta(days=days))

    return make


def find(store: Store, secret: str, now: datetime = NOW) -> tokens.Holder | None:
    with store.read() as session:
        return tokens.find(session, secret, now)


def test_only_the_hash_of_a_secret_is_kept(store: Store, add: Add) -> None:
    secret = add()
    assert secret.startswith("gl_") and len(secret) == 46 and add("other") != secret
    with store.read() as session:
        row = session.scalars(select(ApiToken).where(ApiToken.name == "crm")).one()
    assert secret not in str(vars(row)) and secret[3:] not in str(vars(row)) and len(row.hash) == 64


def test_who_shows_the_secret_acts_for_the_user_with_the_rights_that_were_given(
    store: Store, add: Add
) -> None:
    who = find(store, add(rights=["board.see", "watch.*"]))
    assert who is not None and (who.name, who.user.login, who.user.seat) == ("crm", "li", "102")
    assert who.rights == {"board.see", *(right for right in RIGHTS if right.startswith("watch."))}
    assert (
        who.may("watch.listen")
        and not who.may("case.read")
        and not who.may("nonsense")
        and not who.everywhere
    )
    everything = find(store, add("all"))
    assert everything is not None and everything.everywhere
    assert everything.rights == {right for right in RIGHTS if may("supervisor", right)}


@pytest.mark.parametrize(
    "secret", ["", "x", "gl_", "gl_" + "x" * 43, "gl_" + "ü" * 43, "gl_" + "x" * 42 + "\n"]
)
def test_another_secret_is_nobodys(store: Store, add: Add, secret: str) -> None:
    add()
    assert find(store, secret) is None


def test_it_ends_by_time_by_hand_and_with_its_user(store: Store, add: Add) -> None:
    secret = add(days=1)
    assert find(store, secret, NOW + timedelta(days=1) - timedelta(seconds=1)) is not None
    assert find(store, secret, NOW + timedelta(days=1)) is None
    with store.work() as work:
        tokens.revoke(work, "crm")
    assert find(store, secret) is None
    other = add("other")
    with store.work() as work:
        work.session.scalars(select(User)).one().active = False
    assert find(store, other) is None


def test_revoked_twice_it_keeps_the_first_time(store: Store, add: Add) -> None:
    add()
    for hours in (0, 5):
        store.clock = lambda hours=hours: NOW + timedelta(hours=hours)  # type: ignore[misc]
        with store.work() as work:
            tokens.revoke(work, "crm")
    with store.read() as session:
        ((row, login),) = tokens.listing(session)
    assert (row.revoked_at, login) == (NOW, "li")
    with pytest.raises(Refused, match="no token 'x'"), store.work() as work:
        tokens.revoke(work, "x")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "C R M"}, "name"), ({"name": ""}, "name"), ({"name": "x" * 61}, "name"), ({"login": "nobody"}, ""),
        ({"rights": []}, "rights"), ({"rights": ["fly"]}, "rights"), ({"rights": ["audit.read"]}, "rights"),
        ({"days": 0}, "days"), ({"days": -1}, "days"), ({"days": 3661}, "days"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(store: Store, add: Add, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        add(**wrong)
    assert refused.value.field == field
    with store.read() as session:
        assert tokens.listing(session) == []


def test_a_name_is_one_tokens(store: Store, add: Add) -> None:
    add()
    with pytest.raises(Refused, match="there is a token 'crm' already"):
        add()


def test_the_last_use_is_written_once_a_minute(store: Store, add: Add) -> None:
    secret = add()
    who = find(store, secret)
    assert who is not None and tokens.needs_touch(who, NOW)
    with store.work() as work:
        tokens.touch(work, who.token)
    who = find(store, secret)
    assert who is not None and who.used_at == NOW
    assert not tokens.needs_touch(who, NOW + timedelta(seconds=59))
    assert tokens.needs_touch(who, NOW + timedelta(seconds=60))


def row(store: Store, key: str, **changes: object) -> ApiOrder:
    with store.read() as session:
        token = session.scalars(select(ApiToken.id)).one()
    wanted = {
        "token": token,
        "key": key,
        "fingerprint": "f",
        "order": uuid7(),
        "name": "Hold",
        "made_at": store.clock(),
    }
    return ApiOrder(**wanted | changes)


def test_a_key_is_one_order(store: Store, add: Add) -> None:
    add()
    first = row(store, "a")
    with store.work() as work:
        assert tokens.mine(work, first.token, "a")
        tokens.take(work, first)
    with store.read() as session:
        found = tokens.taken(session, first.token, "a")
        assert found is not None and found.order == first.order
        known = tokens.order_of(session, first.order)
        assert known is not None and known.key == "a" and tokens.order_of(session, uuid7()) is None
        owner = tokens.user_of(session, first.token)
        assert owner == session.scalars(select(User.id)).one() and tokens.user_of(session, uuid7()) is None
    with pytest.raises(IntegrityError), store.work() as work:
        tokens.take(work, row(store, "a"))


def test_what_is_older_than_a_week_is_forgotten(store: Store, add: Add) -> None:
    add()
    with store.work() as work:
        tokens.take(work, row(store, "old"))
    store.clock = lambda: NOW + tokens.KEPT + timedelta(seconds=1)
    with store.work() as work:
        tokens.take(work, new := row(store, "new"))
    with store.read() as session:
        assert tokens.taken(session, new.token, "old") is None
        assert tokens.taken(session, new.token, "new") is not None


def test_while_one_works_on_a_key_another_does_not(store: Store, add: Add) -> None:
    if store.is_sqlite:
        pytest.skip("a writing transaction is alone there")
    token = uuid7()
    with store.work() as first, store.work() as second:
        assert tokens.mine(first, token, "a")
        assert not tokens.mine(second, token, "a") and tokens.mine(second, token, "b")
    with store.work() as work:
        assert tokens.mine(work, token, "a")
