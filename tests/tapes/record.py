"""Records the tapes of whole scenarios, and writes down what comes of them: ``python -m tests.tapes.record [NAME …]``.

Each scenario is a file of journeys on the real PBX. Its sites' tapes go into ``NAME[-N].tar.xz`` (N counts the sites of
a file that has several), what must come of them into ``.json`` (figures, to be read) and ``.rows.xz`` (floor and rows,
to be compared). ``--judge`` records nothing and writes down anew what comes of the tapes there are: look at the
difference before you keep it.
"""

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.cti.tapes import TAPES, judge, names
from tests.tapes.keep import WHERE

SCENARIOS = {
    "waits": "test_waits", "callbacks": "test_callbacks", "talk": "test_talk", "watch": "test_watch_calls",
    "nodes": "test_nodes", "routing": "test_named_routing", "recorded": "test_named_talk",
    "restarts": "test_named_restarts", "again": "test_named_callback",
    "cut": "test_named_cut", "wire": "test_named_wire", "lost": "test_seat_lost", "rooms": "test_rooms",
    "recovered": "test_recover_calls", "rating": "test_rating_calls", "seat": "test_seat_calls",
    "visits": "test_visit_calls", "groups": "test_group_calls", "api": "test_api",
    "dictation": "test_dictation", "line": "test_calls",
}  # fmt: skip
JOURNEYS = Path(__file__).parents[1] / "journeys"


def record(name: str) -> None:
    """Carry a scenario out and keep its tapes. Raises subprocess.CalledProcessError when a test fails."""
    with tempfile.TemporaryDirectory(prefix="gridline-tapes-") as folder:
        kept, base = Path(folder) / "kept", Path(folder) / "tmp"
        kept.mkdir()
        test = JOURNEYS / f"{SCENARIOS[name]}.py"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={base}", test],
            check=True,
            env={**os.environ, WHERE: str(kept)},
        )
        for old in (*TAPES.glob(f"{name}.*"), *TAPES.glob(f"{name}-*")):
            old.unlink()
        sites = sorted(kept.iterdir())
        for number, site in enumerate(sites, 1):
            store(site, TAPES / (f"{name}.tar.xz" if len(sites) == 1 else f"{name}-{number}.tar.xz"))


def store(site: Path, file: Path) -> None:
    """Put a site's tapes into an archive that says nothing of who made it."""
    with tarfile.open(file, "w:xz", preset=9) as archive:
        for tape in sorted(site.iterdir()):
            about = tarfile.TarInfo(tape.name)
            about.size = tape.stat().st_size
            with tape.open("rb") as content:
                archive.addfile(about, content)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.tapes.record", description="Record tapes of scenarios."
    )
    parser.add_argument(
        "--judge", action="store_true", help="record nothing, write down anew what comes of them"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    args = parser.parse_args()
    for name in args.names or SCENARIOS:
        if not args.judge:
            record(name)
        for one in (one for one in names() if one.partition("-")[0] == name):
            with tempfile.TemporaryDirectory(prefix="gridline-tapes-") as folder:
                judge(one, Path(folder))
            print(f"{one}: {(TAPES / f'{one}.tar.xz').stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
