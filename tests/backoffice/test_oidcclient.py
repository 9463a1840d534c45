"""The client of the other house: a real provider's tokens hold, and nothing that is not quite one does."""

import base64
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from backoffice.oidcclient import KEPT, LOOK_AGAIN, SKEW, BadToken, House, HouseDown
from conf.door import Oidc
from conf.ports import free_ports
from tests.real.oidc import CLIENT, SECRET, OidcServer, real_oidc

BACK, LEFT = "http://127.0.0.1:1/login/oidc/back", "http://127.0.0.1:1/login"
VERIFIER = "v" * 43
ISSUER = "https://id.city.example"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


class Ticks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def house_of(issuer: str, ticks: Ticks, **more: str) -> House:
    oidc = Oidc(**{"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET} | more)  # type: ignore[arg-type]
    return House(oidc, lambda: datetime.now(UTC), ticks)


def logged_in(house: House, server: OidcServer, nonce: str = "n1") -> dict[str, str]:
    """What the address we are sent back to says."""
    place = server.through(house.ask(BACK, "s1", nonce, VERIFIER), "li", BACK)
    found = {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}
    assert found["state"] == "s1"
    return found


@pytest.mark.real
@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_a_real_provider_says_who_somebody_is_and_its_keys_may_change(alg: str) -> None:
    port, ticks = free_ports(1)[0], Ticks()
    with real_oidc(port, BACK, LEFT, alg) as server:
        house = house_of(server.issuer, ticks)
        said = logged_in(house, server)
        claims = house.claims(BACK, said["code"], said["iss"], "n1", VERIFIER)
        assert (claims["sub"], claims["preferred_username"], claims["email_verified"]) == ("li", "li", True)
        with pytest.raises(BadToken, match="refused"):
            house.claims(BACK, said["code"], said["iss"], "n1", VERIFIER)
        for wrong in (
            {"nonce": "n2"},
            {"verifier": "w" * 43},
            {"issuer": "https://evil.example"},
            {"issuer": ""},
        ):
            said = logged_in(house, server)
            given = {"issuer": said["iss"], "nonce": "n1", "verifier": VERIFIER} | wrong
            with pytest.raises(BadToken):
                house.claims(BACK, said["code"], **given)
        assert house.way_out(LEFT).startswith(f"{server.issuer}/session/end?client_id={CLIENT}&post_logout")
    with real_oidc(port, BACK, LEFT, alg) as server:
        said = logged_in(house, server)
        with pytest.raises(BadToken):
            house.claims(BACK, said["code"], said["iss"], "n1", VERIFIER)  # looked a moment ago
        ticks.now += LOOK_AGAIN
        said = logged_in(house, server)
        assert house.claims(BACK, said["code"], said["iss"], "n1", VERIFIER)["sub"] == "li"
    said = {"code": "x", "iss": server.issuer}
    with pytest.raises(HouseDown, match="token endpoint"):
        house.claims(BACK, said["code"], said["iss"], "n1", VERIFIER)
    ticks.now += KEPT
    with pytest.raises(HouseDown, match="does not answer"):
        house.ask(BACK, "s", "n", VERIFIER)


# -- tokens of our own making -----------------------------------------------------------------------------------

KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house that publishes KEY and answers nothing else."""
    published = {
        f"{ISSUER}/.well-known/openid-configuration": {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/a", "token_endpoint": f"{ISSUER}/t",
            "jwks_uri": f"{ISSUER}/k", "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        },
        f"{ISSUER}/k": KeySet([KEY]).as_dict(private=False),
    }  # fmt: skip
    monkeypatch.setattr(House, "_get", lambda _, place: published[place])
    yield House(Oidc(issuer=ISSUER, client_id=CLIENT), lambda: NOW, Ticks())


def token(key: Any = KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
    now = int(NOW.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "li",
        "nonce": "n1",
        "iat": now,
        "exp": now + 300,
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    alg = (header or {}).get("alg", "RS256")
    return jwt.encode({"alg": alg, "kid": "k1"} | (header or {}), kept, key, algorithms=[alg])


def test_a_token_that_holds_gives_its_claims(house: House) -> None:
    assert house.checked(token(), "n1")["sub"] == "li"
    assert house.checked(token(aud=[CLIENT, "other"], azp=CLIENT), "n1")["sub"] == "li"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "other"}, {"aud": None}, {"nonce": "n2"},
        {"nonce": None}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256}, {"sub": "a\0b"},
        {"exp": None}, {"iat": None},
        {"aud": [CLIENT, "other"]}, {"aud": [CLIENT, "other"], "azp": "other"}, {"azp": "other"},
    ],
)  # fmt: skip
def test_a_token_of_somebody_elses_or_without_proof_is_refused(house: House, changes: dict[str, Any]) -> None:
    with pytest.raises(BadToken):
        house.checked(token(**changes), "n1")


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({"exp": -SKEW + 1}, True), ({"exp": -SKEW - 2}, False), ({"iat": SKEW - 1}, True), ({"iat": SKEW + 2}, False),
        ({"nbf": SKEW + 2}, False),
    ],
)  # fmt: skip
def test_clocks_may_differ_by_a_minute(house: House, changes: dict[str, int], holds: bool) -> None:
    moved = {name: int(NOW.timestamp()) + seconds for name, seconds in changes.items()}
    if holds:
        assert house.checked(token(**moved), "n1")
        return
    with pytest.raises(BadToken):
        house.checked(token(**moved), "n1")


def test_a_forged_signature_is_refused_whatever_it_calls_itself(house: House) -> None:
    now = int(NOW.timestamp())
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": "li", "nonce": "n1", "iat": now, "exp": now + 300}

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    unsigned = f"{part({'alg': 'none', 'kid': 'k1'})}.{part(claims)}."
    # The public key taken for a secret (CVE-2015-9235): joserfc will not make such a key, so the test signs by hand.
    signed = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(claims)}"
    tag = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    by_secret = f"{signed}.{base64.urlsafe_b64encode(tag).decode().rstrip('=')}"
    by_curve = token(ECKey.generate_key("P-256", {"kid": "k1"}), {"alg": "ES256"})
    for forged in (
        unsigned,
        by_secret,
        by_curve,
        token(OTHER),
        token(OTHER, {"kid": "k2"}),
        "",
        "x.y",
        "é.é.é",
    ):
        with pytest.raises(BadToken):
            house.checked(forged, "n1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"issuer": "https://evil.example"}, "another issuer"),
        ({"token_endpoint": "http://id.city.example/t"}, "no https"), ({"jwks_uri": None}, "no https"),
        ({"authorization_endpoint": "javascript:x"}, "no https"), ({"jwks_uri": "https://x/empty"}, "no keys"),
    ],
)  # fmt: skip
def test_a_house_that_publishes_nonsense_is_as_good_as_away(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], said: str
) -> None:
    published = {
        "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/a", "token_endpoint": f"{ISSUER}/t",
        "jwks_uri": f"{ISSUER}/k",
    } | changes  # fmt: skip
    monkeypatch.setattr(
        House, "_get", lambda _, place: published if place.endswith("configuration") else {"keys": "none"}
    )
    with pytest.raises(HouseDown, match=said):
        House(Oidc(issuer=ISSUER, client_id=CLIENT), lambda: NOW, time.monotonic).ask(
            BACK, "s", "n", VERIFIER
        )
