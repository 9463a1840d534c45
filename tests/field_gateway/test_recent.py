"""What was kept a moment ago is answered from memory, and nothing else is."""

import json
from pathlib import Path

import msgspec
import pytest

from field_gateway.answers import MediaState, Receipt
from field_gateway.recent import Recent
from schema.ids import uuid7
from schema.store import Store
from tests.field_gateway.play import Handset, Street


def test_only_what_was_kept_and_cannot_change_is_remembered_and_the_oldest_forgotten() -> None:
    recent = Recent(most=2)
    keys = [("hs1", uuid7()) for _ in range(4)]
    kept = [Receipt(id=id, status="kept", ids=(id,)) for _, id in keys]
    recent.remember(keys[0], "a", msgspec.structs.replace(kept[0], status="refused"))
    recent.remember(keys[0], "a", msgspec.structs.replace(kept[0], media=(MediaState(keys[1][1], 0),)))
    assert recent.find(keys[0], "a") is None
    for key, receipt in zip(keys[1:], kept[1:], strict=True):
        recent.remember(key, "a", receipt)
    assert recent.find(keys[1], "a") is None
    assert recent.find(keys[2], "a") == Receipt(id=keys[2][1], status="again")
    assert recent.find(keys[2], "b") is None and recent.find(("hs2", keys[2][1]), "a") is None


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


def test_what_comes_again_is_answered_while_the_store_is_away(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = Street(store)
    hs1 = Handset(street.store, tmp_path / "vault")
    body = hs1.report()
    first = hs1.say("report", body)
    others = hs1.say("report", body, low="0")
    with monkeypatch.context() as away:
        away.setattr(hs1.intake, "_store", None)
        assert hs1.say("report", body) == {**first, "status": "again"}
        with pytest.raises(AttributeError):
            hs1.say("report", json.dumps({**json.loads(body), "text": "other"}).encode())
        with pytest.raises(AttributeError):
            hs1.say("report", body, low="0")
    assert others == {**first, "status": "again"}
