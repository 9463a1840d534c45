"""Runs the programs that set-up needs, keeps their log, and turns a failure into one line."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from conf.setup.trouble import SetupTrouble, from_output


class Runner:
    """Runs programs for one step. `log` gets all they print; `registry` is what they download from, in words."""

    def __init__(self, doing: str, registry: str, log: Path, env: Mapping[str, str] = os.environ) -> None:
        self.doing = doing
        self.registry = registry
        self.log = log
        self.env = env

    def __call__(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        each_line: Callable[[str], None] | None = None,
    ) -> str:
        """Run to the end and return what was printed. Raises SetupTrouble when it fails."""
        code, output = self.try_(command, cwd=cwd, env=env, each_line=each_line)
        if code:
            raise from_output(self.doing, self.registry, output, self.log)
        return output

    def try_(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        each_line: Callable[[str], None] | None = None,
    ) -> tuple[int, str]:
        """Run to the end; its exit code and what it printed."""
        words = [str(word) for word in command]
        lines: list[str] = []
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(words)}\n")
            try:
                child = subprocess.Popen(
                    words,
                    cwd=cwd,
                    env={**self.env, "LC_ALL": "C.UTF-8", **(env or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    errors="replace",
                )
            except FileNotFoundError as error:
                raise SetupTrouble(
                    f"{self.doing}: {words[0]} is not installed", "install it, then again"
                ) from error
            with child:
                assert child.stdout is not None  # it is a pipe
                for line in child.stdout:
                    log.write(line)
                    lines.append(line)
                    if each_line is not None:
                        each_line(line)
        return child.returncode, "".join(lines)
