"""sipp, the load generator: scenarios of our own, filled in and run as children, counted by what they wrote."""

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from conf.children import Child
from conf.settings import Settings
from conf.tools import Tools

HEADLINE = re.compile(r"The following events occurred:\s*$")
SCENARIOS = Path(__file__).parent / "sipp"
COUNTED = {
    "started": "OutgoingCall(C)",
    "answered_in": "IncomingCall(C)",
    "good": "SuccessfulCall(C)",
    "failed": "FailedCall(C)",
    "retransmitted": "Retransmissions(C)",
    "up": "CurrentCall",
}


@dataclass(frozen=True, slots=True)
class Count:
    """What a generator has counted so far: calls that went through their whole scenario, and those that did not."""

    started: int = 0
    answered_in: int = 0
    good: int = 0
    failed: int = 0
    retransmitted: int = 0
    up: int = 0


class Sipp:
    """One run of a scenario. `values` fill its ``@names@``; `words` are sipp's own options."""

    def __init__(self, scenario: str, folder: Path, *words: str, port: int, **values: object) -> None:
        program = Tools(Settings().tools).sipp()
        folder.mkdir(parents=True, exist_ok=True)
        text = (SCENARIOS / f"{scenario}.xml").read_text("utf-8")
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        file = folder / f"{scenario}.xml"
        file.write_text(text, "utf-8")
        self._counts = folder / "counts.csv"
        self._counts.unlink(missing_ok=True)
        self.errors = folder / "errors.log"
        self.errors.unlink(missing_ok=True)
        self.child = Child(
            f"sipp {scenario}",
            [
                program, *words, "-sf", file, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(port), "-t", "u1",
                "-buff_size", "4194304", "-nostdin", "-trace_stat", "-stf", self._counts, "-fd", "1",
                "-trace_err", "-error_file", self.errors, "-deadcall_wait", "0",
            ],
            folder / "sipp.out",
            cwd=folder,
        )  # fmt: skip

    def start(self) -> "Sipp":
        """Begin. Raises ChildFailed."""
        self.child.start()
        return self

    def wait(self, seconds: float) -> Count:
        """Wait until every call is over, at most so long (then it is ended); the final count."""
        end = time.monotonic() + seconds
        while self.child.pid and time.monotonic() < end:
            time.sleep(0.05)
        self.stop()
        return self.count()

    def stop(self) -> None:
        """End it now; calls that are up are left behind."""
        self.child.stop(3)

    def count(self) -> Count:
        """What it wrote last; it writes every second and at its end."""
        with suppress(OSError, ValueError, IndexError):
            head, *lines = self._counts.read_text("utf-8").splitlines()
            row = dict(zip(head.split(";"), lines[-1].split(";"), strict=False))
            return Count(**{name: int(row[key]) for name, key in COUNTED.items()})
        return Count()

    def said(self) -> str:
        """The first thing that went wrong, in one line."""
        with suppress(OSError):
            lines = self.errors.read_text("utf-8", "replace").splitlines()
            return next(
                (line.strip()[:200] for line in lines if line.strip() and not HEADLINE.search(line)), ""
            )
        return ""
