"""Prompts on their page: which are spoken, recorded or missing; a recording is checked, used, noted, and given back."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from conf.sound import is_for_telephone
from schema.ids import uuid7
from schema.people import AuditRow
from tests.backoffice.conftest import Town, Visit
from tests.conf.test_sound import sine, write
from tests.schema.rules.test_voicebook import good

GREETING = {"zh": "您好。", "en": "Hello.", "ug": "ياخشىمۇسىز."}


@pytest.fixture
def prompts(town: Town) -> Path:
    """The voice has spoken one prompt, but not in Uyghur; another text is in a catalogue's book of yesterday."""
    folder = town.settings.prompts
    for code in ("zh", "en"):
        (folder / code).mkdir(parents=True)
        write(folder / code / "greeting.wav", sine(500, 8000), 8000)
    catalogue = {"greeting": GREETING, "text-0123": {"zh": "旧", "en": "old", "ug": "كونا"}}
    (folder / "catalogue.json").write_text(json.dumps(catalogue), "utf-8")
    return folder


def send(visit: Visit, where: str, body: bytes) -> Any:
    headers = {"X-CSRF": visit.csrf, "Accept": "application/json"}
    path = f"/rules/voice/prompts/{where}"
    return visit.client.post(path, data=body, content_type="audio/wav", headers=headers)


def sound(tmp_path: Path, level: int = 8000, seconds: float = 1.0, rate: int = 16_000) -> bytes:
    return write(tmp_path / "sound.wav", sine(500, rate, seconds, level), rate).read_bytes()


def test_all_are_listed_with_what_is_missing(town: Town, prompts: Path) -> None:
    page = town.visit("admin").text("/rules/voice/prompts")
    assert "您好。" in page and "旧" not in page and "普通话请按一" in page, (
        "the book's own are of the book as it is"
    )
    assert page.count('data-state="spoken"') == 2 and "缺少 4 条" in page


def test_a_recording_takes_the_place_of_the_voice_and_is_given_back(
    town: Town, prompts: Path, tmp_path: Path
) -> None:
    admin, path = town.visit("admin"), "/rules/voice/prompts/ug/greeting"
    answer = send(admin, "ug/greeting", sound(tmp_path))
    assert answer.json == {"state": "recorded"}
    kept = prompts / "custom" / "ug" / "greeting.wav"
    assert is_for_telephone(kept) and [one.name for one in kept.parent.iterdir()] == ["greeting.wav"]
    assert admin.get("/rules/voice/hear?language=ug&name=greeting").data == kept.read_bytes()
    assert admin.post(f"{path}/back").json == {"state": "missing"} and not kept.exists()
    assert admin.post("/rules/voice/prompts/zh/greeting/back").json == {"state": "spoken"}
    with town.store.read() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.what == "voice.prompt").order_by(AuditRow.id)
        ).all()
    assert [(row.subject, row.reason) for row in rows] == [
        ("ug/greeting", "recorded"), ("ug/greeting", "spoken"), ("zh/greeting", "spoken"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "code"),
    [({"level": 0}, "silent"), ({"level": 500}, "quiet"), ({"level": 60_000}, "clipped"), ({"seconds": 0.2}, "short"),
     ({"seconds": 31.0, "rate": 8000}, "long"), ({"rate": 6000}, "format")],
)  # fmt: skip
def test_what_callers_should_not_hear_is_refused(
    town: Town, prompts: Path, tmp_path: Path, how: dict[str, float], code: str
) -> None:
    level = int(how.get("level", 8000))
    samples = [
        max(-32_768, min(32_767, one))
        for one in sine(500, int(how.get("rate", 8000)), how.get("seconds", 1), level)
    ]
    body = write(tmp_path / "sound.wav", samples, int(how.get("rate", 8000))).read_bytes()
    answer = send(town.visit("admin"), "zh/greeting", body)
    if code == "long":
        assert answer.status_code == 413
        return
    assert answer.status_code == 400 and answer.json["error"] == code and "{" not in answer.json["text"]
    assert not (prompts / "custom" / "zh" / "greeting.wav").exists()


def test_there_is_a_place_only_for_what_is_said(town: Town, prompts: Path, tmp_path: Path) -> None:
    admin, body = town.visit("admin"), sound(tmp_path)
    for name in ("zh/none", "fr/greeting", "zh/text-0123", "zh/..%2fgreeting"):
        assert send(admin, name, body).status_code == 404, name
    assert not (prompts / "custom").exists()


def test_before_anything_was_spoken_the_book_is_all_there_is(town: Town) -> None:
    page = town.visit("admin").text("/rules/voice/prompts")
    assert "缺少 3 条" in page


def test_a_version_that_waits_for_its_day_can_be_recorded_and_so_can_the_one_before(town: Town) -> None:
    admin = town.visit("admin")
    body = good() | {"begins": "2031-01-01T08:00"}
    assert (
        admin.post("/rules/voice", json={"order": str(uuid7()), "version": 0, "body": body}).status_code
        == 200
    )
    page = admin.text("/rules/voice/prompts")
    assert "普通话请按一" in page and "hours 中文" in page
