"""A whole site up, with the demo's city in it, for journeys on real parts."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.rig.sip import Sip
from conf.keeping import Keeping
from conf.settings import Settings
from conf.supervisor import Supervisor
from conf.tools import Tools
from demo.city import City, lay_out_city
from demo.journey import Journey
from demo.phone import Phone
from schema.store import Store
from tests.journeys.webpages import Chromium, real_chromium
from tests.real.pbx import RealPbx, ha1, real_pbx, run
from tests.real.prompts import lay_prompts


class Journeys:
    """Call it (`split` as wanted) for a Journey on a site that is up; `close` ends all of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: list[Callable[[], None]] = []

    def __call__(self, *, split: bool = False) -> Journey:
        cities: list[City] = []
        settings = Settings(var=self._folder, recordings=Keeping(patience=0))
        lay_prompts(settings.prompts)
        supervisor = Supervisor(
            settings,
            split=split,
            say=lambda line: None,
            prepare=lambda store, laid: cities.append(lay_out_city(store, laid)),
        ).start()
        self._made.append(supervisor.stop)
        store = Store.of(supervisor.settings)
        self._made.append(store.close)
        journey = Journey(supervisor, cities[0], store, self._folder, lambda line: None)
        self._made.append(journey.close)
        return journey

    def close(self) -> None:
        """End what was made, the last first."""
        while self._made:
            self._made.pop()()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder of the test's own that PostgreSQL's own user can reach (pytest's are for their owner alone)."""
    with tempfile.TemporaryDirectory(prefix="gridline-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def journey_on(open_folder: Path) -> Journeys:
    """Makes journeys."""
    return Journeys(open_folder)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A journey runs in a thread of its own: the browser's driver refuses the thread of a running event loop."""
    if "journey_on" not in pyfuncitem.fixturenames:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    failed: list[BaseException] = []

    def run_it() -> None:
        try:
            try:
                pyfuncitem.obj(**arguments)
            finally:
                pyfuncitem.funcargs["journey_on"].close()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run_it, name=pyfuncitem.name)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return True


@contextmanager
def paused(server: object) -> Iterator[None]:
    """A server that is there and does not answer, for the length of the block."""
    server.pause()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        server.resume()  # type: ignore[attr-defined]


@pytest.fixture
def pbx(site: Settings) -> Iterator[RealPbx]:
    """A real PBX of the test's own."""
    with real_pbx(site) as running:
        yield running


@pytest.fixture
def phone(pbx: RealPbx, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Makes telephones with a voice; all are switched off afterwards."""
    program = Tools(pbx.settings.tools).baresip()
    made: list[Phone] = []

    def make(number: str, auth: tuple[str, str], **how: object) -> Phone:
        made.append(Phone(program, tmp_path / number, number, pbx.server, auth=auth, **how).start())  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture
def sip(pbx: RealPbx) -> Iterator[Callable[..., Sip]]:
    """Makes telephones without a voice."""
    made: list[Sip] = []

    def make(user: str, auth: tuple[str, str] | None) -> Sip:
        made.append(Sip(pbx.server, user, auth))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def seat(pbx: RealPbx, sip: Callable[..., Sip]) -> Callable[[str], Sip]:
    """Opens a seat with an ordinary telephone without a voice at it, registered."""

    def make(number: str) -> Sip:
        run(pbx.endpoints.open(number, ha1(number, "the-secret"), "Wang", webrtc=False))
        telephone = sip(f"seat{number}", (f"seat{number}", "the-secret"))
        assert telephone.register() == 200
        return telephone

    return make


@pytest.fixture
def citizen(pbx: RealPbx, sip: Callable[..., Sip]) -> Sip:
    """A citizen's telephone behind the carrier, without a voice."""
    return sip("13800138000", pbx.carrier)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One browser for all tests of pages; each page has a profile of its own."""
    with real_chromium() as found:
        yield found
