"""A gateway as a process of its own, to be killed: `python -m bench.rig.fieldgateway SITE URL`."""

import os
import sys
import time
from pathlib import Path

from conf.settingsfile import load
from field_gateway.service import Gateway
from schema.bus_memory import MemoryBus
from schema.relay import Relay
from schema.store import Store


def ready_file(site: str) -> Path:
    """What has the id of the last process that came so far as to hear the broker."""
    return Path(site).with_name("gateway.ready")


def is_ready(site: str, pid: int) -> bool:
    """Whether that is this one."""
    file = ready_file(site)
    return file.exists() and file.read_text("ascii") == str(pid)


def run(site: str, store: Store) -> None:
    """Run a gateway of the site on a store until killed."""
    bus = MemoryBus(store)
    relay, gateway = Relay(store, bus), Gateway(load(Path(site)), store, bus)
    bus.start()
    relay.start()
    gateway.start()
    gateway.link.connected.wait()
    ready_file(site).write_text(str(os.getpid()), "ascii")
    while True:
        time.sleep(1)


if __name__ == "__main__":
    run(sys.argv[1], Store(sys.argv[2]))
