"""An S3-like store on loopback (moto's, in memory), a process of its own, for tests."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from conf.keeping import Keeping
from conf.ports import free_port
from tests.patience import until

SERVE = """
import sys
from werkzeug.serving import make_server
from moto.server import DomainDispatcherApplication, create_backend_app
app = DomainDispatcherApplication(create_backend_app)
make_server("127.0.0.1", int(sys.argv[1]), app, threaded=True).serve_forever()
"""


@dataclass(frozen=True)
class Store:
    """Where it is; the secret's file."""

    address: str
    secret: Path
    names: "itertools.count[int]"

    def bucket(self) -> Keeping:
        """A new bucket in it, as settings."""
        how = Keeping(
            bucket=f"bucket-{next(self.names)}", endpoint=self.address, access_key="gridline",
            secret_file=str(self.secret), timeout=10.0,
        )  # fmt: skip
        made = urllib3.request("PUT", f"{self.address}/{how.bucket}")
        assert made.status == 200, made.data
        return how


@pytest.fixture(scope="module")
def store_of_objects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """It runs while a module's tests do."""
    folder, port = tmp_path_factory.mktemp("objects"), free_port()
    (folder / "secret").write_text("a secret\n", "utf-8")
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], stdout=log, stderr=log)
    store = Store(f"http://127.0.0.1:{port}", folder / "secret", itertools.count(1))
    try:
        until(lambda: _answers(store.address) or server.poll() is not None)
        assert server.poll() is None, (folder / "log").read_text("utf-8")
        yield store
    finally:
        server.terminate()
        server.wait(10)


def _answers(address: str) -> bool:
    try:
        return urllib3.request("GET", address, retries=False, timeout=2).status < 500
    except urllib3.exceptions.HTTPError:
        return False
