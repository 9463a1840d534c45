"""Quiet: who has time waits while others keep the processors busy, and no longer than that."""

import pytest

from recordings.packer import Pace, TimeIsUp
from recordings.quiet import LOOK_EVERY, Quiet, machine_time


class Machine:
    """Two processors; `others` is the share of them that others use, by the second."""

    def __init__(self, *others: float) -> None:
        self.others, self.now, self.mine, self.idle = list(others), 0.0, 0.0, 0.0

    def pass_by(self, seconds: float, mine: float = 0.0) -> None:
        busy = self.others[min(int(self.now), len(self.others) - 1)]
        self.idle += 2 * seconds * (1 - busy) - mine
        self.mine += mine
        self.now += seconds

    def quiet(self) -> Quiet:
        return Quiet(
            ticks=lambda: (2 * self.now, self.idle), used=lambda: self.mine, clock=lambda: self.now,
            sleep=self.pass_by,
        )  # fmt: skip


def test_it_waits_until_others_leave_half_of_the_processors() -> None:
    machine = Machine(0.9, 0.8, 0.7, 0.2, 0.1)
    quiet = machine.quiet()
    machine.pass_by(1.0)
    quiet.wait(until=100.0)
    assert 3.0 <= machine.now <= 3.0 + 2 * LOOK_EVERY


def test_it_waits_no_longer_than_there_is_time() -> None:
    machine = Machine(1.0)
    quiet = machine.quiet()
    machine.pass_by(1.0)
    quiet.wait(until=7.2)
    assert machine.now == pytest.approx(7.2)
    quiet.wait(until=7.0)
    assert machine.now == pytest.approx(7.2)


def test_what_it_uses_itself_is_no_reason_to_wait() -> None:
    machine = Machine(0.2)
    quiet = machine.quiet()
    for _ in range(10):
        machine.pass_by(1.0, mine=1.5)
        before = machine.now
        quiet.wait(until=100.0)
        assert machine.now == before


def test_the_machine_says_how_long_its_processors_were_idle() -> None:
    everything, idle = machine_time()
    assert 0 <= idle <= everything
    assert everything > 1.0


def test_where_there_was_no_quiet_the_work_begins_anew_without_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.nice", lambda _: 0)  # this process goes on afterwards
    monkeypatch.setattr("recordings.packer._group_nice", lambda _: None)
    monkeypatch.setattr("recordings.packer._be_idle", lambda: None)
    monkeypatch.setattr(Quiet, "_is_busy", lambda _: True)
    pace, tries = Pace(), []

    def work() -> dict[str, object]:
        tries.append(1)
        pace.breathe()
        return {"done": len(tries)}

    assert pace.do(work, idle=0.05) == {"done": 2}
    assert pace.do(work, idle=0.0) == {"done": 3}
    with pytest.raises(TimeIsUp):
        pace._until = 0.001
        pace.breathe()


def test_who_waits_for_quiet_ends_with_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.nice", lambda _: 0)
    monkeypatch.setattr(Quiet, "_is_busy", lambda _: True)
    ended: list[int] = []
    pace = Pace()
    pace._until = float("inf")
    monkeypatch.setattr("os.getppid", lambda: 1)
    monkeypatch.setattr("os._exit", ended.append)
    pace.breathe()
    assert ended == [1]
