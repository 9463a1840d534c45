"""Spoken prompts for tests: spoken once on a machine, kept below the checkout's var, copied to each site."""

import fcntl
import shutil
from collections.abc import Mapping
from pathlib import Path

from conf.settings import CHECKOUT
from ivr.prompts import make
from ivr.texts import TEXTS

KEPT = CHECKOUT / "var" / "test-prompts"


def lay_prompts(folder: Path, texts: Mapping[str, Mapping[str, str]] = TEXTS, kept: Path = KEPT) -> None:
    """Put the spoken texts into a site's folder. To speak them all takes seconds of a processor's time."""
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other workers speak into the same folder
        make(kept, texts)
        for language, name in ((language, name) for name, forms in texts.items() for language in forms):
            (folder / language).mkdir(parents=True, exist_ok=True)
            for ending in (".wav", ".hash"):
                shutil.copy(kept / language / f"{name}{ending}", folder / language)
