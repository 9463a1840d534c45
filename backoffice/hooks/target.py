"""Where a webhook may go: only to addresses of the public internet, and to those the settings allow. Deny first."""

import socket
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
_NAT64 = ip_network("64:ff9b::/96")


class NotAllowed(Exception):
    """The host may not be reached; the text says why."""


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def reachable(host: str, port: int, allowed: Collection[str], resolve: Resolve = resolved) -> str:
    """The address to connect to: the first, when all that the name has may be reached. Raises NotAllowed, OSError.

    `allowed` are names of hosts, addresses, and networks ("10.1.0.0/16"). Whoever connects takes this very address:
    a name that is asked twice may answer twice.
    """
    addresses = resolve(host, port)
    if not addresses:
        raise NotAllowed(f"{host} has no address")
    if host.lower().rstrip(".") not in {name.lower() for name in allowed}:
        for text in addresses:
            if not _may(text, allowed):
                raise NotAllowed(f"{text} is no public address, and hooks.allow does not name it")
    return addresses[0]


def _may(text: str, allowed: Collection[str]) -> bool:
    address = ip_address(text.partition("%")[0])
    for name in allowed:
        try:
            network = ip_network(name, strict=False)
        except ValueError:
            continue  # the name of a host
        if address.version == network.version and address in network:
            return True
    return all(one.is_global and not one.is_multicast for one in _meant(address))


def _meant(address: Address) -> list[Address]:
    """The address, and any other that is packed into it."""
    found: list[Address] = [address]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            found = [address.ipv4_mapped]
        if address.sixtofour is not None:
            found.append(address.sixtofour)
        if address.teredo is not None:
            found += address.teredo
        if address in _NAT64:
            found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return found
