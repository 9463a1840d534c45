"""Debian package files: fetched into the user's cache by apt's own downloader, checked by hash, unpacked."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from conf.setup.closure import Package
from conf.setup.run import Runner
from conf.setup.show import Step
from conf.setup.trouble import DISK_FULL, NOT_FOUND, SetupTrouble, disk_full, from_output

APT_HELPER = "/usr/lib/apt/apt-helper"  # knows the machine's proxies and credentials, as apt-get does
AT_ONCE = 24  # packages asked of apt-helper in one go
NOT_UNPACKED = ("doc", "man", "locale", "info", "lintian")


class Gone(Exception):
    """The mirror no longer has a package of the lock."""


def fetch(packages: list[Package], site: str, cache: Path, step: Step, runner: Runner) -> None:
    """Have every package in the cache. Raises SetupTrouble, Gone."""
    partial = cache / f"partial.{os.getpid()}"
    partial.mkdir(parents=True, exist_ok=True)
    wanted = [p for p in packages if not is_good(cache / p.file, p)]
    bytes_all, bytes_done = sum(p.size for p in wanted), 0
    if wanted:
        step.say(f"fetching {len(wanted)} packages, {bytes_all / 1e6:.0f} MB …")
    try:
        for some in (wanted[i : i + AT_ONCE] for i in range(0, len(wanted), AT_ONCE)):
            asked = [
                w for p in some for w in (f"{site}/{p.path}", str(partial / p.file), f"SHA256:{p.sha256}")
            ]
            code, told = runner.try_([APT_HELPER, "-o", "Acquire::Retries=2", "download-file", *asked])
            if code and NOT_FOUND.search(told):
                raise Gone
            if code:
                raise from_output(runner.doing, runner.registry, told, runner.log)
            for package in some:
                if not is_good(partial / package.file, package):
                    raise SetupTrouble(
                        f"{package.file} is not what the lock says", "run bin/asterisk-bundle --relock"
                    )
                (partial / package.file).replace(cache / package.file)
            bytes_done += sum(p.size for p in some)
            step.progress("fetching", bytes_done // 1_000_000, bytes_all // 1_000_000, "MB")
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def is_good(file: Path, package: Package) -> bool:
    """Whether the file is there, whole, and the one that the lock means."""
    if not file.is_file() or file.stat().st_size != package.size:
        return False
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest() == package.sha256


def unpack(deb: Path, root: Path) -> None:
    """Unpack one package's files below `root`, without manuals and translations. Raises SetupTrouble."""
    opened = ["dpkg-deb", "--fsys-tarfile", str(deb)]
    left_out = [f"--exclude=./usr/share/{name}/*" for name in NOT_UNPACKED]
    taken = ["tar", "-x", "-C", str(root), "--no-same-owner", *left_out]
    with subprocess.Popen(opened, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as source:
        done = subprocess.run(taken, stdin=source.stdout, capture_output=True, check=False)
        assert source.stdout is not None and source.stderr is not None  # they are pipes
        source.stdout.close()  # so that dpkg-deb ends when tar ended early
        said = (done.stderr + source.stderr.read()).decode("utf-8", "replace").strip()
    if done.returncode or source.returncode:
        if DISK_FULL.search(said):
            raise disk_full(f"unpacking {deb.name}")
        raise SetupTrouble(f"{deb.name} cannot be unpacked ({said[:200]})", "delete it, then again")
