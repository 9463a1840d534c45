"""Which Debian mirror the machine uses, and which packages it offers for an Asterisk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conf.setup import mirror
from conf.setup.run import Runner
from conf.setup.trouble import SetupTrouble

POOL = "http://site.test/debian/pool/main"
TOLD = f"""Reading package lists...
'{POOL}/a/asterisk/asterisk_22.10.1-1_amd64.deb' asterisk_1%3a22.10.1-1_amd64.deb 5 SHA256:{"a" * 64}
'{POOL}/p/perl/perl-base_5_amd64.deb' perl-base_5_amd64.deb 6 SHA256:{"b" * 64}
'{POOL}/g/glibc/libc6_2_amd64.deb' libc6_2_amd64.deb 7 SHA256:{"c" * 64}
"""


def test_a_named_mirror_wins(runner: Runner) -> None:
    assert (
        mirror.find(runner, {"GRIDLINE_DEBIAN_MIRROR": "http://site.test/debian/"})
        == "http://site.test/debian"
    )


def test_apt_is_asked_and_other_vendors_and_the_security_site_are_passed_over(
    programs: Callable[..., Path], runner: Runner
) -> None:
    programs(
        "apt-get",
        "printf 'Node http://n.test/x\\nDebian-Security http://s.test/sec\\nDebian http://site.test/debian/\\n'",
    )
    assert mirror.find(runner, {}) == "http://site.test/debian"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "sources.list",
            "# x\ndeb http://v.test/apt stable main\ndeb [arch=amd64] http://site.test/debian bookworm main\n",
        ),
        ("sources.list.d/debian.sources", "Types: deb\nURIs: http://site.test/debian/\nSuites: bookworm\n"),
    ],
)
def test_before_the_first_update_the_sources_are_read(
    programs: Callable[..., Path], runner: Runner, tmp_path: Path, name: str, text: str
) -> None:
    programs("apt-get", "exit 0")
    (tmp_path / "apt" / name).parent.mkdir(parents=True)
    (tmp_path / "apt" / name).write_text(text)
    assert mirror.find(runner, {}, tmp_path / "apt") == "http://site.test/debian"


def test_a_machine_without_a_debian_mirror_is_told_both_ways_out(
    programs: Callable[..., Path], runner: Runner, tmp_path: Path
) -> None:
    programs("apt-get", "exit 0")
    with pytest.raises(SetupTrouble, match="GRIDLINE_DEBIAN_MIRROR"):
        mirror.find(runner, {}, tmp_path)


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keyring").write_text("keys")
    monkeypatch.setattr(mirror, "KEYRING", tmp_path / "keyring")


@pytest.mark.usefixtures("keyring")
def test_resolving_keeps_hash_size_and_pool_path_and_leaves_helpers_out(
    programs: Callable[..., Path], runner: Runner, tmp_path: Path
) -> None:
    (tmp_path / "told").write_text(TOLD)
    programs("apt-config")
    programs("apt-get", f'[ "$1" = update ] || cat {tmp_path}/told')
    packages = mirror.resolve(runner, "http://site.test/debian", "amd64", tmp_path / "scratch")
    assert [(p.name, p.size, p.path) for p in packages] == [
        ("asterisk", 5, "pool/main/a/asterisk/asterisk_22.10.1-1_amd64.deb"),
        ("libc6", 7, "pool/main/g/glibc/libc6_2_amd64.deb"),
    ]


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize(
    ("stated", "valid"), [("", "true"), ('Acquire::Check-Valid-Until "false";', "false")]
)
def test_an_expired_mirror_is_trusted_only_where_the_machine_itself_says_so(
    programs: Callable[..., Path], runner: Runner, tmp_path: Path, stated: str, valid: str
) -> None:
    (tmp_path / "told").write_text(TOLD)
    programs("apt-config", f"echo '{stated}'")
    programs("apt-get", f'[ "$1" = update ] || cat {tmp_path}/told')
    mirror.resolve(runner, "http://site.test/debian", "amd64", tmp_path / "scratch")
    assert f'Acquire::Check-Valid-Until "{valid}"' in (tmp_path / "scratch" / "apt.conf").read_text()
    assert f"signed-by={tmp_path / 'keyring'}" in (tmp_path / "scratch" / "etc" / "sources.list").read_text()


@pytest.mark.usefixtures("keyring")
def test_a_mirror_without_asterisk_is_trouble(
    programs: Callable[..., Path], runner: Runner, tmp_path: Path
) -> None:
    programs("apt-config")
    programs("apt-get")
    with pytest.raises(SetupTrouble, match="offers no Asterisk for riscv64"):
        mirror.resolve(runner, "http://site.test/debian", "riscv64", tmp_path / "scratch")


def test_without_debians_keys_nothing_is_resolved(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "KEYRING", tmp_path / "absent")
    with pytest.raises(SetupTrouble, match="debian-archive-keyring"):
        mirror.resolve(runner, "http://site.test/debian", "amd64", tmp_path / "scratch")
