"""The packer: takes recordings into the vault in a process of its own, at low priority.

Encoding is seconds of work for an hour of speech; in the process that also holds the telephone room, calls would feel
it. The child reads a task a line from stdin and answers each by a line on stdout; when stdin ends, so does it.

A recording is first packed in time that nobody else wants (SCHED_IDLE), and not at all while others keep most of the
processors busy; one that has waited `recordings.patience` for that is packed at low priority. See sched(7): the child
has a session of its own because processes of one session share an autogroup, and priorities count within it only.
"""

import base64
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from conf.keeping import Keeping
from conf.settings import Settings
from recordings.quiet import Quiet
from recordings.vault import NothingToTake, Vault
from recordings.wav import NotAudio
from schema.desk.recordings import SideFile
from schema.sealing import BadSeal

NICE, IDLE = 10, 19
BYTES_PER_SECOND = 100_000
"""Six times real time of one side, with a machine as busy as can be: slower is dead."""
AT_LEAST = 60.0
TROUBLES = {kind.__name__: kind for kind in (NothingToTake, NotAudio, BadSeal)}


class Packer:
    """A vault's `take`, done by a child; it is started at the first recording, and again if it died."""

    def __init__(self, settings: Settings) -> None:
        self._task = json.dumps(
            {"var": str(settings.var), "recordings": asdict(settings.recordings)}, ensure_ascii=True
        )
        self._patience = settings.recordings.patience
        self._child: subprocess.Popen[bytes] | None = None
        self._one = threading.Lock()
        self._stopped = False

    def take(self, recording: UUID, sources: Mapping[str, Path]) -> tuple[float, list[SideFile]]:
        """As `recordings.vault.Vault.take`; a child that died or hangs is an OSError."""
        left = self._patience - (
            time.time() - max((_closed_at(file) for file in sources.values()), default=0.0)
        )
        task = {
            "recording": str(recording),
            "sources": {side: str(file) for side, file in sources.items()},
            "idle": max(left, 0.0),
        }
        # Who works when nobody else does may be slow; who is given up is asked again, then with a priority.
        patience = max(left, 0.0) + max(AT_LEAST, sum(map(_bytes, sources.values())) / BYTES_PER_SECOND)
        with self._one:
            answer = self._ask(json.dumps(task), patience)
        if trouble := answer.get("trouble"):
            raise TROUBLES.get(trouble, OSError)(answer["text"])
        return float(answer["seconds"]), [
            SideFile(**{**file, "peaks": base64.b64decode(file["peaks"])}) for file in answer["files"]
        ]

    def warm(self) -> None:
        """Have the child up before there is something to take."""
        if self._one.acquire(blocking=False):  # else it is at work
            try:
                with suppress(OSError):  # `take` will say so
                    self._running()
            finally:
                self._one.release()

    @property
    def pid(self) -> int:
        """The child's process id; 0 while there is none."""
        return self._child.pid if self._child is not None else 0

    def stop(self) -> None:
        """End the child at once; what it has in hand is begun again at the next start."""
        self._stopped = True
        if (child := self._child) is not None:
            child.terminate()
        with self._one:
            self._end()

    def _ask(self, task: str, patience: float) -> dict[str, Any]:
        child = self._running()
        assert child.stdin is not None and child.stdout is not None
        try:
            child.stdin.write(task.encode() + b"\n")
            child.stdin.flush()
            ready, _, _ = select.select([child.stdout], [], [], patience)
            line = child.stdout.readline() if ready else b""
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            self._end()
            raise OSError(
                "the packer died" if child.returncode != -9 else f"the packer took over {patience:.0f} s"
            )
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._stopped:
            raise OSError("the packer is stopped")
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "recordings.packer"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
            assert self._child.stdin is not None
            self._child.stdin.write(self._task.encode() + b"\n")
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        try:
            child.communicate(timeout=1 if child.poll() is None else None)
        except (subprocess.TimeoutExpired, OSError):
            child.kill()
            child.communicate()


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _closed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


class Pace:
    """How this process is scheduled: in idle time on a thread that is for ever idle, else at low priority."""

    def __init__(self) -> None:
        os.nice(NICE)
        self._idle = ThreadPoolExecutor(1, initializer=_be_idle)
        self._quiet, self._until = Quiet(), 0.0
        self._asker = os.getppid()

    def do(self, work: Callable[[], dict[str, Any]], *, idle: float) -> dict[str, Any]:
        """What the work answers: for `idle` seconds only while nobody else wants a processor, then without waiting."""
        self._until = time.monotonic() + idle
        if idle:
            _group_nice(IDLE)
            with suppress(TimeIsUp):
                return self._idle.submit(work).result()
        self._until = 0.0
        _group_nice(NICE)
        return work()

    def breathe(self) -> None:
        """Wait for quiet while there is time; end when who asked is gone. Raises TimeIsUp once there is none."""
        if self._until:
            self._quiet.wait(self._until, unless=self._is_orphan)
            if self._is_orphan():
                os._exit(1)
            if time.monotonic() >= self._until:
                raise TimeIsUp

    def _is_orphan(self) -> bool:
        return os.getppid() != self._asker


class TimeIsUp(Exception):
    """There was no quiet for long enough: begin anew without waiting for it."""


def _group_nice(nice: int) -> None:
    with suppress(OSError):  # a kernel without autogroups
        Path("/proc/self/autogroup").write_text(str(nice), "ascii")


def _be_idle() -> None:
    # Of this thread; without a privilege there is no way back.
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def main() -> None:
    """Take what is asked for, until there is nobody left who asks."""
    pace = Pace()
    told = json.loads(sys.stdin.buffer.readline())
    vault = Vault.of(replace(Settings(var=Path(told["var"])), recordings=Keeping(**told["recordings"])))
    vault.between = pace.breathe
    for line in sys.stdin.buffer:
        task = json.loads(line)
        answer = pace.do(partial(answer_to, vault, task), idle=task["idle"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def answer_to(vault: Vault, task: Mapping[str, Any]) -> dict[str, Any]:
    """What came of one task, or the trouble there was."""
    try:
        sources = {side: Path(file) for side, file in task["sources"].items()}
        seconds, files = vault.take(UUID(task["recording"]), sources)
    except (NothingToTake, NotAudio, BadSeal, OSError) as error:
        return {"trouble": type(error).__name__, "text": str(error)}
    shown = [{**asdict(file), "peaks": base64.b64encode(file.peaks).decode()} for file in files]
    return {"seconds": seconds, "files": shown}


if __name__ == "__main__":
    main()
