"""Prompts are spoken in every language, audible and unclipped, once; a person's recording wins."""

import shutil
import wave
from pathlib import Path

import pytest
import structlog.testing

from demo.hearing import hear
from ivr.prompts import CannotSpeak, Files, file_of, make, missing
from ivr.texts import TEXTS

pytestmark = pytest.mark.real


def test_every_text_is_spoken_once_in_every_language(tmp_path: Path) -> None:
    count = sum(len(forms) for forms in TEXTS.values())
    seen: list[tuple[int, int]] = []
    assert make(tmp_path, progress=lambda done, total: seen.append((done, total))) == count
    assert seen[-1] == (count, count)
    assert make(tmp_path) == 0 and missing(tmp_path) == []
    for file in tmp_path.rglob("*.wav"):
        with wave.open(str(file)) as opened:
            assert opened.getparams()[:3] == (1, 2, 8000)
        samples = abs(hear(file).samples)
        assert 0.3 < samples.max() < 0.99, file
        assert 0.05 < len(samples) / 8000 < (4.0 if file.stem == "notice" else 12), file
        assert samples[-80:].max() < 0.05, "it ends in silence, not within a word"


def test_a_changed_text_is_spoken_again(tmp_path: Path) -> None:
    assert make(tmp_path, {"x": {"en": "one"}}) == 1
    assert make(tmp_path, {"x": {"en": "two"}}) == 1


def test_a_persons_recording_wins_and_zh_stands_in(tmp_path: Path) -> None:
    make(tmp_path, {"x": {"zh": "一", "en": "one"}})
    assert file_of(tmp_path, "en", "x") == tmp_path / "en" / "x"
    assert file_of(tmp_path, "fr", "x") == tmp_path / "zh" / "x"
    for language in ("en", "zh"):
        own = tmp_path / "custom" / language / "x.wav"
        own.parent.mkdir(parents=True)
        shutil.copy(tmp_path / language / "x.wav", own)
        assert file_of(tmp_path, language, "x") == own.with_suffix("")
    assert file_of(tmp_path, "fr", "x") == tmp_path / "custom" / "zh" / "x"


def test_what_was_found_is_believed_for_a_second(tmp_path: Path) -> None:
    make(tmp_path, {"x": {"en": "one"}})
    now = 100.0
    files = Files(tmp_path, lambda: now)
    with pytest.raises(FileNotFoundError):
        files.of("en", "y")
    assert files.of("en", "x") == str(tmp_path / "en" / "x")
    own = tmp_path / "custom" / "en" / "x.wav"
    own.parent.mkdir(parents=True)
    shutil.copy(tmp_path / "en" / "x.wav", own)
    now = 100.9
    assert files.of("en", "x") == str(tmp_path / "en" / "x")
    now = 101.0
    assert files.of("en", "x") == str(own.with_suffix(""))
    make(tmp_path, {"y": {"en": "two"}})
    assert files.of("en", "y") == str(tmp_path / "en" / "y"), "what was not there is looked for each time"


def test_a_persons_recording_that_the_telephone_cannot_play_is_named_and_not_used(tmp_path: Path) -> None:
    own = tmp_path / "custom" / "en" / "x.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"an MP3, really")
    with structlog.testing.capture_logs() as logs:
        make(tmp_path, {"x": {"en": "one"}})
    assert [entry["file"] for entry in logs] == [str(own)]
    assert file_of(tmp_path, "en", "x") == tmp_path / "en" / "x"


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert missing(tmp_path, {"x": {"en": "one"}}) == [("en", "x")]
    with pytest.raises(FileNotFoundError, match="no prompt 'x'"):
        file_of(tmp_path, "en", "x")


def test_a_text_that_makes_no_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotSpeak):
        make(tmp_path, {"x": {"en": " "}})
