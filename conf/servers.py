"""The servers a site starts on private ports: Asterisk and Mosquitto, each as a `Child`."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from conf.broker import render_broker
from conf.children import Child, listens
from conf.render import render_asterisk
from conf.settings import Settings
from conf.tools import Asterisk, Tools
from schema.handsets import Handset


def asterisk(settings: Settings) -> Child:
    """Asterisk with our configuration, rendered now; ready when it is fully booted."""
    tool = Tools(settings.tools).asterisk()
    main = render_asterisk(settings, tool)
    return Child(
        "Asterisk" if settings.pbx.folder == "asterisk" else f"Asterisk {settings.pbx.node}",
        [tool.command, "-f", "-n", "-C", main],
        settings.var / "log" / f"{settings.pbx.folder}.out",
        ready=lambda: listens(settings.pbx.ami_port) and _booted(tool, main),
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


def _booted(tool: Asterisk, main: Path) -> bool:
    """Whether every module is loaded and calls are taken: the PBX's own word for it."""
    words = [str(tool.command), "-C", str(main), "-rx", "core waitfullybooted"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
    return "fully booted" in done.stdout
