"""Passwords: which will do, and what is kept of them (argon2id, RFC 9106)."""

import secrets
from base64 import b64encode
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schema.desk.errors import Refused
from schema.rules.passwords import LONGEST, SHORTEST, Rules, weakness

_hasher = PasswordHasher()
# For logins that nobody has, which must cost the same time as real ones. It is no user's: see `unusable`.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$F5alqdotzNIn1Y+oz7YpDw$9CRH2stPZZftTU5ZujZrlVDdQg5OE6LSzdj1+g3oWq4"


class WeakPassword(Refused):
    """The password will not do; `why` is short, long, common, plain or named."""

    def __init__(self, why: str, length: int) -> None:
        super().__init__("bad-field", _TEXT[why].format(length=length, longest=LONGEST), "password")
        self.why = why


_TEXT = {
    "short": "a password has at least {length} characters",
    "long": "a password has at most {longest} characters",
    "common": "this password is one of those that are tried first; choose another",
    "plain": "a password is more than one piece again and again, or a row of neighbours",
    "named": "a password is not made of the login, the name or the site's name",
}


def check(password: str, rules: Rules = Rules(), about: Iterable[str] = ()) -> None:  # noqa: B008 (frozen)
    """Refuse a password that will not do. Raises WeakPassword."""
    why = weakness(password, rules, about, _common())
    if why:
        raise WeakPassword(why, max(rules.length, SHORTEST))


def hashed(password: str, rules: Rules = Rules(), about: Iterable[str] = ()) -> str:  # noqa: B008 (frozen)
    """The argon2id hash of a password; takes about a quarter of a second. Raises WeakPassword."""
    check(password, rules, about)
    return _hasher.hash(password)


def verified(stored: str, password: str) -> bool:
    """Whether this is the password; takes about a quarter of a second."""
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def unusable() -> str:
    """What is kept for somebody who has no password: a hash that no password is known to give, of the usual cost."""
    salt, digest = (b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    return f"{NOBODY.rpartition('$')[0].rpartition('$')[0]}${salt}${digest}"


def rehashed(stored: str, password: str) -> str:
    """The hash to keep: a new one when the parameters have grown since."""
    return _hasher.hash(password) if _hasher.check_needs_rehash(stored) else stored


@cache
def _common() -> frozenset[str]:
    """The 30,000 most common passwords of the lists that zxcvbn carries; read when first needed."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
