"""The spool: what lies in it, who writes to it, and what is left after it was cleared."""

import os
from pathlib import Path

import pytest

from recordings.spool import Spool


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    for ending in (".wav", ".rx.wav", ".tx.wav", ".done"):
        (tmp_path / f"a{ending}").touch()
    (tmp_path / "ab.wav").touch()
    (tmp_path / "c.rx.wav").touch()
    return Spool(tmp_path)


def test_each_leg_is_named_once_and_only_closed_ones_are_done(spool: Spool) -> None:
    assert spool.names() == ["a", "ab", "c"]
    assert [spool.is_done(name) for name in spool.names()] == [True, False, False]


def test_the_sides_of_a_visit_are_the_other_way_round(spool: Spool, tmp_path: Path) -> None:
    assert spool.sides("a", visit=False)["citizen"] == tmp_path / "a.tx.wav"
    assert spool.sides("a", visit=True)["citizen"] == tmp_path / "a.rx.wav"


def test_forgetting_one_leg_leaves_the_others(spool: Spool, tmp_path: Path) -> None:
    spool.forget("a")
    spool.forget("nobody")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ab.wav", "c.rx.wav"]


def test_an_open_file_is_seen(spool: Spool, tmp_path: Path) -> None:
    assert not spool.is_open("a")
    with (tmp_path / "a.rx.wav").open("ab"):
        assert spool.is_open("a") and not spool.is_open("ab")


def test_the_last_change_is_that_of_the_newest_file(spool: Spool, tmp_path: Path) -> None:
    for name in ("a.wav", "a.tx.wav", "a.done"):
        os.utime(tmp_path / name, (1000, 1000))
    os.utime(tmp_path / "a.rx.wav", (2000, 2000))
    assert spool.last_change("a") == 2000
    assert spool.last_change("nobody") == 0


def test_a_mark_without_sound_goes_when_it_is_old(spool: Spool, tmp_path: Path) -> None:
    lone, young = tmp_path / "lone.done", tmp_path / "young.done"
    for mark in (lone, young, tmp_path / "a.done"):
        mark.touch()
        os.utime(mark, (1000, 1000))
    os.utime(young, (3000, 3000))
    spool.forget_lone_marks(before=2000)
    assert not lone.exists() and young.exists() and (tmp_path / "a.done").exists()


def test_what_is_set_aside_is_moved_whole(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "a.wav").write_bytes(b"x")
    (folder / "a.done").touch()
    assert Spool(folder).set_aside("a") == tmp_path / "unowned"
    assert sorted(p.name for p in (tmp_path / "unowned").iterdir()) == ["a.done", "a.wav"]
    assert Spool(folder).set_aside("a") is None
