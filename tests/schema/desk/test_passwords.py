"""Passwords are kept as argon2id, and the ones that are tried first are not kept at all."""

import pytest

from schema.desk import passwords
from schema.desk.passwords import WeakPassword, check, hashed, rehashed, unusable, verified
from schema.rules.passwords import Rules
from tests.cheaper import REAL_HASHER, REAL_NOBODY

PASSWORD, NOBODY = "correct horse", REAL_NOBODY


@pytest.fixture(autouse=True)
def _as_costly_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", REAL_HASHER)
    monkeypatch.setattr(passwords, "NOBODY", REAL_NOBODY)


def test_a_hash_has_its_own_salt_and_knows_its_password() -> None:
    one, two = hashed(PASSWORD), hashed(PASSWORD)
    assert one != two and one.startswith("$argon2id$") and PASSWORD not in one
    assert verified(one, PASSWORD) and not verified(one, PASSWORD + "x")
    assert not verified(NOBODY, PASSWORD) and not verified("x", PASSWORD)
    assert rehashed(one, PASSWORD) == one
    assert rehashed(NOBODY, PASSWORD) == NOBODY, "an unknown login costs what a known one does"


def test_an_old_hash_is_made_anew_with_todays_parameters() -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    assert verified(old, PASSWORD) and rehashed(old, PASSWORD) != old


@pytest.mark.parametrize(
    ("password", "why"),
    [("iloveyou", "common"), ("5201314", "short"), ("sunshine1", "common"), ("li.na2026", "named")],
)
def test_what_is_tried_first_is_refused_by_the_packaged_list(password: str, why: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check(password, Rules(), ("li.na",))
    assert (refused.value.why, refused.value.field, refused.value.code) == (why, "password", "bad-field")


def test_the_refusal_names_the_length_the_site_wants() -> None:
    with pytest.raises(WeakPassword, match="at least 15 characters"):
        hashed(PASSWORD, Rules(length=15))


def test_who_has_no_password_gets_a_hash_that_looks_like_any_other_and_knows_none() -> None:
    one, two = unusable(), unusable()
    assert one != two and rehashed(one, "x") == one and len(one) == len(NOBODY)
    assert not any(verified(one, password) for password in ("", "x", one, NOBODY))
