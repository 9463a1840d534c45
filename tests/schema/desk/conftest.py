"""The office that the case desks' tests work in."""

import pytest

from schema.store import Store
from tests.schema.desk.casework import Office, open_office


@pytest.fixture
def desk(store: Store) -> Office:
    """People, cells and a way to bring cases as far as wanted, on both databases."""
    return open_office(store)
