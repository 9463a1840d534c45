"""A street and its handsets, for the tests that play them without a broker."""

from pathlib import Path

import pytest

from schema.store import Store
from tests.field_gateway.play import Handset, Street


@pytest.fixture
def street(store: Store) -> Street:
    """An empty street."""
    return Street(store)


@pytest.fixture
def hs1(street: Street, tmp_path: Path) -> Handset:
    """The first worker's handset."""
    return Handset(street.store, tmp_path / "vault")


@pytest.fixture
def hs2(street: Street, tmp_path: Path) -> Handset:
    """The second worker's handset."""
    return Handset(street.store, tmp_path / "vault", "hs2")
