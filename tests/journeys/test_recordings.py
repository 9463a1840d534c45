"""Recordings as the real PBX writes them: kept moments after the hang-up, never while written, whole after a kill."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from demo.hearing import hear_kept, missing_tones
from demo.phone import Phone
from recordings.ledger import STALE_AFTER, Ledger
from recordings.spool import Spool
from recordings.vault import Vault
from schema.facts import RecordingStopped
from schema.ids import CallId, ContactId, as_id
from schema.recordings import Recording
from schema.store import Store
from tests.real.pbx import RealPbx, ha1, run

pytestmark = pytest.mark.real

HOTLINE, CITIZEN = "12345", "13800138000"
CITIZEN_TONE, SEAT_TONE = 440.0, 1000.0


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def talk(pbx: RealPbx, phone: Callable[..., Phone]) -> Callable[[], tuple[Phone, dict[str, str]]]:
    """A citizen and a seat who talk: the citizen's telephone, and what the PBX said of the recording."""

    def begin() -> tuple[Phone, dict[str, str]]:
        run(pbx.endpoints.open("101", ha1("101", "the-secret"), "Wang", webrtc=False))
        phone("seat101", ("seat101", "the-secret"), tone=SEAT_TONE, registers=True, answers="auto")
        pbx.until_online("101", 10)
        citizen = phone(CITIZEN, pbx.carrier, tone=CITIZEN_TONE)
        citizen.dial(HOTLINE)
        pbx.redirect(pbx.ears.told("Queued")["Channel"], "101")
        told = pbx.ears.told("Recording")
        time.sleep(3)
        return citizen, told

    return begin


def ledger(pbx: RealPbx, store: Store, ahead: float = 0.0) -> Ledger:
    """A ledger whose clocks are `ahead` seconds ahead."""
    site = pbx.settings
    return Ledger(
        store,
        Spool(site.spool),
        Vault.of(site),
        site.pbx.node,
        wall=lambda: time.time() + ahead,
        clock=lambda: time.monotonic() + ahead,
    )


def kept(pbx: RealPbx, store: Store) -> Recording:
    """The one row, its files right on both sides, and nothing left in the spool."""
    with store.read() as session:
        row = session.scalars(select(Recording)).one()
    assert row.state == "kept", row.reason
    mix, citizen, seat = (hear_kept(pbx.settings, store, row.id, side) for side in ("mix", "citizen", "seat"))
    assert missing_tones(citizen, [CITIZEN_TONE], [SEAT_TONE]) == []
    assert missing_tones(seat, [SEAT_TONE], [CITIZEN_TONE]) == []
    assert missing_tones(mix, [CITIZEN_TONE, SEAT_TONE]) == []
    assert list(pbx.settings.spool.iterdir()) == []
    return row


def test_it_is_kept_within_moments_of_the_hang_up(
    pbx: RealPbx, store: Store, talk: Callable[[], tuple[Phone, dict[str, str]]]
) -> None:
    citizen, told = talk()
    keeper = ledger(pbx, store)
    heard = len(pbx.ears.heard)
    citizen.hang_up()
    pbx.ears.wait(
        lambda m: m.get("Event") == "Hangup" and m.get("Channel", "").startswith("PJSIP/seat101"), after=heard
    )
    hung_up = time.monotonic()
    keeper.stopped(
        RecordingStopped(
            at=datetime.now(UTC),
            contact=ContactId(as_id(told["Contact"])),
            call=CallId(as_id(told["Call"])),
            node=pbx.settings.pbx.node,
            leg=told["Uniqueid"],
            name=told["Name"],
            seat="101",
        )
    )
    while keeper.expects and time.monotonic() < hung_up + 5:
        keeper.look()
        time.sleep(0.02)
    row = kept(pbx, store)
    assert 2 < row.seconds < 6
    assert not keeper.expects


def test_while_the_pbx_writes_it_is_left_alone_and_after_a_kill_it_is_mended(
    pbx: RealPbx, store: Store, talk: Callable[[], tuple[Phone, dict[str, str]]]
) -> None:
    _citizen, told = talk()
    late = ledger(
        pbx, store, ahead=STALE_AFTER + 60
    )  # a call in which nobody spoke for minutes looks like this
    assert late.sweep() == 0
    assert Spool(pbx.settings.spool).names() == [told["Name"]]
    pbx.child.kill()
    assert not Spool(pbx.settings.spool).is_done(told["Name"])
    assert late.sweep() == 1
    assert kept(pbx, store).seconds > 1
