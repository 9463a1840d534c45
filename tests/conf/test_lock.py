"""One site, one supervisor: the second is told who the first is; a dead one leaves no lock."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conf.lock import AlreadyRunning, only_one

HOLD = """
import sys, time
from pathlib import Path
from conf.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_is_told_of_the_first_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    file = tmp_path / "x" / "site.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None and first.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match=rf"up already \(pid {first.pid}"), only_one(file):
            pass
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    with only_one(file):
        assert file.read_text() == str(os.getpid())
    with only_one(file):
        pass
