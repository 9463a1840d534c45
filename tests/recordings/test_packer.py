"""The packer: the vault's work in a child, which may die and is replaced, and never outlives who asks."""

import os
import signal
from pathlib import Path

import pytest

from conf.settings import Settings
from recordings.packer import NICE, Packer
from recordings.vault import NothingToTake, Vault
from schema.ids import uuid7
from tests.recordings.recorded import Recorded


def test_it_takes_what_a_vault_takes_and_is_replaced_when_it_died(site: Settings) -> None:
    packer, leg = Packer(site), Recorded(site).fill()
    sources = {"mix": leg.folder / f"{leg.name}.wav", "seat": leg.folder / f"{leg.name}.rx.wav"}
    try:
        seconds, files = packer.take(uuid7(), sources)
        assert seconds == 1.0 and [file.path for file in files] == list(Vault.of(site).shelf.paths())
        assert len(files[0].peaks) == 1000
        pid = packer.pid
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICE)
        with pytest.raises(NothingToTake, match="left no gone"):
            packer.take(uuid7(), {"mix": Path("gone")})
        assert packer.pid == pid
        os.kill(pid, signal.SIGSTOP)  # so that it cannot answer before it is dead
        os.kill(pid, signal.SIGKILL)
        while True:
            try:
                packer.take(uuid7(), sources)
                break
            except OSError as error:
                assert "packer" in str(error)
        assert packer.pid != pid
    finally:
        packer.stop()
    assert not Path(f"/proc/{pid}").exists()


def test_it_is_not_started_before_there_is_something_to_take(site: Settings) -> None:
    packer = Packer(site)
    packer.stop()
    assert packer.pid == 0
