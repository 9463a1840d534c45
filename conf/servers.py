"""The servers a site starts on private ports: Asterisk and Mosquitto, each as a `Child`."""

import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from conf.broker import render_broker
from conf.children import Child, listens
from conf.render import render_asterisk
from conf.settings import Settings
from conf.tools import Tools
from schema.handsets import Handset


def asterisk(settings: Settings) -> Child:
    """Asterisk with our configuration, rendered now; ready when AMI greets and SIP over WebSocket listens."""
    tool = Tools(settings.tools).asterisk()
    main = render_asterisk(settings, tool)
    return Child(
        "Asterisk",
        [tool.command, "-f", "-n", "-C", main],
        settings.var / "log" / "asterisk.out",
        ready=lambda: _greets(settings.pbx.ami_port) and listens(settings.pbx.http_port),
        cwd=settings.run,
    )


def mosquitto(settings: Settings, handsets: Iterable[Handset]) -> Child:
    """Mosquitto with our configuration and these handsets' passwords; ready when it listens."""
    main: Path = render_broker(settings, handsets)
    return Child(
        "Mosquitto",
        [Tools(settings.tools).mosquitto(), "-c", main],
        settings.var / "log" / "mosquitto.out",
        ready=lambda: listens(settings.broker.port),
        cwd=settings.run,
    )


def _greets(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as peer:
        peer.settimeout(1)
        return peer.recv(64).startswith(b"Asterisk Call Manager")
    return False
