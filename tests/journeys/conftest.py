"""A whole site up, with the demo's city in it, for journeys on real parts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conf.settings import Settings
from conf.supervisor import Supervisor
from demo.city import City, lay_out_city
from demo.journey import Journey
from schema.store import Store


@pytest.fixture
def journey_on(tmp_path: Path) -> Iterator[Callable[..., Journey]]:
    """Call it (`split` as wanted) for a Journey on a site that is up; all of it is ended afterwards."""
    made: list[tuple[Journey, Supervisor, Store]] = []

    def make(*, split: bool = False) -> Journey:
        cities: list[City] = []
        supervisor = Supervisor(
            Settings(var=tmp_path),
            split=split,
            say=lambda line: None,
            prepare=lambda store, laid: cities.append(lay_out_city(store, laid)),
        ).start()
        store = Store(supervisor.settings.database_url)
        try:
            journey = Journey(supervisor, cities[0], store, tmp_path, lambda line: None)
        except BaseException:
            supervisor.stop()
            raise
        made.append((journey, supervisor, store))
        return journey

    yield make
    for journey, supervisor, store in made:
        journey.close()
        supervisor.stop()
        store.close()


@contextmanager
def paused(server: object) -> Iterator[None]:
    """A server that is there and does not answer, for the length of the block."""
    server.pause()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        server.resume()  # type: ignore[attr-defined]
