"""Lays a site out: folders, free ports and secrets, written once to ``var/run/site.toml`` for every process."""

import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from conf.ports import free_ports, free_range, is_taken, who_has
from conf.settings import Pbx, Settings
from conf.settingsfile import as_toml

PORTS = (
    "pbx.sip_port", "pbx.http_port", "pbx.ami_port", "pbx.agi_port", "broker.port", "broker.ws_port",
    "broker.tls_port", "web.port", "field.port",
)  # fmt: skip
"""The settings that are ports a site listens on."""


class PortTaken(Exception):
    """A configured port is held by somebody else; the text says by whom and what to do."""


def site_file(settings: Settings) -> Path:
    """Where the laid-out settings are written."""
    return settings.run / "site.toml"


def lay_out(settings: Settings) -> Settings:
    """Make the folders, replace each port 0 by a free one and each empty secret by a fresh one, and save that.

    Raises PortTaken for a configured port that cannot be listened on, OSError for a folder that cannot be made.
    """
    folders = (
        settings.run,
        settings.spool,
        dictated_in(settings),
        settings.vault,
        settings.tape,
        settings.prompts,
        settings.var / "log",
    )
    for folder in (*folders, *(settings.at(pbx.node).spool for pbx in settings.nodes)):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    pbx, broker, web = settings.pbx, settings.broker, settings.web
    for name in PORTS:
        port = port_of(settings, name)
        if port and is_taken(port):
            raise PortTaken(
                f"port {port} ({name}) is taken by {who_has(port) or 'another process'}: "
                f"end it, or choose another with GRIDLINE_{name.upper().replace('.', '__')}"
            )
    free = iter(free_ports(10 + 5 * len(settings.nodes)))
    pbx = _laid(pbx, free, pbx.peer_secret or secrets.token_urlsafe(24), pbx.agi_port or next(free), taken=())
    nodes: list[Pbx] = []
    for node in settings.nodes:
        taken = (pbx, *nodes)
        nodes.append(_laid(node, free, pbx.peer_secret, pbx.agi_port, taken=taken))
    broker = replace(
        broker,
        port=broker.port or next(free),
        ws_port=broker.ws_port or next(free),
        tls_port=broker.tls_port or next(free),
        secret=broker.secret or secrets.token_urlsafe(24),
    )
    hooks = replace(settings.hooks, secret=settings.hooks.secret or secrets.token_urlsafe(32))
    web = replace(web, port=web.port or next(free))
    door = replace(settings.field, port=settings.field.port or next(free))
    laid = replace(settings, pbx=pbx, nodes=tuple(nodes), broker=broker, web=web, field=door, hooks=hooks)
    save(laid)
    return laid


def _laid(pbx: Pbx, free: Iterator[int], peer_secret: str, agi_port: int, *, taken: Iterable[Pbx]) -> Pbx:
    """One PBX with its ports and secrets. All nodes ask the same voice room, and know each other by one secret."""
    rtp = pbx.rtp_low
    while not rtp or any(_overlap(rtp, pbx.rtp_count, other) for other in taken):
        rtp = free_range(pbx.rtp_count)
    return replace(
        pbx,
        sip_port=pbx.sip_port or next(free),
        http_port=pbx.http_port or next(free),
        ami_port=pbx.ami_port or next(free),
        agi_port=agi_port,
        trunk_port=pbx.trunk_port or next(free),
        rtp_low=rtp,
        ears_secret=pbx.ears_secret or secrets.token_urlsafe(24),
        mouth_secret=pbx.mouth_secret or secrets.token_urlsafe(24),
        ari_secret=pbx.ari_secret or secrets.token_urlsafe(24),
        trunk_secret=pbx.trunk_secret or secrets.token_urlsafe(24),
        peer_secret=pbx.peer_secret or peer_secret,
    )


def _overlap(low: int, count: int, other: Pbx) -> bool:
    return low < other.rtp_low + other.rtp_count and other.rtp_low < low + count


def dictated_in(settings: Settings) -> Path:
    """Where the PBXs write what is spoken for a prompt, until it has been checked."""
    return settings.var / "spool" / "prompts"


def port_of(settings: Settings, name: str) -> int:
    """The port that a setting of PORTS names; 0 when it is not drawn yet."""
    section, _dot, field = name.partition(".")
    return int(getattr(getattr(settings, section), field))


def save(settings: Settings) -> Path:
    """Write the settings for the other processes of the site, readable by their owner alone."""
    file = site_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(as_toml(settings))
    draft.replace(file)
    return file
