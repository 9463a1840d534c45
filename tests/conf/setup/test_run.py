"""Programs that set-up runs: heard line by line, logged, and their failure told in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conf.setup.run import Runner
from conf.setup.trouble import SetupTrouble


def test_what_a_program_prints_is_returned_logged_and_heard(
    programs: Callable[..., Path], runner: Runner
) -> None:
    programs("speak", "echo one; echo two >&2")
    heard: list[str] = []
    assert runner(["speak"], each_line=heard.append) == "one\ntwo\n"
    assert heard == ["one\n", "two\n"]
    assert runner.log.read_text() == "$ speak\none\ntwo\n"


def test_a_failing_program_is_trouble(programs: Callable[..., Path], runner: Runner) -> None:
    programs("fail", "echo 'Connection refused'; exit 3")
    assert runner.try_(["fail"]) == (3, "Connection refused\n")
    with pytest.raises(SetupTrouble, match=r"The step: the registry cannot be reached"):
        runner(["fail"])


def test_an_absent_program_is_trouble(runner: Runner) -> None:
    with pytest.raises(SetupTrouble, match="no-such-program is not installed"):
        runner(["no-such-program"])
