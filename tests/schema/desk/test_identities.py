"""Who somebody of another house is here: by the link, else once by the claim, and never by chance."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from schema.desk import identities
from schema.desk.errors import Refused
from schema.desk.people import WrongLogin, check_login
from schema.doors import Identity
from schema.people import User
from schema.store import Store

ISSUER, CLAIM = "https://id.city.example", "preferred_username"


@pytest.fixture
def li(store: Store) -> User:
    with store.work() as work:
        user = User(login="li.na", name="李娜", post="agent", password="x")
        work.session.add(user)
        work.session.flush()
    return user


def found(store: Store, claim: str = CLAIM, post: str = "", issuer: str = ISSUER, **claims: Any) -> str:
    with store.work() as work:
        return identities.user_of(
            work, issuer, {"sub": "s1", "preferred_username": "li.na"} | claims, claim, post
        ).login


def test_a_user_is_found_by_the_claim_once_and_by_the_subject_from_then_on(store: Store, li: User) -> None:
    assert found(store, preferred_username=" Li.Na ") == "li.na"
    assert found(store, preferred_username="somebody.else") == "li.na"
    with store.read() as session:
        row = session.scalars(select(Identity)).one()
    assert (row.issuer, row.subject, row.user) == (ISSUER, "s1", li.id)


def test_another_subject_of_the_same_name_is_not_the_same_person(store: Store, li: User) -> None:
    found(store)
    with pytest.raises(Refused, match="another subject") as refused:
        found(store, sub="s2")
    assert refused.value.code == "not-allowed"
    with store.work() as work:
        assert identities.unlink(work, li.id) and not identities.unlink(work, li.id)
    assert found(store, sub="s2") == "li.na"
    assert found(store, issuer="https://other.example") == "li.na", "houses do not get into each other's way"


@pytest.mark.parametrize(
    "claims", [{"preferred_username": "nobody"}, {"preferred_username": None}, {"preferred_username": ["li.na"]},
               {"preferred_username": ""}, {"preferred_username": "li.na@evil.example"}],
)  # fmt: skip
def test_nobody_is_let_in_or_made_up_without_a_post(store: Store, li: User, claims: dict[str, Any]) -> None:
    for post in ("", "king"):
        with pytest.raises(Refused) as refused:
            found(store, post=post, **claims)
        assert refused.value.code == "not-found"
    with store.read() as session:
        assert session.scalars(select(User.login)).all() == ["li.na"]


def test_somebody_new_is_added_with_the_post_the_site_says_and_no_password(store: Store, li: User) -> None:
    assert found(store, post="clerk", sub="s9", preferred_username="wang", name="王伟\0") == "wang"
    assert found(store, post="admin", sub="s9") == "wang"
    with store.read() as session:
        user = session.scalars(select(User).where(User.login == "wang")).one()
    assert (user.name, user.post) == ("王伟", "clerk")
    for password in ("", "x", user.password):
        with pytest.raises(WrongLogin):
            check_login(store, "wang", password, "::1")


def test_mail_counts_when_it_is_verified_and_of_the_domain(store: Store, li: User) -> None:
    claim = "email@city.example"
    for claims in ({"email": "li.na@city.example"}, {"email": "li.na@city.example", "email_verified": "true"},
                   {"email": "li.na@evil.example", "email_verified": True}, {"email": "li.na", "email_verified": True},
                   {"email": "li.na@city.example@evil.example", "email_verified": True}):  # fmt: skip
        with pytest.raises(Refused):
            found(store, claim, **claims)
    assert found(store, claim, email="Li.Na@City.example", email_verified=True) == "li.na"


def test_somebody_who_left_does_not_come_in_by_another_house(store: Store, li: User) -> None:
    for link_first in (False, True):
        if link_first:
            found(store)
        with store.work() as work:
            work.session.get_one(User, li.id).active = False
        with pytest.raises(Refused, match="has left"):
            found(store)
        with store.work() as work:
            work.session.get_one(User, li.id).active = True


def test_a_flow_comes_back_once_in_time_and_to_its_own_browser(store: Store) -> None:
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    store.clock = lambda: now
    with store.work() as work:
        flow = identities.begin(work, "/cases")
    with store.work() as work:
        assert identities.back(work, flow.state, "another") is None
        assert identities.back(work, "another", flow.browser) is None
    with store.work() as work:
        row = identities.back(work, flow.state, flow.browser)
        assert row is not None and (row.next, row.nonce, row.verifier) == (
            "/cases",
            flow.nonce,
            flow.verifier,
        )
    with store.work() as work:
        assert identities.back(work, flow.state, flow.browser) is None
        late = identities.begin(work, "/")
    store.clock = lambda: now + identities.LASTS
    with store.work() as work:
        assert identities.back(work, late.state, late.browser) is None
