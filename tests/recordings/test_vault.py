"""The vault: what comes in is sealed Opus at one place, each file by a key of its own, however often it is taken."""

from pathlib import Path
from uuid import UUID

import pytest

from conf.settings import Settings
from demo.hearing import hear_sound
from demo.phone import write_tone
from recordings.opus import POINTS
from recordings.vault import NothingToTake, Vault, place_of
from recordings.wav import NotAudio
from schema.desk.recordings import SideFile
from schema.recordings import RecordingFile
from schema.sealing import BadSeal

RECORDING = UUID("019aba80-0000-7000-8000-000000000001")  # made on 2025-11-25 in UTC
TONES = {"mix": 700, "citizen": 440, "seat": 1000}


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    found = {side: tmp_path / f"{side}.source" for side in TONES}
    for side, hertz in TONES.items():
        write_tone(found[side], hertz, seconds=1)
    return found


@pytest.fixture
def vault(site: Settings) -> Vault:
    return Vault.of(site)


def row(file: SideFile) -> RecordingFile:
    return RecordingFile(
        recording=RECORDING, side=file.side, path=file.path, media=file.media, size=file.size,
        sha256=file.sha256, key=file.key, peaks=file.peaks,
    )  # fmt: skip


def test_the_place_is_the_day_of_the_recordings_id() -> None:
    assert place_of(RECORDING) == f"2025/11/25/{RECORDING}"


def test_what_is_taken_sounds_the_same_and_is_sealed(
    vault: Vault, sources: dict[str, Path], site: Settings
) -> None:
    seconds, files = vault.take(RECORDING, sources)
    assert seconds == 1.0 and [file.side for file in files] == list(TONES)
    for file in files:
        sound = vault.open(row(file))
        data = b"".join(sound.chunks())
        assert (len(data), sound.prove()) == (file.size, file.sha256) and data[:4] == b"OggS"
        heard = hear_sound(data)
        assert heard.has(TONES[file.side], 0.8) and abs(heard.seconds - 1) < 0.05
        assert b"OggS" not in (site.vault / "recordings" / file.path).read_bytes()
        assert len(file.peaks) == POINTS and 0.25 < max(file.peaks) / 255 < 0.35
    assert len({file.key for file in files}) == 3


def test_taken_again_it_lies_in_the_same_place(vault: Vault, sources: dict[str, Path]) -> None:
    _, first = vault.take(RECORDING, sources)
    _, again = vault.take(RECORDING, sources)
    assert [file.path for file in first] == [file.path for file in again]
    assert sorted(file.path for file in first) == list(vault.shelf.paths())
    assert vault.open(row(again[0])).prove() == again[0].sha256


def test_a_side_that_is_nowhere_is_named(vault: Vault, sources: dict[str, Path]) -> None:
    sources["seat"].unlink()
    with pytest.raises(NothingToTake, match=r"seat\.source"):
        vault.take(RECORDING, sources)
    assert list(vault.shelf.paths()) == []


def test_what_is_no_speech_of_a_telephone_is_refused(vault: Vault, sources: dict[str, Path]) -> None:
    wrong = bytearray(sources["mix"].read_bytes())
    wrong[24:28] = (11025).to_bytes(4, "little")
    sources["mix"].write_bytes(wrong)
    with pytest.raises(NotAudio, match="mono of 16 bit"):
        vault.take(RECORDING, sources)


def test_with_the_wrong_site_key_nothing_opens(
    vault: Vault, sources: dict[str, Path], site: Settings
) -> None:
    _, files = vault.take(RECORDING, sources)
    keys = site.var / "keys" / "recordings.key"
    right = keys.read_bytes()
    keys.unlink()
    Vault.of(site).take(UUID("019aba80-0000-7000-8000-000000000002"), sources)  # makes a key of its own
    with pytest.raises(BadSeal, match=r"recordings\.key"):
        Vault.of(site).open(row(files[0]))
    keys.write_bytes(keys.read_bytes() + right)
    assert Vault.of(site).open(row(files[0])).prove() == files[0].sha256


def test_an_empty_recording_is_one_too(vault: Vault, sources: dict[str, Path]) -> None:
    for source in sources.values():
        source.write_bytes(source.read_bytes()[:44])
    seconds, files = vault.take(RECORDING, sources)
    assert seconds == 0.0 and vault.open(row(files[0])).prove() == files[0].sha256
    assert set(files[0].peaks) == {0}
