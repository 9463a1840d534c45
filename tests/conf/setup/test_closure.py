"""The lock names packages by hash and pool path, and no host."""

from pathlib import Path

import pytest

from conf.setup.closure import BadClosure, Package, read, write

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Package("a" * 64, 123, "pool/main/a/asterisk/asterisk_22.10.1%2bdfsg%2b%7ecs6.17-1_amd64.deb")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write(tmp_path / "lock", [PACKAGE])
    assert read(tmp_path / "lock") == [PACKAGE]


def test_a_package_knows_its_name_file_and_upstream_version() -> None:
    assert PACKAGE.name == "asterisk"
    assert PACKAGE.file.endswith("_amd64.deb")
    assert PACKAGE.version == "22.10.1"
    assert Package("a" * 64, 1, "pool/main/g/g/libx_1%3a2.43-7_amd64.deb").version == "2.43"


@pytest.mark.parametrize(
    "line",
    [
        f"{'a' * 64} 12 http://host/debian/pool/main/a/a_1_amd64.deb",
        f"{'a' * 63} 12 pool/main/a/a_1_amd64.deb",
        f"{'a' * 64} -1 pool/main/a/a_1_amd64.deb",
        f"{'a' * 64} 12 pool/../../etc/a_1_amd64.deb",
        f"{'a' * 64} 12 pool/main/a/$(id)_1_amd64.deb",
        f"{'a' * 64} 12 pool/main/a/a_1_amd64.deb extra",
        "nonsense",
    ],
)
def test_a_line_of_another_shape_is_refused_by_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "lock").write_text(f"# head\n{line}\n")
    with pytest.raises(BadClosure, match=r"lock:2: "):
        read(tmp_path / "lock")


def test_the_committed_lock_is_whole_and_names_no_host() -> None:
    lock = ROOT / "conf" / "setup" / "asterisk.amd64.lock"
    packages = read(lock)
    names = [p.name for p in packages]
    assert {"asterisk", "asterisk-modules", "libc6", "asterisk-core-sounds-en-wav"} <= set(names)
    assert len(set(names)) == len(names)
    assert "://" not in lock.read_text()
