"""The vault: files enter whole, for the owner alone, at one place, however often they are taken."""

import hashlib
import os
import stat
from pathlib import Path
from uuid import UUID

import pytest

from demo.phone import write_tone
from recordings.vault import NothingToTake, Vault, place_of, sha256

RECORDING = UUID("019aba80-0000-7000-8000-000000000001")  # made on 2025-11-25 in UTC


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    found = {}
    for side, hertz in (("mix", 700), ("citizen", 440), ("seat", 1000)):
        found[side] = tmp_path / f"{side}.source"
        write_tone(found[side], hertz, seconds=1)
    return found


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def test_the_place_is_the_day_of_the_recordings_id() -> None:
    assert place_of(RECORDING) == Path("recordings/2025/11/25") / str(RECORDING)


def test_what_is_taken_is_hashed_and_for_the_owner_alone(
    vault: Vault, sources: dict[str, Path], tmp_path: Path
) -> None:
    before = os.umask(0o000)
    try:
        taken = vault.take(RECORDING, sources)
    finally:
        os.umask(before)
    assert taken.seconds == 1.0
    for side, source in sources.items():
        file = vault.path(taken.paths[side])
        assert taken.hashes[side] == sha256(file) == hashlib.sha256(source.read_bytes()).hexdigest()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    folders = [p for p in (tmp_path / "vault").rglob("*") if p.is_dir()]
    assert {stat.S_IMODE(p.stat().st_mode) for p in [tmp_path / "vault", *folders]} == {0o700}


def test_taking_again_changes_nothing_even_with_sources_gone(vault: Vault, sources: dict[str, Path]) -> None:
    first = vault.take(RECORDING, sources)
    sources["mix"].unlink()
    assert vault.take(RECORDING, sources) == first
    for source in sources.values():
        source.unlink(missing_ok=True)
    assert vault.take(RECORDING, sources) == first


def test_a_side_that_is_nowhere_is_named(vault: Vault, sources: dict[str, Path], tmp_path: Path) -> None:
    sources["seat"].unlink()
    with pytest.raises(NothingToTake, match=r"seat\.source"):
        vault.take(RECORDING, sources)
    assert not (tmp_path / "vault").exists()


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "recordings/../../x"])
def test_a_path_that_leaves_the_vault_is_refused(vault: Vault, path: str) -> None:
    with pytest.raises(ValueError, match="not in the vault"):
        vault.path(path)
