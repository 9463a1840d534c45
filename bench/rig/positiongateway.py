"""The positions part of a gateway as a process of its own: `python -m bench.rig.positiongateway SITE URL NUMBER`.

With one consumer, of that number. Ends with its standard input.
"""

import sys
from dataclasses import replace
from pathlib import Path

from conf.settingsfile import load
from field_gateway.positionroom import PositionRoom
from schema.store import Store


def main(site: str, url: str, number: int) -> None:
    """Run until standard input ends."""
    store = Store(url)
    # Nothing is sent away: measured is what can be taken, and these positions are of before.
    settings = load(Path(site))
    settings = replace(settings, positions=replace(settings.positions, consumers=1, first=number))
    room = PositionRoom(settings, store, lambda: 0, busy=1e9)
    room.start()
    for consumer in room.consumers:
        consumer.link.connected.wait(30)
    print("ready", flush=True)
    sys.stdin.read()
    room.stop()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
