"""Asks the machine's own apt: where Debian is, and which packages an Asterisk needs."""

import re
from collections.abc import Mapping
from pathlib import Path

from conf.setup.closure import Package
from conf.setup.run import Runner
from conf.setup.trouble import SetupTrouble

SUITE = "forky"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
WANTED = ("asterisk", "asterisk-mp3", "asterisk-core-sounds-en-wav", "asterisk-moh-opsound-wav")
# Needed by maintainer scripts and helper programs alone; the bundle runs none of them.
LEFT_OUT = re.compile(
    r"adduser|passwd|login\.defs|base-passwd|debconf|perl.*|libperl.*|gnupg.*|gpg.*|dirmngr|pinentry.*|libpam.*|"
    r"libsem.*|libaudit.*|readline-common|tzdata|pci\.ids|libc-gconv.*|gcc-.*-base|libdebconf.*"
)
URI = re.compile(
    r"^'(?P<uri>[^']+)' (?P<file>\S+) (?P<size>\d+) SHA256:(?P<sha256>[0-9a-f]{64})$", re.MULTILINE
)
SITE = re.compile(r"^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)|^URIs:\s*(\S+)", re.MULTILINE)
CHECK_VALID = re.compile(r'^Acquire::Check-Valid-Until "?(true|false)"?;', re.MULTILINE)
NO_SITE = SetupTrouble(
    "apt's sources name no Debian mirror to take Asterisk from",
    "install Asterisk 20 or newer yourself, or name a mirror with GRIDLINE_DEBIAN_MIRROR=http://…/debian",
)


def find(runner: Runner, env: Mapping[str, str], sources: Path = Path("/etc/apt")) -> str:
    """The address of a Debian mirror: the one the machine uses already. Raises SetupTrouble."""
    if named := env.get("GRIDLINE_DEBIAN_MIRROR"):
        return named.rstrip("/")
    code, told = runner.try_(["apt-get", "indextargets", "--format", "$(LABEL) $(SITE)"])
    sites = [line.partition(" ")[2] for line in told.splitlines() if line.startswith("Debian ")]
    if code == 0 and sites:
        return sites[0].rstrip("/")
    # The lists were never fetched: read what apt would fetch.
    files = [sources / "sources.list", *sorted(sources.glob("sources.list.d/*"))]
    for file in files:
        if file.suffix in (".list", ".sources"):
            for one_line, deb822 in SITE.findall(
                file.read_text("utf-8", "replace") if file.is_file() else ""
            ):
                site = (one_line or deb822).rstrip("/")
                if site.endswith("/debian"):
                    return str(site)
    raise NO_SITE


def resolve(runner: Runner, mirror: str, arch: str, scratch: Path) -> list[Package]:
    """What today's Asterisk in Debian is made of, checked against Debian's keys. Raises SetupTrouble.

    A private apt state under `scratch` does it; the system's own is not touched.
    """
    if not KEYRING.is_file():
        raise SetupTrouble(f"{KEYRING} is missing", "install debian-archive-keyring, then again")
    config = _private_apt(runner, mirror, arch, scratch)
    env = {"APT_CONFIG": str(config)}
    runner(["apt-get", "update", "-q"], env=env)
    install = ["apt-get", "install", "-y", "--no-install-recommends", "--print-uris", *WANTED]
    told = runner(install, env=env)
    packages = []
    for found in URI.finditer(told):
        path = found["uri"].removeprefix(mirror).lstrip("/")
        package = Package(found["sha256"], int(found["size"]), path)
        if not LEFT_OUT.fullmatch(package.name):
            packages.append(package)
    if not any(package.name == "asterisk" for package in packages):
        raise SetupTrouble(
            f"Debian {SUITE} offers no Asterisk for {arch}", "install Asterisk 20 or newer yourself"
        )
    return packages


def _private_apt(runner: Runner, mirror: str, arch: str, scratch: Path) -> Path:
    for folder in ("state/lists/partial", "cache/archives/partial", "etc/preferences.d", "etc/apt.conf.d"):
        (scratch / folder).mkdir(parents=True, exist_ok=True)
    (scratch / "state/status").write_text("", "ascii")
    source = f"deb [arch={arch} signed-by={KEYRING}] {mirror} {SUITE} main\n"
    (scratch / "etc/sources.list").write_text(source, "utf-8")
    # A machine whose mirror is a frozen snapshot says so in its own apt configuration; believe only that.
    stated = CHECK_VALID.search(runner.try_(["apt-config", "dump"])[1])
    config = scratch / "apt.conf"
    config.write_text(
        f'''Dir::State "{scratch}/state"; Dir::State::status "{scratch}/state/status";
Dir::Cache "{scratch}/cache"; Dir::Etc "{scratch}/etc";
Dir::Etc::sourcelist "{scratch}/etc/sources.list"; Dir::Etc::sourceparts "/dev/null";
APT::Architecture "{arch}"; APT::Architectures {{"{arch}";}}; APT::Install-Recommends "false";
APT::Sandbox::User ""; Acquire::Languages "none"; Debug::NoLocking "true"; Acquire::Retries "3";
Acquire::ForceHash "SHA256"; Acquire::Check-Valid-Until "{stated[1] if stated else "true"}";
''',
        "utf-8",
    )
    return config
