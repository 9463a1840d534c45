"""A bare Flask on the product's server: one indexed SELECT as JSON. `python -m bench.rig.baresite URL FOLDER`.

Writes its port into FOLDER/port when it listens; ends with standard input.
"""

import sys
import threading
from pathlib import Path
from typing import Any

from twisted.internet import asyncioreactor

asyncioreactor.install()

from flask import Flask, jsonify  # noqa: E402
from sqlalchemy import select  # noqa: E402
from twisted.internet import reactor  # noqa: E402
from twisted.python.threadpool import ThreadPool  # noqa: E402
from twisted.web.server import Site  # noqa: E402
from twisted.web.wsgi import WSGIResource  # noqa: E402

from conf.settings import Settings  # noqa: E402
from schema.cases import Case  # noqa: E402
from schema.store import Store  # noqa: E402


def main(url: str, folder: Path) -> None:
    """Serve until standard input ends."""
    store, app, on = Store(url), Flask("bare"), reactor

    @app.get("/<number>")
    def case(number: str) -> Any:
        with store.engine.connect() as connection:
            row = connection.execute(
                select(Case.case_no, Case.title, Case.text, Case.state).where(Case.case_no == number)
            ).one()
        return jsonify(dict(row._mapping))

    pool = ThreadPool(2, Settings(var=folder).web.threads, name="bare")

    def go() -> None:
        pool.start()
        port = on.listenTCP(0, Site(WSGIResource(on, pool, app)), interface="127.0.0.1")  # type: ignore[attr-defined]
        told = folder / "port.new"
        told.write_text(str(port.getHost().port), "ascii")
        told.replace(folder / "port")
        threading.Thread(target=wait, daemon=True).start()

    def wait() -> None:
        sys.stdin.buffer.read()
        on.callFromThread(on.stop)  # type: ignore[attr-defined]

    on.callWhenRunning(go)  # type: ignore[attr-defined]
    on.addSystemEventTrigger("before", "shutdown", pool.stop)  # type: ignore[attr-defined]
    on.run()  # type: ignore[attr-defined]
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
