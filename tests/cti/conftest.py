"""The stage that tests of the telephone room's pure files play on."""

import pytest

from tests.cti.play import Caller, Play


@pytest.fixture
def play() -> Play:
    """An empty stage at noon."""
    return Play()


@pytest.fixture
def caller() -> Caller:
    """A citizen."""
    return Caller()
