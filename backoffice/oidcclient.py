"""The client of another house's log-in: OpenID Connect by discovery, authorization code, PKCE; ID tokens checked.

Authlib speaks OAuth 2.0, joserfc reads tokens. What the house publishes (its metadata, its keys) is kept for an hour; a
token signed with a key we have not seen makes us look again, at most twice a minute. Clocks may differ by a minute.
"""

import ipaddress
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from backoffice.oidcfaults import BadToken, HouseDown
from conf.door import Oidc

TIMEOUT = (3.05, 5.0)
KEPT = 3600.0
LOOK_AGAIN = 30.0
SKEW = 60
SCOPE = "openid profile email"
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Signatures of a key pair. Never "none", and nothing whose secret we hold ourselves."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the house published, and when we looked (seconds of the monotonic clock)."""

    metadata: dict[str, Any]
    keys: KeySet
    at: float


class House:
    """One issuer. `clock` gives UTC, `ticks` seconds of a clock that is never set."""

    def __init__(self, oidc: Oidc, clock: Callable[[], datetime], ticks: Callable[[], float]) -> None:
        self._oidc = oidc
        self._clock = clock
        self._ticks = ticks
        self._known: Known | None = None
        self._lock = threading.Lock()

    def ask(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser. Raises HouseDown."""
        with self._session(back) as session:
            url, _ = session.create_authorization_url(
                self._look().metadata["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=verifier,
            )
        return str(url)

    def claims(self, back: str, code: str, issuer: str, nonce: str, verifier: str) -> dict[str, Any]:
        """The checked claims of who came back, for the code in the address; `issuer` is what the address names, if any.

        Raises HouseDown, BadToken.
        """
        known = self._look()
        named = bool(known.metadata.get("authorization_response_iss_parameter_supported"))
        if (issuer or named) and issuer != self._oidc.issuer:
            raise BadToken(f"the answer names the issuer {issuer!r}")
        try:
            with self._session(back) as session:
                token = session.fetch_token(
                    known.metadata["token_endpoint"], grant_type="authorization_code", code=code,
                    code_verifier=verifier, timeout=TIMEOUT,
                )  # fmt: skip
        except AuthlibBaseError as error:
            raise BadToken(
                f"the code was refused: {error.error} {error.description or ''}".strip()
            ) from error
        except (requests.RequestException, ValueError) as error:
            raise HouseDown(f"the token endpoint does not answer: {error}") from error
        if not isinstance(token, dict) or not isinstance(token.get("id_token"), str):
            raise BadToken("the token endpoint gave no ID token")
        return self.checked(token["id_token"], nonce)

    def checked(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that holds (OpenID Connect Core, 3.1.3.7). Raises BadToken, HouseDown."""
        known = self._look()
        try:
            kid = jws.extract_compact(id_token.encode()).headers().get("kid")
            if kid not in {key.kid for key in known.keys.keys}:
                known = self._look(known)
            offered = known.metadata.get("id_token_signing_alg_values_supported", ["RS256"])
            token = jwt.decode(id_token, known.keys, algorithms=sorted(ALGORITHMS & set(offered)))
            jwt.JWTClaimsRegistry(
                now=lambda: int(self._clock().timestamp()), leeway=SKEW,
                iss={"essential": True, "value": self._oidc.issuer},
                aud={"essential": True, "value": self._oidc.client_id},
                sub={"essential": True}, exp={"essential": True}, iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(token.claims)  # fmt: skip
        except (JoseError, ValueError, TypeError) as error:
            raise BadToken(f"the ID token does not hold: {error}") from error
        claims = token.claims
        if (
            len(claims["aud"]) > 1
            and isinstance(claims["aud"], list)
            and claims.get("azp") != self._oidc.client_id
        ):
            raise BadToken("the ID token was made for somebody else")
        if "azp" in claims and claims["azp"] != self._oidc.client_id:
            raise BadToken("the ID token was made for somebody else")
        if (
            not isinstance(claims["sub"], str)
            or not 0 < len(claims["sub"]) <= 255
            or not claims["sub"].isprintable()
        ):
            raise BadToken("the ID token has no subject that can be kept")
        return dict(claims)

    def way_out(self, after: str) -> str:
        """Where one logs out of the house and comes back to `after`; "" when it has no such place. Raises HouseDown."""
        place = self._look().metadata.get("end_session_endpoint", "")
        if not place:
            return ""
        mark = "&" if "?" in place else "?"
        return f"{place}{mark}{urlencode({'client_id': self._oidc.client_id, 'post_logout_redirect_uri': after})}"

    def _session(self, back: str) -> OAuth2Session:
        return OAuth2Session(
            self._oidc.client_id, self._oidc.client_secret or None, scope=SCOPE, redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._oidc.client_secret else "none",
        )  # fmt: skip

    def _look(self, stale: Known | None = None) -> Known:
        """What the house publishes; looked at anew after an hour, and when `stale` lacked a key."""
        with self._lock:
            known = self._known
            now = self._ticks()
            if known is not None and now - known.at < (KEPT if known is not stale else LOOK_AGAIN):
                return known
            place = self._oidc.issuer.rstrip("/") + "/.well-known/openid-configuration"
            metadata = self._get(place)
            if metadata.get("issuer") != self._oidc.issuer:
                raise HouseDown(f"{place} is of another issuer: {metadata.get('issuer')!r}")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not _is_safe(metadata.get(name)):
                    raise HouseDown(f"{place}: {name} is no https address")
            try:
                keys = KeySet.import_key_set(self._get(metadata["jwks_uri"]))  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise HouseDown(f"{metadata['jwks_uri']} has no keys we can read: {error}") from error
            self._known = Known(metadata, keys, now)
            return self._known

    def _get(self, place: str) -> dict[str, Any]:
        try:
            answer = requests.get(
                place, timeout=TIMEOUT, allow_redirects=False, headers={"Accept": "application/json"}
            )
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise HouseDown(f"{place} does not answer: {error}") from error
        if not isinstance(found, dict):
            raise HouseDown(f"{place} is no JSON object")
        return found


def _is_safe(place: object) -> bool:
    """https, or http on this very machine (for tests and a house next door)."""
    if not isinstance(place, str):
        return False
    parts = urlsplit(place)
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme == "http" and parts.hostname == "localhost":
        return True
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
