"""The product's dialplan without sound, and the bare queue's: rendered files in, files out."""

from pathlib import Path

import pytest

from bench.rig.dialplan import (
    as_it_comes,
    bare_menu,
    bare_queue,
    contact,
    without_audio,
)
from conf.render import render_asterisk
from conf.settings import Settings
from conf.tools import Tools


@pytest.fixture
def etc(site: Settings) -> Path:
    return render_asterisk(site, Tools(site.tools).asterisk()).parent


def test_voice_and_recording_are_left_out_and_routing_stays(etc: Path) -> None:
    without_audio(etc)
    text = (etc / "extensions.conf").read_text("utf-8")
    assert "/reception," not in text and "MixMonitor(" not in text
    for kept in ("What: Entered", "What: Answered", "Dial(PJSIP/seat"):
        assert kept in text


def test_a_dialplan_without_sound_is_said_to_be_one(etc: Path) -> None:
    without_audio(etc)
    with pytest.raises(ValueError, match="look at the bench"):
        without_audio(etc)


def test_the_bare_queue_has_every_seat_and_its_telephone(etc: Path, site: Settings) -> None:
    bare_queue(etc, site.site.hotline, site.acd.queue, ["1001", "1002"], 5070, "d" * 32)
    queues, pjsip = ((etc / f"{name}.conf").read_text("utf-8") for name in ("queues", "pjsip"))
    assert [line for line in queues.splitlines() if line.startswith("member")] == [
        "member => PJSIP/seat1001",
        "member => PJSIP/seat1002",
    ]
    assert "membergosub" not in queues
    assert f"contact = {contact('1002', 5070)}" in pjsip
    assert (etc / "extensions.conf").read_text("utf-8").count("Queue(") == 1


def test_asterisk_as_it_comes_has_its_own_settings(etc: Path) -> None:
    as_it_comes(etc)
    cel, cdr = ((etc / f"{name}.conf").read_text("utf-8") for name in ("cel", "cdr"))
    assert "enable = no" in cel and "enable = yes" in cdr
    assert (etc / "stasis.conf").read_text("utf-8") == ""
    with pytest.raises(ValueError, match="look at the bench"):
        as_it_comes(etc)


def test_the_bare_menu_plays_the_same_files(etc: Path, site: Settings) -> None:
    bare_menu(etc, site.site.hotline, Path("/p"), "text-1")
    text = (etc / "extensions.conf").read_text("utf-8")
    assert "Background(/p/zh/text-1&/p/en/text-1&/p/ug/text-1)" in text and "$[${TRIES}+1]" in text
