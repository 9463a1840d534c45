"""Sealed texts open with their key, for what they are about, and not otherwise."""

import stat
import threading
from pathlib import Path

import pytest

from schema.sealing import BadSeal, Sealer


def test_a_sealed_text_opens_and_shows_nothing(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "door.key"
    sealed = Sealer(file).seal("JBSWY3DP", "second factor of 1")
    assert "JBSWY3DP" not in sealed and Sealer(file).seal("JBSWY3DP", "second factor of 1") != sealed
    assert Sealer(file).open(sealed, "second factor of 1") == "JBSWY3DP"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and [each.name for each in file.parent.iterdir()] == [
        "door.key"
    ]


def test_moved_to_another_row_or_changed_it_does_not_open(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path / "door.key")
    sealed = sealer.seal("x", "second factor of 1")
    for text, about in ((sealed, "second factor of 2"), (sealed[:-4] + "AAA=", "second factor of 1")):
        with pytest.raises(BadSeal, match="no key of"):
            sealer.open(text, about)


def test_a_new_key_on_top_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    sealed = Sealer(old).seal("x", "a")
    Sealer(new).seal("y", "a")
    both = tmp_path / "both"
    both.write_text(new.read_text() + old.read_text())
    assert Sealer(both).open(sealed, "a") == "x"
    fresh = Sealer(both).seal("z", "a")
    assert Sealer(new).open(fresh, "a") == "z"
    with pytest.raises(BadSeal):
        Sealer(old).open(fresh, "a")


def test_a_lost_or_spoilt_key_file_is_said_plainly(tmp_path: Path) -> None:
    file = tmp_path / "door.key"
    sealed = Sealer(file).seal("x", "a")
    for content, said in (("c2hvcnQ=\n", "is no key"), ("", "has no key"), ("***", "is no key")):
        file.write_text(content)
        with pytest.raises(BadSeal, match=said):
            Sealer(file).open(sealed, "a")
    file.unlink()
    with pytest.raises(BadSeal, match="is not there"):
        Sealer(file).open(sealed, "a")
    assert not file.exists(), "looking makes no key"


def test_processes_that_seal_first_at_once_agree_on_one_key(tmp_path: Path) -> None:
    file, go = tmp_path / "door.key", threading.Barrier(8)
    sealed: list[str] = []

    def seal() -> None:
        go.wait()
        sealed.append(Sealer(file).seal("x", "a"))

    threads = [threading.Thread(target=seal) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [Sealer(file).open(text, "a") for text in sealed] == ["x"] * 8
