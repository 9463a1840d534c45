"""A back office over a store, whose floor is told on standard input: `python -m bench.rig.popsite URL FOLDER`.

Writes its port into FOLDER/port when it listens. Every line that comes in is shouted as a floor message.
"""

import sys
import threading
from dataclasses import replace
from pathlib import Path

from twisted.internet import asyncioreactor

asyncioreactor.install()

from twisted.internet import reactor  # noqa: E402

from backoffice.service import Web  # noqa: E402
from conf.settings import Settings  # noqa: E402
from recordings.play import Player  # noqa: E402
from schema.bus_memory import MemoryBus  # noqa: E402
from schema.store import Store  # noqa: E402


def main(url: str, folder: Path) -> None:
    """Serve until standard input ends."""
    settings = Settings(var=folder)
    settings = replace(settings, web=replace(settings.web, port=0))
    store = Store(url)
    bus = MemoryBus(store)
    web = Web(settings, store, bus, Player(settings, store), reactor, None)

    def listen() -> None:
        for line in sys.stdin.buffer:
            reactor.callFromThread(bus.shout, "floor", line.strip())  # type: ignore[attr-defined]
        reactor.callFromThread(reactor.stop)  # type: ignore[attr-defined]

    def go() -> None:
        bus.start()
        web.start()
        threading.Thread(target=listen, daemon=True).start()
        told = folder / "port.new"
        told.write_text(str(web.port), "ascii")
        told.replace(folder / "port")

    reactor.callWhenRunning(go)  # type: ignore[attr-defined]
    reactor.addSystemEventTrigger("before", "shutdown", web.stop)  # type: ignore[attr-defined]
    reactor.run()  # type: ignore[attr-defined]
    bus.stop()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
