"""`make setup`: five steps, each done only when what it is made from has changed."""

import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from conf.setup import bundle, debian, frontend, place, python_env
from conf.setup.place import Place
from conf.setup.run import Runner
from conf.setup.show import Show
from conf.setup.trouble import SetupTrouble, from_oserror
from conf.tools import MissingTool, Tools

ROOT = Path(__file__).resolve().parent.parent.parent
OLDEST_PYTHON = (3, 11)


def main(
    words: Sequence[str] = (),
    *,
    root: Path = ROOT,
    env: Mapping[str, str] = os.environ,
    out: TextIO = sys.stdout,
    err: TextIO = sys.stderr,
) -> int:
    """Set up, or with ``--relock`` renew the Asterisk lock; the exit code."""
    here = place.find(root, env)
    try:
        check_python(sys.version_info[:2])
        for folder in (here.state, here.cache):
            folder.mkdir(parents=True, exist_ok=True)
        with _alone(here, out):
            if "--relock" in words:
                step = Show(out, 1).step("Asterisk")
                lock = bundle.relock(here, step, _runner(here, "Asterisk", env), env)
                step.done(f"lock written: {lock.relative_to(root)}")
            else:
                set_up(here, Show(out, 4), env)
    except SetupTrouble as trouble:
        return _stop(err, str(trouble))
    except MissingTool as missing:
        return _stop(err, str(missing))
    except OSError as error:
        return _stop(err, str(from_oserror(f"writing {error.filename or here.var}", error)))
    except KeyboardInterrupt:
        return _stop(err, "interrupted; run it again, it goes on where it was", 130)
    return 0


def set_up(here: Place, show: Show, env: Mapping[str, str]) -> None:
    """All steps. The distribution's packages first; then Asterisk beside Python and the pages' scripts."""
    begun = time.monotonic()
    cold = not here.was_done(python_env.STEP)
    tools = Tools(here.var, env)
    steps = [show.step(title) for title in ("System packages", "Asterisk", "Python packages", "Page scripts")]
    did = [debian.ensure(steps[0], _runner(here, "System packages", env), tools)]
    asterisk, python, pages = (
        _runner(here, title, env) for title in ("Asterisk", "Python packages", "Page scripts")
    )
    with ThreadPoolExecutor(max_workers=1) as pool:
        beside = pool.submit(bundle.ensure, here, steps[1], asterisk, tools, env)
        did.append(python_env.ensure(here, steps[2], python))
        did.append(frontend.ensure(here, steps[3], pages, tools, env))
        did.append(beside.result())
    took = time.monotonic() - begun
    keep_times(here, took, cold=cold, warm=not any(did))
    show.line(f"set-up: ready ({took:.0f} s)" if any(did) else f"set-up: nothing to do ({took:.1f} s)")


def check_python(version: tuple[int, ...]) -> None:
    """Raises SetupTrouble when this Python is too old."""
    if version < OLDEST_PYTHON:
        raise SetupTrouble(
            f"this is Python {version[0]}.{version[1]}, Gridline needs 3.11 or newer",
            "install python3.11, or name one with PYTHON=/path/to/python3",
        )


def keep_times(here: Place, took: float, *, cold: bool, warm: bool) -> None:
    """Leave how long it took in var/setup/times.json, with the last cold and the last warm time."""
    file = here.state / "times.json"
    times = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    times |= {"last_s": round(took, 2), "cold": cold}
    if cold:
        times["cold_s"] = round(took, 2)
    if warm:
        times["warm_s"] = round(took, 2)
    file.write_text(json.dumps(times) + "\n", "utf-8")


def _runner(here: Place, title: str, env: Mapping[str, str]) -> Runner:
    registry = {"Python packages": "the Python package index", "Page scripts": "the npm registry"}
    log = here.state / f"{title.lower().replace(' ', '-')}.log"
    log.write_text("", "utf-8")
    return Runner(title, registry.get(title, "Debian's mirror"), log, env)


@contextmanager
def _alone(here: Place, out: TextIO) -> Iterator[None]:
    """Two set-ups of one var folder would tread on each other: the second waits."""
    with (here.state / "lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            out.write("set-up: another one is at work here; waiting for it …\n")
            out.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop(err: TextIO, line: str, code: int = 1) -> int:
    err.write(f"set-up: {line}\n")
    return code
