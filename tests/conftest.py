"""Fixtures every room's tests share: a laid-out site, a migrated store on both databases, real servers."""

import gc
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from conf.garbage import settle
from conf.keeping import Keeping
from conf.layout import lay_out
from conf.privateredis import PrivateRedis
from conf.settings import Settings
from schema import store as schema_store
from schema.store import Store
from schema.upgrade import upgrade
from tests import cheaper, compiling
from tests.real.lending import Lender
from tests.real.servers import Postgres, real_postgres, real_redis

if TYPE_CHECKING:
    from tests.shares import Shares

# No example has a deadline: how long one takes says how busy the machine is.
hypothesis.settings.register_profile("gridline", deadline=None, max_examples=35)
hypothesis.settings.load_profile("gridline")

schema_store.create_engine = compiling.create_engine
cheaper.hash_cheaply()
cheaper.log_plainly()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "Shares":
    """Share the tests out file by file, and few journeys at once."""
    from tests.shares import Shares  # not at import: pytest-xdist may be switched off (-p no:xdist)

    return Shares(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """All tests and all they import stay to the end: looked through again and again for garbage, that costs more than
    a third of a worker's time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        settle()


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """What a test logged may be no text (half a surrogate pair), and then it cannot go from worker to terminal."""
    return as_text((yield))


def as_text(value: Any) -> Any:
    """The same, in every string what UTF-8 cannot write replaced."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case dict():
            return {key: as_text(item) for key, item in value.items()}
        case list() | tuple():
            return type(value)(as_text(item) for item in value)
    return value


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    """A site laid out in a folder of its own: free ports, fresh secrets; recordings are packed at once."""
    return lay_out(Settings(var=tmp_path / "var", recordings=Keeping(patience=0)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One real PostgreSQL for the session. Stop it only in a server of your own (`real_postgres`)."""
    with real_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRedis]:
    """One real Redis for the session. Stop it only in a server of your own (`real_redis`)."""
    with real_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis: PrivateRedis) -> str:
    """The address of the session's Redis; use a prefix of your own."""
    return redis.url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest migration, to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The address of a SQLite database of the test's own, at the newest migration."""
    file = tmp_path / "gridline.sqlite"
    shutil.copy(migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def lender(postgres: Postgres) -> Iterator[Lender]:
    """Lends the session's PostgreSQL database to one test after the other."""
    lender = Lender(postgres, "lent")
    yield lender
    lender.close()


@pytest.fixture
def postgres_url(lender: Lender) -> Iterator[str]:
    """The address of a PostgreSQL database that is the test's alone, at the newest migration and as if new."""
    with lender.lent() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database, once on SQLite and once on PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store at the newest migration, of the test's own, once on SQLite and once on PostgreSQL."""
    store = Store(store_url)
    yield store
    store.close()
