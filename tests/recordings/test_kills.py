"""Killed with -9 at any step between spool and vault, and started again: kept once, whole, nothing left over."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from conf.settings import Settings
from demo.hearing import hear
from recordings.vault import sha256
from schema.outbox import OutboxRow
from schema.recordings import Recording
from schema.store import Store
from tests.recordings.recorded import Recorded, ledger_of

CHECKOUT = Path(__file__).resolve().parents[2]
KILLED = """
import os, signal, sys
from conf.settingsfile import load
from recordings import ledger, vault
from recordings.spool import Spool
from schema.store import Store

step, name, var, url = sys.argv[1:]
settings = load(env={"GRIDLINE_VAR": var})
die = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)

class MortalVault(vault.Vault):
    def take(self, *a):
        if step == "begun":
            die()
        taken = super().take(*a)
        if step == "copied":
            die()
        return taken

class MortalSpool(Spool):
    def forget(self, name):
        if step == "committed":
            die()
        if step == "forgetting":
            next(self._files(name)).unlink()
            die()
        super().forget(name)

if step == "before":
    ledger.desk.begin = die
if step == "halfway":
    whole = vault._copy
    def half(source, final):
        if final.stem == "citizen":
            final.with_suffix(".part").write_bytes(source.read_bytes()[:999])
            die()
        return whole(source, final)
    vault._copy = half
if step == "uncommitted":
    real = ledger.desk.keep
    ledger.desk.keep = lambda *a, **k: (real(*a, **k), die())
ledger.Ledger(Store(url), MortalSpool(settings.spool), MortalVault(settings.vault), "pbx1").keep(name)
"""


@pytest.mark.parametrize(
    "step", ["before", "begun", "halfway", "copied", "uncommitted", "committed", "forgetting"]
)
def test_killed_at_any_step_it_is_kept_once(site: Settings, store: Store, store_url: str, step: str) -> None:
    leg = Recorded(site).fill()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, step, leg.name, str(site.var), store_url], check=False, cwd=CHECKOUT
    )
    assert done.returncode == -signal.SIGKILL
    assert leg.left(), "the spool keeps its files until the rows are committed"
    assert ledger_of(site, store).sweep() == 1
    with store.read() as session:
        row = session.scalars(select(Recording)).one()
        facts = session.scalar(select(func.count()).where(OutboxRow.name == "RecordingKept"))
    assert row.state == "kept" and facts == 1
    for path, digest in (
        (row.mix, row.mix_sha256),
        (row.citizen_side, row.citizen_sha256),
        (row.seat_side, row.seat_sha256),
    ):
        assert sha256(site.vault / path) == digest
    assert hear(site.vault / row.citizen_side).has(440) and hear(site.vault / row.seat_side).has(1000)
    assert leg.left() == []
    files = sorted(p.name for p in site.vault.rglob("*") if p.is_file())
    assert files == ["citizen.wav", "mix.wav", "seat.wav"], "one recording and no drafts"
