"""The spool: where the PBX writes recordings. Three files a leg, and a ``.done`` once the PBX has closed them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from schema.recordings import SIDES

# On the seat's channel, what is received is what the seat says and what is sent is what the citizen says.
ENDINGS = {"mix": ".wav", "seat": ".rx.wav", "citizen": ".tx.wav"}
# In a return visit the recorded channel is the citizen's own.
VISIT_ENDINGS = {"mix": ".wav", "citizen": ".rx.wav", "seat": ".tx.wav"}


class Spool:
    """The spool in `folder`. Names must have passed `recordings.names.read_name`, or come from `names`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_done(self, name: str) -> bool:
        """Whether the PBX has closed the files of `name`."""
        return (self._folder / f"{name}.done").exists()

    def names(self) -> list[str]:
        """The names of what lies here, whole or not."""
        return sorted({_name_of(file) for file in self._list(".wav")})

    def sides(self, name: str, *, visit: bool) -> dict[str, Path]:
        """The file of each side, whether it is there or not."""
        endings = VISIT_ENDINGS if visit else ENDINGS
        return {side: self._folder / f"{name}{endings[side]}" for side in SIDES}

    def last_change(self, name: str) -> float:
        """When a file of `name` last grew (Unix seconds); 0 when there is none."""
        return max((file.stat().st_mtime for file in self._files(name)), default=0.0)

    def is_open(self, name: str) -> bool:
        """Whether a process has a file of `name` open: a call in which nobody speaks is still being recorded."""
        wanted = {os.path.realpath(file) for file in self._files(name)}
        return bool(wanted) and any(file in wanted for file in _open_files())

    def forget(self, name: str) -> None:
        """Delete the files of `name`; the ``.done`` goes last, so that what a crash leaves is still known as whole."""
        for file in sorted(self._files(name), key=lambda file: file.suffix == ".done"):
            file.unlink(missing_ok=True)

    def forget_lone_marks(self, before: float) -> None:
        """Delete each ``.done`` without sound that is older than `before` (Unix seconds)."""
        sounding = set(self.names())
        for mark in self._list(".done"):
            if mark.removesuffix(".done") in sounding:
                continue
            with suppress(FileNotFoundError):  # its recording was taken meanwhile
                if (self._folder / mark).stat().st_mtime < before:
                    (self._folder / mark).unlink()

    def set_aside(self, name: str) -> Path | None:
        """Move the files of `name` into the folder ``unowned`` beside the spool, where an operator finds them.

        Returns that folder, None when there was nothing to move.
        """
        files = list(self._files(name))
        if not files:
            return None
        aside = self._folder.parent / "unowned"
        aside.mkdir(exist_ok=True, mode=0o700)
        for file in files:
            shutil.move(file, aside / file.name)
        return aside

    def _list(self, ending: str) -> Iterator[str]:
        """Files by name alone: where the vault cannot keep up there are tens of thousands."""
        try:
            with os.scandir(self._folder) as files:
                for file in files:
                    if file.name.endswith(ending):
                        yield file.name
        except FileNotFoundError:
            return

    def _files(self, name: str) -> Iterator[Path]:
        for ending in (*ENDINGS.values(), ".done"):
            if (file := self._folder / f"{name}{ending}").exists():
                yield file


def _name_of(file: str) -> str:
    for ending in (".rx.wav", ".tx.wav", ".wav"):
        if file.endswith(ending):
            return file.removesuffix(ending)
    return file


def _open_files() -> Iterator[str]:
    """Every file that a process of this machine has open, as far as we may know (proc(5), fd)."""
    for process in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):  # gone meanwhile, or another user's
            for descriptor in os.listdir(f"/proc/{process}/fd"):
                with suppress(OSError):
                    yield os.readlink(f"/proc/{process}/fd/{descriptor}")
