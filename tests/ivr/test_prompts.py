"""Prompts are spoken in every language, audible and unclipped, once; a person's recording wins."""

import wave
from pathlib import Path

import pytest

from demo.hearing import hear
from ivr.prompts import CannotSpeak, file_of, make, missing
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
        assert len(samples) > 4000


def test_every_text_is_there_in_all_three_languages() -> None:
    assert all(set(forms) == {"zh", "en", "ug"} for forms in TEXTS.values())
    assert all(text.strip() for forms in TEXTS.values() for text in forms.values())


def test_a_changed_text_is_spoken_again(tmp_path: Path) -> None:
    assert make(tmp_path, {"x": {"en": "one"}}) == 1
    assert make(tmp_path, {"x": {"en": "two"}}) == 1


def test_a_persons_recording_wins_and_zh_stands_in(tmp_path: Path) -> None:
    make(tmp_path, {"x": {"zh": "一", "en": "one"}})
    assert file_of(tmp_path, "en", "x") == tmp_path / "en" / "x"
    assert file_of(tmp_path, "fr", "x") == tmp_path / "zh" / "x"
    own = tmp_path / "custom" / "en" / "x.wav"
    own.parent.mkdir(parents=True)
    own.touch()
    assert file_of(tmp_path, "en", "x") == own.with_suffix("")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert missing(tmp_path, {"x": {"en": "one"}}) == [("en", "x")]
    with pytest.raises(FileNotFoundError, match="no prompt 'x'"):
        file_of(tmp_path, "en", "x")


def test_a_text_that_makes_no_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotSpeak):
        make(tmp_path, {"x": {"en": " "}})
