"""The packer: the vault's work in a child, which may die and is replaced, and never outlives who asks."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from conf.keeping import Keeping
from conf.settings import Settings
from recordings.packer import NICE, Packer
from recordings.vault import NothingToTake, Vault
from schema.ids import uuid7
from tests.patience import until
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


def test_a_young_recording_is_packed_in_idle_time_and_one_that_waited_at_low_priority(site: Settings) -> None:
    patient = replace(site, recordings=Keeping(patience=300))
    packer, leg = Packer(patient), Recorded(site).fill()
    file = leg.folder / f"{leg.name}.wav"
    try:
        os.utime(file, (1, 1))
        packer.take(uuid7(), {"mix": file})
        assert group_of(packer.pid) in ("", "10")
        assert idle_threads(packer.pid) == 0
        almost = time.time() - 297
        os.utime(file, (almost, almost))
        packer.take(uuid7(), {"mix": file})  # within three seconds there was quiet, or it is done without
        assert group_of(packer.pid) in ("", "19", "10")
        assert idle_threads(packer.pid) == 1
    finally:
        packer.stop()


def idle_threads(pid: int) -> int:
    """How many threads of a process run only when nobody else does."""
    return [os.sched_getscheduler(int(task)) for task in os.listdir(f"/proc/{pid}/task")].count(os.SCHED_IDLE)


def test_it_has_an_autogroup_of_its_own_so_that_its_priority_counts(site: Settings) -> None:
    packer = Packer(site)
    packer.warm()
    try:
        assert os.getsid(packer.pid) == packer.pid != os.getsid(0)
    finally:
        packer.stop()


def group_of(pid: int) -> str:
    """The nice value of a process's autogroup; "" where there are none."""
    try:
        return Path(f"/proc/{pid}/autogroup").read_text("ascii").split()[-1]
    except OSError:
        return ""


def test_it_is_not_started_before_something_is_recorded(site: Settings) -> None:
    packer = Packer(site)
    assert packer.pid == 0
    packer.warm()
    pid = packer.pid
    packer.warm()
    assert packer.pid == pid > 0
    packer.stop()


def test_stopped_in_the_middle_of_hours_it_ends_at_once(site: Settings) -> None:
    packer, leg, troubles = Packer(site), Recorded(site).fill(seconds=900), []

    def take() -> None:
        try:
            packer.take(uuid7(), {"mix": leg.folder / f"{leg.name}.wav"})
        except OSError as error:
            troubles.append(str(error))

    at_work = Thread(target=take)
    at_work.start()
    until(lambda: list(site.vault.rglob("*.part")), what="the first piece")
    packer.stop()
    at_work.join(10)
    assert troubles == ["the packer died"] and list(Vault.of(site).shelf.paths()) == []
    with pytest.raises(OSError, match="stopped"):
        packer.take(uuid7(), {})
