"""`gridline doctor`: looks at everything a site needs and says, line by line, what is missing and how to mend it."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Literal, TextIO

from conf.settings import Settings

State = Literal["ok", "warn", "bad"]
SIGN = {"ok": "ok  ", "warn": "warn", "bad": "BAD "}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `mend` is one line for a person, empty when there is nothing to mend."""

    check: str
    state: State
    text: str
    mend: str = ""


Check = Callable[[Settings], Iterable[Finding]]


def run(
    settings: Settings,
    *,
    as_json: bool = False,
    checks: Iterable[Check] | None = None,
    out: TextIO | None = None,
) -> int:
    """Print what every check found; 1 when anything is bad, else 0."""
    out = out or sys.stdout
    findings = list(examine(settings, default_checks() if checks is None else checks))
    if as_json:
        out.write(json.dumps({"findings": [asdict(f) for f in findings]}, ensure_ascii=False) + "\n")
    else:
        for finding in findings:
            out.write(f"{SIGN[finding.state]}  {finding.check}: {finding.text}\n")
            if finding.mend:
                out.write(f"      → {finding.mend}\n")
    return 1 if any(finding.state == "bad" for finding in findings) else 0


def examine(settings: Settings, checks: Iterable[Check]) -> Iterator[Finding]:
    """Every check's findings; a check that itself fails is a bad finding and does not stop the others."""
    for check in checks:
        name = getattr(check, "__name__", "check").replace("_", " ")
        try:
            yield from check(settings)
        except Exception as error:  # whatever is wrong with a machine, the other checks still speak
            yield Finding(
                name, "bad", f"could not be checked ({type(error).__name__}: {error})", "read the cause above"
            )


def default_checks() -> tuple[Check, ...]:
    """The checks of `gridline doctor`, in the order they are told."""
    from conf import checks_machine

    try:
        from conf import checks_services
    except ImportError as error:  # a package is missing: the machine's checks say which
        return (*checks_machine.CHECKS, partial(_not_looked_at, str(error)))
    return (*checks_machine.CHECKS, *checks_services.CHECKS)


def _not_looked_at(why: str, _settings: Settings) -> Iterator[Finding]:
    yield Finding("site", "bad", f"not looked at: {why}", "run `make setup`")
