from pathlib import Path

import pytest

from ivr.speaker import Speaker
from tests.ivr.test_scripts import Call, done


@pytest.fixture
def speaker(tmp_path: Path) -> Speaker:
    (tmp_path / "en").mkdir()
    for name in "abc":
        (tmp_path / "en" / f"{name}.wav").touch()
    return Speaker(tmp_path, default="zh", tries=1, wait=1)


def test_a_key_ends_what_is_being_said(speaker: Speaker) -> None:
    call = Call("", "5")

    async def play() -> None:
        assert await speaker.say(call, "en", "abc", "5") == "5"

    done(play())
    assert call.said == ["en/a", "en/b"]


def test_a_call_without_a_language_has_the_sites(speaker: Speaker) -> None:
    async def play() -> None:
        assert await speaker.language_of(Call()) == "zh"
        assert await speaker.language_of(Call(GRIDLINE_LANGUAGE="ug")) == "ug"

    done(play())
