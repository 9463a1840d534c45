"""Children start, get ready, and are ended by pid; what goes wrong is one line that names the log."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conf.children import Child, ChildFailed, listens
from conf.ports import free_port


def test_a_child_is_ready_when_it_says_so_and_gone_after_stop(tmp_path: Path) -> None:
    port = free_port()
    listen = f"s=socket.socket(); s.bind(('127.0.0.1',{port})); s.listen()"
    program = f"import socket,time; {listen}; time.sleep(60)"
    child = Child("door", [sys.executable, "-c", program], tmp_path / "log", ready=lambda: listens(port))
    child.start().wait_ready(10)
    assert child.pid and listens(port)
    child.stop()
    assert not child.pid and not listens(port)
    assert child.exit_code == -signal.SIGTERM


def test_one_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "print('no such codec'); raise SystemExit(3)"]
    child = Child("tuner", program, tmp_path / "log", ready=lambda: False).start()
    with pytest.raises(ChildFailed, match=r"tuner ended at once: no such codec \(log: .*log\)"):
        child.wait_ready(10)


def test_one_that_never_gets_ready_is_told_after_the_wait(tmp_path: Path) -> None:
    child = Child("sloth", ["sleep", "60"], tmp_path / "log", ready=lambda: False).start()
    try:
        with pytest.raises(ChildFailed, match="sloth is not ready"):
            child.wait_ready(0.2)
    finally:
        child.kill()


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="ghost: .* cannot be started"):
        Child("ghost", [tmp_path / "ghost"], tmp_path / "log").start()


def test_one_that_will_not_end_is_killed(tmp_path: Path) -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    program = f"import signal,time; {deaf}; print('deaf', flush=True); time.sleep(60)"
    log = tmp_path / "log"
    child = Child("deaf", [sys.executable, "-c", program], log, ready=lambda: "deaf" in log.read_text())
    child.start().wait_ready(10)
    child.stop(0.2)
    assert child.exit_code == -signal.SIGKILL


def test_a_child_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    parent = (
        "import time; from pathlib import Path; from conf.children import Child\n"
        f"print(Child('x', ['sleep', '60'], Path({str(tmp_path / 'log')!r})).start().pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
        process.wait()
    end = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
