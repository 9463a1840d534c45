"""How messages are signed and when they are tried again."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from schema.rules.hooks import over, pause, secret_of, signature, verdict, wants

HOOK = UUID("01960000-0000-7000-8000-000000000001")


def test_a_signature_is_that_of_the_standards_own_example() -> None:
    secret, id, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    assert (
        signature(secret, id, at, b'{"test": 2432232314}')
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_secrets_are_long_and_each_generations_own() -> None:
    secret = secret_of("site", HOOK, 1)
    assert secret == secret_of("site", HOOK, 1) and secret.startswith("whsec_") and len(secret) == 50
    others = {secret_of("site", HOOK, 2), secret_of("other", HOOK, 1), secret_of("site", UUID(int=1), 1)}
    assert secret not in others and len(others) == 3
    with pytest.raises(ValueError, match="no secret"):
        secret_of("", HOOK, 1)


def test_what_an_answer_means() -> None:
    assert [verdict(one) for one in (200, 204, 299)] == ["delivered"] * 3
    assert [verdict(one) for one in (None, 408, 429, 502, 503, 504)] == ["away"] * 6
    assert [verdict(one) for one in (301, 302, 400, 401, 404, 413, 500, 501)] == ["refused"] * 8
    assert verdict(410) == "gone"


def test_pauses_grow_to_an_hour_and_scatter_by_a_fifth() -> None:
    assert pause(1, 0.5) == timedelta(seconds=5) and pause(3, 0.5) == timedelta(seconds=20)
    assert pause(1, 0.0) == timedelta(seconds=4) and pause(1, 1.0) == timedelta(seconds=6)
    assert pause(10_000, 0.5) == timedelta(hours=1)
    assert pause(1, 0.5, asked=120) == timedelta(minutes=2) and pause(1, 0.5, asked=1e9) == timedelta(hours=1)


def test_a_try_that_would_come_too_late_is_none() -> None:
    since = datetime(2026, 11, 24, tzinfo=UTC)
    assert not over(since, since + timedelta(hours=24), timedelta(hours=24))
    assert over(since, since + timedelta(hours=25), timedelta(hours=24))


def test_a_subscription_names_families_or_facts() -> None:
    assert wants(["calls"], "CallEnded", "calls") and wants(["CallEnded"], "CallEnded", "calls")
    assert not wants(["cases", "CallEntered"], "CallEnded", "calls")
