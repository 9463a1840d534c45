"""The ledger: every recorded leg is kept once, whatever happens on the way, and nothing is left without an owner."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from conf.settings import Settings
from demo.hearing import hear
from recordings.ledger import STALE_AFTER, read_name
from recordings.vault import sha256
from schema.outbox import OutboxRow
from schema.recordings import Recording
from schema.store import Store
from tests.recordings.spool import AT, Clock, Spool, ledger_of


def rows(store: Store) -> list[Recording]:
    with store.read() as session:
        return list(session.scalars(select(Recording)))


def kept_facts(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).where(OutboxRow.name == "RecordingKept")) or 0


def test_a_leg_is_kept_with_both_sides_on_the_right_side(site: Settings, store: Store) -> None:
    spool, ledger = Spool(site).fill(), ledger_of(site, store)
    ledger.started(spool.started())
    ledger.stopped(spool.stopped())
    [row] = rows(store)
    assert (row.state, row.seconds, row.contact, row.seat) == ("kept", 1.0, spool.contact, "101")
    assert hear(site.vault / row.citizen_side).has(440) and hear(site.vault / row.seat_side).has(1000)
    assert sha256(site.vault / row.mix) == row.mix_sha256
    assert (site.vault / row.mix).stat().st_mode & 0o777 == 0o600
    assert spool.left() == []
    assert kept_facts(store) == 1


def test_in_a_return_visit_the_recorded_channel_is_the_citizens(site: Settings, store: Store) -> None:
    spool = Spool(site, seat="visit").fill()
    ledger_of(site, store).stopped(spool.stopped())
    [row] = rows(store)
    assert hear(site.vault / row.citizen_side).has(1000), "received from the citizen's channel"


def test_facts_that_come_twice_change_nothing(site: Settings, store: Store) -> None:
    spool, ledger = Spool(site).fill(), ledger_of(site, store)
    for _ in range(2):
        ledger.started(spool.started())
        ledger.stopped(spool.stopped())
    assert [row.state for row in rows(store)] == ["kept"]
    assert kept_facts(store) == 1


def test_a_leg_whose_files_never_come_is_missing_with_the_reason(site: Settings, store: Store) -> None:
    spool = Spool(site)
    ledger = ledger_of(site, store, Clock(AT.timestamp()))
    ledger.started(spool.started())
    ledger.stopped(spool.stopped())
    [row] = rows(store)
    assert row.state == "missing" and spool.name in row.reason


def test_files_that_are_no_audio_are_missing_with_the_reason(site: Settings, store: Store) -> None:
    spool = Spool(site).fill()
    (spool.folder / f"{spool.name}.tx.wav").write_bytes(b"noise")
    ledger_of(site, store).stopped(spool.stopped())
    [row] = rows(store)
    assert row.state == "missing" and "no WAV" in row.reason
    assert spool.left(), "what could not be kept is still there to be looked at"


def test_files_the_pbx_never_closed_are_taken_after_a_bounded_wait(site: Settings, store: Store) -> None:
    spool = Spool(site).fill(done=False)
    clock = Clock(AT.timestamp())
    ledger_of(site, store, clock).stopped(spool.stopped())
    assert rows(store)[0].state == "kept"
    assert 10 <= clock.now - AT.timestamp() < 11


def test_the_sweep_takes_in_what_a_crash_left_and_leaves_alone_what_grows(
    site: Settings, store: Store
) -> None:
    closed, growing = Spool(site).fill(), Spool(site).fill(done=False)
    now = Clock((growing.folder / f"{growing.name}.wav").stat().st_mtime + 1)
    ledger = ledger_of(site, store, now)
    assert ledger.sweep() == 1
    assert [row.name for row in rows(store)] == [closed.name]
    now.sleep(STALE_AFTER + 1)
    assert ledger.sweep() == 1
    assert {row.name for row in rows(store)} == {closed.name, growing.name}
    assert ledger.sweep() == 0


def test_files_of_nobody_are_set_aside_and_not_lost(site: Settings, store: Store) -> None:
    (site.spool / "stray.wav").write_bytes(b"x")
    (site.spool / "stray.done").touch()
    assert ledger_of(site, store).sweep() == 0
    assert rows(store) == []
    assert (site.spool.parent / "unowned" / "stray.wav").read_bytes() == b"x"


def test_another_nodes_recording_is_not_ours(site: Settings, store: Store) -> None:
    spool = Spool(site).fill()
    ledger_of(site, store).stopped(replace(spool.stopped(), node="pbx2"))
    assert rows(store) == []


@pytest.mark.parametrize("name", ["", "a_b_c_d", "x", "../../etc/passwd", "a_b_c_d_e"])
def test_a_name_that_is_not_ours_says_nothing(name: str) -> None:
    assert read_name(name) is None


KILLED = """
import os, signal, sys
from pathlib import Path
from conf.settings import load
from recordings import ledger as ledger_module, vault as vault_module
from recordings.ledger import Ledger
from recordings.vault import Vault
from schema.store import Store

step, name, var, url = sys.argv[1:]
settings = load(env={"GRIDLINE_VAR": var})
die = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
class Mortal(Vault):
    def take(self, *a, **k):
        if step == "before":
            die()
        taken = super().take(*a, **k)
        if step == "copied":
            die()
        return taken
    def forget(self, name):
        if step == "committed":
            die()
        super().forget(name)
if step == "halfway":
    real = vault_module._copy
    def half(source, final):
        if final.stem == "citizen":
            final.with_suffix(".part").write_bytes(source.read_bytes()[:999])
            die()
        real(source, final)
    vault_module._copy = half
if step == "uncommitted":
    ledger_module.desk.keep = lambda work, *a, **k: die()
Ledger(Store(url), Mortal(settings.vault, settings.spool), "pbx1").keep(name)
"""


@pytest.mark.parametrize("step", ["before", "halfway", "copied", "uncommitted", "committed"])
def test_killed_at_any_step_it_is_kept_once(site: Settings, store: Store, store_url: str, step: str) -> None:
    spool = Spool(site).fill()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, step, spool.name, str(site.var), store_url],
        check=False,
        cwd=_checkout(),
    )
    assert done.returncode == -signal.SIGKILL
    assert ledger_of(site, store).sweep() == 1
    [row] = rows(store)
    assert row.state == "kept" and sha256(site.vault / row.citizen_side) == row.citizen_sha256
    assert hear(site.vault / row.citizen_side).has(440)
    assert spool.left() == [] and kept_facts(store) == 1
    kept = sorted(p.name for p in (site.vault / row.mix).parent.iterdir() if not p.name.endswith(".part"))
    assert kept == ["citizen.wav", "mix.wav", "seat.wav"]
    assert len(list(site.vault.rglob("mix.wav"))) == 1


def _checkout() -> Path:
    return Path(os.path.abspath(__file__)).parents[2]
