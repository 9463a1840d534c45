"""Who may ask a process for its figures (`/metrics`): whoever shows the site's token; without one, only this machine
itself, and nobody through a proxy. Pure."""

import hmac
from collections.abc import Callable
from ipaddress import ip_address

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")


def may_ask(token: str, address: str | None, header: Callable[[str], str | None]) -> bool:
    """Whether who asks from an address may have the figures; `header` gives one of the request's by name."""
    if token:
        given = header("Authorization") or ""
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    return _from_here(address or "") and not any(header(name) is not None for name in FORWARDED)


def _from_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
