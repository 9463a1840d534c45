"""Killed with -9 at any step between spool and vault, and started again: kept once, whole, nothing left over."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from conf.settings import Settings
from demo.hearing import hear_kept
from recordings.play import Player
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
    whole = vault.encode
    def half(source, out, bitrate, between):
        if source.name.endswith(".tx.wav"):
            out.write(bytes(99999))
            die()
        return whole(source, out, bitrate, between)
    vault.encode = half
if step == "uncommitted":
    real = ledger.desk.keep
    ledger.desk.keep = lambda *a, **k: (real(*a, **k), die())
ledger.Ledger(Store(url), MortalSpool(settings.spool), MortalVault.of(settings), "pbx1").keep(name)
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
    assert Player(site, store).verify(row.id) == []
    assert hear_kept(site, store, row.id, "citizen").has(440) and hear_kept(site, store, row.id, "seat").has(
        1000
    )
    assert leg.left() == []
    files = sorted(p.name for p in site.vault.rglob("*") if p.is_file())
    assert files == ["citizen.sealed", "mix.sealed", "seat.sealed"], "one recording and no drafts"
