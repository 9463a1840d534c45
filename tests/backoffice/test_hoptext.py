"""Codes on the time line become words."""

from functools import partial
from typing import Any

import pytest

from backoffice.hoptext import hop_text
from backoffice.words import Words
from schema.desk.timeline import Hop
from schema.ids import uuid7
from tests.backoffice.conftest import NOW

WORDS = Words.read()


@pytest.mark.parametrize(
    ("hop", "text", "detail", "shown"),
    [
        ("ivr.language", "ug", {}, "Uyghur"),
        ("ivr.language", "fr", {}, "fr"),
        ("call.ended", "abandoned", {}, "gave up"),
        ("visit.ended", "failed", {}, "not reached"),
        ("seat.failed", "no answer", {}, "No answer"),
        ("recording.started", "a_b_101_1.2", {}, ""),
        ("recording.kept", "3.4 s", {"seconds": 3.44}, "3.4 s"),
        ("case.rated", "", {"score": 1}, "The citizen rated it: Very satisfied."),
        ("case.checked", "", {"passed": True}, "The system checked it: passed."),
        ("case.checked", "still dark", {"passed": False}, "The system checked it: not passed: “still dark”"),
        ("case.filed", "路灯", {"case_no": "ZW-1"}, "The system filed it as case ZW-1."),
    ],
)
def test_what_is_shown(hop: str, text: str, detail: dict[str, Any], shown: str) -> None:
    told = Hop(NOW, hop, uuid7(), text=text, detail=detail)
    assert hop_text(told, partial(WORDS.say, "en"), WORDS.has) == shown
