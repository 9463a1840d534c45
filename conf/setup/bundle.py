"""An Asterisk under var/tools that leaves the system alone: Debian's packages, run by their own loader.

It needs no root. A lock says which packages, by hash; the files are kept in the user's cache.
"""

import os
import platform
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conf.setup import closure, debs, mirror
from conf.setup.closure import Package
from conf.setup.place import Place, mark
from conf.setup.run import Runner
from conf.setup.show import Step
from conf.setup.trouble import SetupTrouble, disk_full
from conf.tools import MissingTool, Tools

STEP = "asterisk"
ROOM = 420_000_000  # bytes: what is fetched plus what is unpacked
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
WRAPPER = """\
#!/bin/sh
# Runs the bundled Asterisk with the bundle's own loader and libraries; its children keep the system's.
R="$(dirname "$(readlink -f "$0")")/root"
for d in "$R"/usr/lib/*-linux-gnu "$R"/lib/*-linux-gnu "$R/usr/lib" "$R/lib"; do
  [ -d "$d" ] && L="${L:+$L:}$d"
done
for x in "$R"/usr/lib/*-linux-gnu/ld-linux-*.so.* "$R"/lib/*-linux-gnu/ld-linux-*.so.*; do
  [ -f "$x" ] && [ ! -L "$x" ] && LD=$x && break
done
# --argv0 is this wrapper, so that "core restart" comes back through it.
exec "$LD" --library-path "$L" --argv0 "$R/../asterisk" "$R/usr/sbin/asterisk" "$@"
"""


def ensure(place: Place, step: Step, runner: Runner, tools: Tools, env: Mapping[str, str]) -> bool:
    """See to it that there is an Asterisk; whether there was anything to do. Raises SetupTrouble."""
    lock = lock_of(place)
    now = mark([lock] if lock.is_file() else [], WRAPPER)
    home = place.var / "tools" / "asterisk"
    if env.get("GRIDLINE_ASTERISK") is None and place.is_current(STEP, now, home / "asterisk"):
        return False
    try:
        if not tools.asterisk().bundled:
            return False
    except MissingTool as error:
        if env.get("GRIDLINE_ASTERISK"):
            raise SetupTrouble(str(error), "") from error
    if shutil.disk_usage(place.var).free < ROOM:
        raise disk_full(f"Asterisk needs {ROOM // 1_000_000} MB under {place.var}")
    site = mirror.find(runner, env)
    cache = place.cache / "debs"
    try:
        packages = closure.read(lock) if lock.is_file() else resolved(place, step, runner, site)
        debs.fetch(packages, site, cache, step, runner)
    except debs.Gone:
        step.say("the mirror no longer has what the lock names; resolving again …")
        packages = resolved(place, step, runner, site)
        step.say("resolved; `bin/asterisk-bundle --relock` would make this the lock of the checkout")
        debs.fetch(packages, site, cache, step, runner)
    version = next(p.version for p in packages if p.name == "asterisk")
    assemble(packages, cache, home, version, step)
    place.keep(STEP, now)
    step.done(f"{version} in {home.relative_to(place.var.parent)}")
    return True


def lock_of(place: Place) -> Path:
    """The lock for this machine's architecture; it need not exist."""
    return place.root / "conf" / "setup" / f"asterisk.{architecture()}.lock"


def relock(place: Place, step: Step, runner: Runner, env: Mapping[str, str]) -> Path:
    """Resolve today's packages and make them the lock of the checkout."""
    closure.write(lock_of(place), resolved(place, step, runner, mirror.find(runner, env)))
    return lock_of(place)


def resolved(place: Place, step: Step, runner: Runner, site: str) -> list[Package]:
    """What today's Asterisk in Debian is made of."""
    step.say("asking Debian which packages it needs …")
    scratch = place.state / f"apt.{os.getpid()}"
    try:
        return mirror.resolve(runner, site, architecture(), scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def assemble(packages: list[Package], cache: Path, home: Path, version: str, step: Step) -> None:
    """Unpack into a new folder, then put it in the old one's place."""
    fresh = home.with_name(home.name + ".new")
    root = fresh / "root"
    shutil.rmtree(fresh, ignore_errors=True)
    root.mkdir(parents=True)
    step.say(f"unpacking {version} …")
    with ThreadPoolExecutor(max_workers=2) as pool:
        jobs = [pool.submit(debs.unpack, cache / package.file, root) for package in packages]
        try:
            for done, job in enumerate(jobs, start=1):
                job.result()
                step.progress("unpacking", done, len(packages), "packages")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    sounds = root / "usr/share/asterisk/sounds"
    if not (
        sounds / "en"
    ).exists():  # Debian's postinst makes this link; without it transfers silently do nothing
        (sounds / "en").symlink_to("en_US_f_Allison")
    (fresh / "asterisk").write_text(WRAPPER, "ascii")
    (fresh / "asterisk").chmod(0o755)
    (fresh / "version").write_text(version + "\n", "ascii")
    shutil.rmtree(home, ignore_errors=True)
    fresh.rename(home)


def architecture() -> str:
    """This machine's, in Debian's words."""
    return ARCHITECTURES.get(platform.machine(), platform.machine())
