"""The address of a database, once SQLite's and once PostgreSQL's: for files whose matter is what the store does."""

import pytest


@pytest.fixture(name="store_url", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def both(request: pytest.FixtureRequest) -> str:
    """See the fixture of the same name for all tests."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))
