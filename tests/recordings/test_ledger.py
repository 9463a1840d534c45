"""The ledger: every recorded leg is kept once, whatever happens on the way, and nothing is left without an owner."""

import errno
import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from conf.settings import Settings
from demo.hearing import hear_kept
from recordings.ledger import AGAIN_AFTER, DONE_WAIT, STALE_AFTER, Ledger
from recordings.play import Player
from recordings.spool import Spool
from recordings.vault import Vault
from schema.desk.recordings import SideFile
from schema.outbox import OutboxRow
from schema.recordings import Recording
from schema.store import Store
from tests.recordings.recorded import AT, Clock, Recorded, keep, ledger_of


def rows(store: Store) -> list[Recording]:
    with store.read() as session:
        return list(session.scalars(select(Recording)))


def kept_facts(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).where(OutboxRow.name == "RecordingKept")) or 0


def test_a_leg_is_kept_with_both_sides_on_the_right_side(site: Settings, store: Store) -> None:
    leg = Recorded(site).fill()
    keep(site, store, leg)
    [row] = rows(store)
    assert (row.state, row.seconds, row.contact, row.seat) == ("kept", 1.0, leg.contact, "101")
    assert row.started_at == AT
    assert hear_kept(site, store, row.id, "citizen").has(440) and hear_kept(site, store, row.id, "seat").has(
        1000
    )
    assert Player(site, store).verify(row.id) == []
    assert leg.left() == []
    assert kept_facts(store) == 1


def test_in_a_return_visit_the_recorded_channel_is_the_citizens(site: Settings, store: Store) -> None:
    keep(site, store, Recorded(site, seat="visit").fill())
    [row] = rows(store)
    assert hear_kept(site, store, row.id, "citizen").has(1000), "received from the citizen's channel"


def test_facts_that_come_twice_change_nothing(site: Settings, store: Store) -> None:
    leg, ledger = Recorded(site).fill(), ledger_of(site, store)
    for _ in range(2):
        ledger.started(leg.started())
        ledger.stopped(leg.stopped())
        ledger.look()
    assert [row.state for row in rows(store)] == ["kept"]
    assert kept_facts(store) == 1


def test_a_start_that_is_heard_after_the_files_is_still_the_start(site: Settings, store: Store) -> None:
    leg, ledger = Recorded(site).fill(), ledger_of(site, store)
    assert ledger.sweep() == 1
    [row] = rows(store)
    assert row.started_at is not None, "read off the files"
    ledger.started(leg.started())
    assert len(rows(store)) == 1


def test_files_are_not_touched_before_the_pbx_has_closed_them(site: Settings, store: Store) -> None:
    leg, clock = Recorded(site).fill(done=False), Clock(AT.timestamp())
    ledger = ledger_of(site, store, clock)
    ledger.stopped(leg.stopped())
    clock.advance(DONE_WAIT - 0.1)
    assert ledger.look() == 0 and ledger.expects and len(leg.left()) == 3
    (leg.folder / f"{leg.name}.done").touch()
    assert ledger.look() == 1 and not ledger.expects


def test_files_that_a_dead_pbx_never_closed_are_taken_after_a_bounded_wait(
    site: Settings, store: Store
) -> None:
    leg, clock = Recorded(site).fill(done=False), Clock(AT.timestamp())
    mix = leg.folder / f"{leg.name}.wav"
    torn = bytearray(mix.read_bytes())
    torn[4:8] = torn[40:44] = bytes(4)  # Asterisk fills in the lengths when it closes a file
    mix.write_bytes(torn)
    ledger = ledger_of(site, store, clock)
    ledger.stopped(leg.stopped())
    clock.advance(DONE_WAIT)
    assert ledger.look() == 1
    [row] = rows(store)
    assert (row.state, row.seconds) == ("kept", 1.0)
    assert round(hear_kept(site, store, row.id).seconds, 1) == 1.0
    assert row.started_at == AT - timedelta(seconds=1)


def test_one_leg_that_is_waited_for_does_not_hold_up_another(site: Settings, store: Store) -> None:
    late, whole = Recorded(site).fill(done=False), Recorded(site).fill()
    ledger = ledger_of(site, store, Clock(AT.timestamp()))
    ledger.stopped(late.stopped())
    ledger.stopped(whole.stopped())
    assert ledger.look() == 1
    assert [row.name for row in rows(store)] == [whole.name]


def test_a_leg_gets_its_row_while_hours_of_another_are_being_taken(site: Settings, store: Store) -> None:
    first, second = Recorded(site, seat="102").fill(), Recorded(site)
    begun, goes_on = threading.Event(), threading.Event()

    class Slow:
        """A vault at work."""

        def take(self, recording: UUID, sources: Mapping[str, Path]) -> tuple[float, list[SideFile]]:
            begun.set()
            assert goes_on.wait(60)
            return Vault.of(site).take(recording, sources)

    ledger = Ledger(store, Spool(site.spool), Slow(), site.pbx.node)
    at_work = threading.Thread(target=ledger.keep, args=(first.name,))
    at_work.start()
    assert begun.wait(60)
    ledger.started(second.started())
    assert {row.name for row in rows(store) if row.state != "kept"} == {first.name, second.name}
    goes_on.set()
    at_work.join(60)
    assert [row.state for row in rows(store) if row.name == first.name] == ["kept"]


def test_a_file_that_is_still_open_is_never_taken(site: Settings, store: Store) -> None:
    leg = Recorded(site).fill(done=False)
    file = leg.folder / f"{leg.name}.tx.wav"
    clock = Clock(file.stat().st_mtime + STALE_AFTER + 1)
    ledger = ledger_of(site, store, clock)
    with file.open("ab"):
        assert ledger.sweep() == 0, "a call in which nobody speaks is still being recorded"
        ledger.stopped(leg.stopped())
        clock.advance(DONE_WAIT)
        assert ledger.look() == 0
    clock.advance(DONE_WAIT)
    assert ledger.look() == 1


def test_a_leg_whose_files_never_come_is_missing_with_the_reason(site: Settings, store: Store) -> None:
    leg, clock = Recorded(site), Clock(AT.timestamp())
    ledger = ledger_of(site, store, clock)
    ledger.started(leg.started())
    assert ledger.sweep() == 0 and rows(store)[0].state == "spool"
    ledger.stopped(leg.stopped())
    clock.advance(DONE_WAIT)
    ledger.look()
    [row] = rows(store)
    assert row.state == "missing" and leg.name in row.reason
    assert not ledger.expects


def test_a_leg_whose_end_nobody_heard_is_missing_too(site: Settings, store: Store) -> None:
    leg, clock = Recorded(site), Clock(AT.timestamp())
    ledger = ledger_of(site, store, clock)
    ledger.started(leg.started())
    clock.advance(STALE_AFTER + 1)
    assert ledger.sweep() == 0
    assert rows(store)[0].state == "missing"


@pytest.mark.parametrize("wrong", [b"noise", b""])
def test_files_that_are_no_audio_are_set_aside_and_put_right_they_are_kept(
    site: Settings, store: Store, wrong: bytes
) -> None:
    leg = Recorded(site).fill()
    file = leg.folder / f"{leg.name}.tx.wav"
    good = file.read_bytes()
    file.write_bytes(wrong)
    ledger = ledger_of(site, store)
    assert ledger.sweep() == 0
    [row] = rows(store)
    assert row.state == "missing" and "no WAV" in row.reason and "unowned" in row.reason
    assert leg.left() == [] and ledger.sweep() == 0, "said once, not every minute"
    aside = leg.folder.parent / "unowned"
    (aside / file.name).write_bytes(good)
    for each in aside.iterdir():
        each.rename(leg.folder / each.name)
    assert ledger.sweep() == 1
    assert [r.state for r in rows(store)] == ["kept"]


def test_the_sweep_takes_in_what_a_crash_left_and_leaves_alone_what_grows(
    site: Settings, store: Store
) -> None:
    closed, growing = Recorded(site).fill(), Recorded(site).fill(done=False)
    clock = Clock((growing.folder / f"{growing.name}.wav").stat().st_mtime + 1)
    ledger = ledger_of(site, store, clock)
    assert ledger.sweep() == 1
    assert [row.name for row in rows(store)] == [closed.name]
    clock.advance(STALE_AFTER + 1)
    assert ledger.sweep() == 1
    assert {row.name for row in rows(store)} == {closed.name, growing.name}
    assert ledger.sweep() == 0


def test_where_the_vault_cannot_keep_up_the_rest_lies_in_the_spool(site: Settings, store: Store) -> None:
    legs = [Recorded(site).fill(0.1) for _ in range(5)]
    ledger = Ledger(store, Spool(site.spool), Vault.of(site), site.pbx.node, most=2)
    for leg in legs:
        ledger.stopped(leg.stopped())
    assert (ledger.look(), ledger.expects) == (2, False)
    assert (ledger.sweep(), ledger.sweep(), ledger.sweep()) == (2, 1, 0)
    assert {row.name for row in rows(store) if row.state == "kept"} == {leg.name for leg in legs}
    assert len({row.started_at for row in rows(store)}) > 1, (
        "read off the files of those that were left to the sweep"
    )


def test_files_of_nobody_are_set_aside_and_not_lost(site: Settings, store: Store) -> None:
    (site.spool / "stray.wav").write_bytes(b"x")
    (site.spool / "stray.done").touch()
    assert ledger_of(site, store).sweep() == 0
    assert rows(store) == []
    assert (site.spool.parent / "unowned" / "stray.wav").read_bytes() == b"x"


def test_another_nodes_recording_is_not_ours(site: Settings, store: Store) -> None:
    leg, ledger = Recorded(site).fill(), ledger_of(site, store)
    ledger.started(replace(leg.started(), node="pbx2"))
    ledger.stopped(replace(leg.stopped(), node="pbx2"))
    assert not ledger.expects and rows(store) == []


def test_a_name_that_says_nothing_gets_no_row(site: Settings, store: Store) -> None:
    leg, ledger = Recorded(site), ledger_of(site, store)
    ledger.started(replace(leg.started(), name="../../etc/passwd"))
    ledger.stopped(replace(leg.stopped(), name="../../etc/passwd"))
    assert not ledger.expects and rows(store) == []


class FullVault(Vault):
    """A vault on a full disk."""

    def take(self, recording: UUID, sources: Mapping[str, Path]) -> tuple[float, list[SideFile]]:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_with_the_disk_full_the_spool_keeps_its_files_until_there_is_room(
    site: Settings, store: Store
) -> None:
    leg, clock = Recorded(site).fill(), Clock(AT.timestamp())
    full = Ledger(store, Spool(site.spool), FullVault.of(site), "pbx1", wall=clock, clock=clock)
    full.stopped(leg.stopped())
    assert full.look() == 0 and full.expects
    assert full.look() == 0, "not tried again at once"
    clock.advance(AGAIN_AFTER)
    assert full.look() == 0
    assert full.sweep() == 0
    assert len(leg.left()) == 4 and rows(store)[0].state == "spool"
    assert ledger_of(site, store).sweep() == 1
