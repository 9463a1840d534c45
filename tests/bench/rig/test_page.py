"""What an agent's page says of itself is believed only while its telephone is registered and its browser lives."""

import json
import sys
from pathlib import Path

import pytest

from bench.rig.page import AgentPage


@pytest.fixture
def page(tmp_path: Path) -> AgentPage:
    return AgentPage(tmp_path / "page", "http://127.0.0.1:1", "agent1", "secret", 1000)


def says(page: AgentPage, folder: Path, **said: object) -> None:
    (folder / "page" / "said").write_text(json.dumps(said), "utf-8")


def test_a_seat_counts_only_with_its_telephone(page: AgentPage, tmp_path: Path) -> None:
    assert page.state == ""
    says(page, tmp_path, pid=1, seat="ready", phone="connecting", answered=0)
    assert page.state == ""
    says(page, tmp_path, pid=1, seat="ready", phone="registered", answered=0)
    assert page.state == "ready"


def test_a_browser_whose_process_is_gone_has_no_id(page: AgentPage, tmp_path: Path) -> None:
    says(page, tmp_path, pid=1, seat="ready", phone="registered", answered=3)
    assert page.pid == 0


def test_what_was_answered_is_kept_when_the_page_is_closed(page: AgentPage, tmp_path: Path) -> None:
    says(page, tmp_path, pid=1, seat="ready", phone="registered", answered=3)
    page.stop()
    assert (page.answered, page.state) == (3, "")


def test_half_a_word_is_none(page: AgentPage, tmp_path: Path) -> None:
    (tmp_path / "page" / "said").write_text('{"seat": "rea', "utf-8")
    assert page.state == "" and page.pid == 0


def test_its_secret_is_in_no_command_line(page: AgentPage, tmp_path: Path) -> None:
    assert (tmp_path / "page" / "password").read_text("utf-8") == "secret"
    assert page.words[:3] == [sys.executable, "-m", "bench.rig.page"] and "secret" not in page.words
