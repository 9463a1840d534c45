"""A gateway as a process of its own, to be killed: `python -m bench.rig.fieldgateway SITE URL`."""

import sys
import time
from pathlib import Path

from conf.settingsfile import load
from field_gateway.service import Gateway
from schema.bus_memory import MemoryBus
from schema.relay import Relay
from schema.store import Store


def run(site: str, store: Store) -> None:
    """Run a gateway of the site on a store until killed."""
    bus = MemoryBus(store)
    relay, gateway = Relay(store, bus), Gateway(load(Path(site)), store, bus)
    bus.start()
    relay.start()
    gateway.start()
    while True:
        time.sleep(1)


if __name__ == "__main__":
    run(sys.argv[1], Store(sys.argv[2]))
