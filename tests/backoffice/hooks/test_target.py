"""Only the public internet is reached, and what the settings name."""

import pytest

from backoffice.hooks.target import NotAllowed, reachable, resolved

PRIVATE = (
    "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused_whatever_its_name(address: str) -> None:
    with pytest.raises(NotAllowed):
        reachable("hook.example.org", 443, (), lambda *_: [address])
    with pytest.raises(NotAllowed):
        reachable("hook.example.org", 443, (), lambda *_: ["93.184.216.34", address])


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"]
)
def test_what_is_public_is_reached_at_the_address_that_was_looked_at(address: str) -> None:
    assert reachable("hook.example.org", 443, (), lambda *_: [address]) == address


@pytest.mark.parametrize("allowed", ["10.1.2.3", "10.1.0.0/16", "Crm.City.example", "crm.city.example"])
def test_what_the_settings_name_is_reached(allowed: str) -> None:
    assert reachable("crm.city.example", 80, (allowed,), lambda *_: ["10.1.2.3"]) == "10.1.2.3"


@pytest.mark.parametrize("allowed", ["10.1.2.4", "10.2.0.0/16", "city.example", "fd00::/8"])
def test_what_they_name_is_no_more_than_that(allowed: str) -> None:
    with pytest.raises(NotAllowed, match="10.1.2.3"):
        reachable("crm.city.example", 80, (allowed,), lambda *_: ["10.1.2.3"])


def test_a_name_without_an_address_is_refused() -> None:
    with pytest.raises(NotAllowed):
        reachable("nowhere.example", 80, ("nowhere.example",), lambda *_: [])


def test_numbers_in_disguise_are_what_they_mean() -> None:
    for host in ("127.1", "2130706433", "0x7f000001", "localhost"):
        with pytest.raises((NotAllowed, OSError)):
            reachable(host, 80, (), resolved)
