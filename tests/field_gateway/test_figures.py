"""What a gateway is told is counted by way, kind and outcome, whatever names somebody sends."""

from pathlib import Path

import pytest
from prometheus_client.exposition import generate_latest

from field_gateway.figures import Counted, Figures, kind_of
from schema.store import Store, StoreUnreachable
from tests.field_gateway.play import Handset, Street


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


def test_every_outcome_is_counted_once(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hs1, figures = Handset(Street(store).store, tmp_path / "vault"), Figures()
    counted, body = Counted(hs1.intake, figures, "mqtt"), hs1.report()
    for topic, said in (("report", body), ("report", body), ("report", b"no"), ("odd", b"")):
        counted.take(f"gridline/hs1/up/{topic}", said, [])

    def away(*_: object) -> None:
        raise StoreUnreachable("away")

    monkeypatch.setattr(hs1.intake, "take", away)
    with pytest.raises(StoreUnreachable):
        counted.take("gridline/hs1/up/clock", b"", [])
    figures.watch("gridline_gateway_waiting", "Waiting", lambda: 3)
    told = generate_latest(figures.registry).decode()
    for kind, status in (("report", "kept"), ("report", "again"), ("report", "refused"), ("other", "nobody"),
                         ("clock", "failed")):  # fmt: skip
        assert f'gridline_gateway_messages_total{{kind="{kind}",status="{status}",way="mqtt"}} 1.0' in told
    assert (
        'gridline_gateway_message_seconds_count{way="mqtt"} 5.0' in told
        and "gridline_gateway_waiting 3.0" in told
    )


def test_nobody_makes_labels_at_will() -> None:
    kinds = {
        kind_of(f"gridline/hs1/up/{what}") for what in ("report", "media/x", "position", "0", "x" * 99, "")
    }
    assert kinds == {"report", "media", "position", "other"} and kind_of("x") == "other"
