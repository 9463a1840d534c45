"""How long a message waited at the broker is told by what is left of its life, on a real broker."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from conf.settings import Settings
from field_gateway.link import Arrived, Link
from field_gateway.sending import LIFE
from schema.store import Store
from tests.field_gateway.play import SECRET
from tests.field_gateway.site import FieldSite, field_site
from tests.patience import LONG, until
from tests.real.mqtt import Peer

pytestmark = pytest.mark.real


@pytest.fixture
def field(site: Settings, sqlite_url: str) -> Iterator[FieldSite]:
    with field_site(site, Store(sqlite_url), gateway=False) as made:
        yield made


def test_a_message_that_waited_says_so_and_one_without_a_life_tells_no_clock(field: FieldSite) -> None:
    heard: list[Arrived] = []

    def gateway() -> Link:
        link = Link(field.settings.broker, heard.append, lambda _: None)
        link.start()
        assert link.connected.wait(LONG)
        return link

    gateway().stop()  # it has a session now, and is away
    peer = Peer("hs1", SECRET, field.settings.broker.port)
    beside = [("sent", "2026-11-24T10:00:00Z"), ("clock", "a:1"), ("sig", "x")]
    peer.publish("gridline/hs1/up/report", b"{}", user=beside, life=LIFE)
    peer.publish("gridline/hs1/up/clock", b"{}", user=beside)
    waits = time.monotonic()
    until(lambda: time.monotonic() - waits > 2.2)
    link = gateway()
    until(lambda: len(heard) == 2)
    now = datetime.now(UTC)
    link.stop()
    peer.close()
    one, other = heard
    assert timedelta(seconds=1) < now - one.received < timedelta(seconds=60) and one.properties == beside
    assert now - other.received < now - one.received and other.properties == [("sig", "x")]
