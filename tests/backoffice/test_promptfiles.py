"""A recording takes a prompt's place in one step, or nothing changes."""

from pathlib import Path

import pytest

from backoffice.promptfiles import put_in_place
from conf.sound import NotForTelephone, is_for_telephone
from tests.conf.test_sound import sine, write


def test_it_is_checked_made_fit_and_put_there_and_what_is_not_fit_changes_nothing(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw.wav", sine(500, 16_000, 1.5), 16_000)
    assert put_in_place(tmp_path / "prompts", "zh", "next", raw) == 1.5
    kept = tmp_path / "prompts" / "custom" / "zh" / "next.wav"
    before = kept.read_bytes()
    assert is_for_telephone(kept) and raw.is_file() and list(kept.parent.iterdir()) == [kept]
    write(raw, sine(500, 16_000, 0.1), 16_000)
    with pytest.raises(NotForTelephone):
        put_in_place(tmp_path / "prompts", "zh", "next", raw)
    assert kept.read_bytes() == before and list(kept.parent.iterdir()) == [kept]
