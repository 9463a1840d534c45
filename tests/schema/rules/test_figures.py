"""Figures are for who shows the token; without a token for this machine alone."""

import pytest

from schema.rules.figures import may_ask


@pytest.mark.parametrize(
    ("token", "address", "headers", "wanted"),
    [
        ("", "127.0.0.1", {}, True),
        ("", "::1", {}, True),
        ("", "192.0.2.7", {}, False),
        ("", "", {}, False),
        ("", None, {}, False),
        ("", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("", "127.0.0.1", {"Forwarded": ""}, False),
        ("t", "127.0.0.1", {}, False),
        ("t", "192.0.2.7", {"Authorization": "Bearer t"}, True),
        ("t", "192.0.2.7", {"Authorization": "Bearer té"}, False),
    ],
)
def test_who_may_ask(token: str, address: str | None, headers: dict[str, str], wanted: bool) -> None:
    assert may_ask(token, address, headers.get) is wanted
