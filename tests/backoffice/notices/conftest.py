"""The office of the case desks' tests, for notices that begin with an order and end outside."""

import pytest

from schema.people import User
from schema.store import Store
from tests.schema.desk.casework import Office, open_office


@pytest.fixture
def desk(store: Store) -> Office:
    """People, cells and cases, on both databases; some can be reached by mail and have a mobile telephone."""
    office = open_office(store)
    with store.work() as work:
        for name in ("worker", "agent", "supervisor"):
            user = work.session.get_one(User, getattr(office, name))
            user.mail, user.mobile = f"{name}@city.example", "13900000009"
    return office
