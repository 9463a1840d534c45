"""Nobody can be lost in the voice menus."""

import pytest

from schema.rules.bookparts import BadBook
from schema.rules.voicebook import read_voice
from tests.schema.rules.test_voicebook import good, menu


def test_nobody_can_be_lost() -> None:
    body = good()
    body["menus"]["main"]["keys"] = {"1": {"do": "services"}}
    body["menus"]["island"] = menu()
    body["menus"]["main"]["silent"] = {"do": "menu", "to": "language"}
    with pytest.raises(BadBook) as bad:
        read_voice(body)
    assert set(bad.value.faults) == {"main.agent", "island.unreached", "language.silent", "main.silent"}
