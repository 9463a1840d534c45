"""What the tests of migrations share: a database with nothing in it, on both engines."""

from collections.abc import Iterator

import pytest

from schema.ids import uuid7
from tests.real.servers import Postgres


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def empty_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'old.sqlite'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"test_{uuid7().hex}"
    yield postgres.empty(name)
    postgres.drop(name)
