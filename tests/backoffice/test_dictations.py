"""What was spoken into a telephone is checked and used once the PBX says so, by the page where it does not say."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backoffice.dictations import Dictations, left_behind, take_in
from conf.layout import dictated_in
from conf.sound import is_for_telephone
from schema.bus import Envelope
from schema.calls import CallRow, LegRow
from schema.facts import PromptDictated
from schema.ids import CallId, uuid7
from schema.outbox import OutboxRow
from schema.people import AuditRow
from tests.backoffice.conftest import Town, Visit
from tests.backoffice.test_voiceprompts import prompts
from tests.conf.test_sound import sine, write

__all__ = ["prompts"]
WHERE = "/rules/voice/prompts/ug/greeting/telephone"


@pytest.fixture
def rung(town: Town, prompts: Path) -> tuple[Visit, UUID]:
    """The administrator had seat 900 rung."""
    town.seen(v=2, seats={"900": {"state": "paused", "name": "x"}, "101": {"state": "talking", "name": "y"}})
    admin, order = town.visit("admin"), uuid7()
    for _ in range(2):
        answer = admin.post(WHERE, json={"order": str(order), "seat": "900"})
        assert answer.status_code == 202 and answer.get_json() == {"order": str(order)}
    return admin, order


def spoken(town: Town, id: UUID, level: int = 8000, seconds: float = 2.0) -> Path:
    dictated_in(town.settings).mkdir(parents=True, exist_ok=True)
    return write(dictated_in(town.settings) / f"{id}.wav", sine(500, 8000, seconds, level), 8000)


def told(id: UUID, town: Town) -> Envelope:
    fact = PromptDictated(at=town.clock(), call=CallId(id), node="pbx1", seat="900", leg="1", how="key")
    return Envelope(1, uuid7(), "PromptDictated", town.clock(), fact)


def seen(admin: Visit, id: UUID) -> dict[str, Any]:
    return dict(admin.get(f"/rules/voice/prompts/telephone/{id}").get_json())


def test_the_order_goes_out_once_and_who_asked_follows_it(town: Town, rung: tuple[Visit, UUID]) -> None:
    admin, id = rung
    with town.store.read() as session:
        (row,) = session.scalars(select(OutboxRow).where(OutboxRow.name == "DictatePrompt"))
        assert (row.key, row.body["seat"], row.body["language"], row.body["name"]) == (
            id,
            "900",
            "ug",
            "greeting",
        )
        noted = session.scalars(select(AuditRow.subject).where(AuditRow.what == "voice.dictate")).all()
        assert set(noted) == {"ug/greeting"}
    found = seen(admin, id)
    assert (found["state"], found["shown"]) == ("ringing", "missing") and "900" in found["text"]
    for other in (uuid7(), "x"):
        assert admin.get(f"/rules/voice/prompts/telephone/{other}").status_code == 404


def test_once_it_is_spoken_it_is_the_prompt(town: Town, prompts: Path, rung: tuple[Visit, UUID]) -> None:
    admin, id = rung
    file = spoken(town, id)
    room = Dictations(town.settings, town.store, SimpleNamespace(subscribe=lambda *_: None))  # type: ignore[arg-type]
    for _ in range(2):
        room.hear(told(id, town))
    assert is_for_telephone(prompts / "custom" / "ug" / "greeting.wav") and not file.exists()
    found = seen(admin, id)
    assert (found["state"], found["shown"]) == ("kept", "recorded")


@pytest.mark.parametrize(
    ("how", "why"),
    [({"level": 0}, "silent"), ({"level": 500}, "quiet"), ({"seconds": 0.1}, "short"), (None, "nothing")],
)
def test_what_is_not_fit_changes_nothing_and_the_page_says_why(
    town: Town, prompts: Path, rung: tuple[Visit, UUID], how: dict[str, Any] | None, why: str
) -> None:
    admin, id = rung
    if how is not None:
        spoken(town, id, **how)
    take_in(town.settings, town.store, id)
    found = seen(admin, id)
    assert (found["state"], found["why"], found["shown"]) == ("refused", why, "missing")
    assert found["text"] and "{" not in found["text"] and "refused" not in found["text"]
    assert not (prompts / "custom").exists() or not list((prompts / "custom").rglob("*.wav"))
    assert list(dictated_in(town.settings).glob("*")) == [] if how else True


def test_with_nobody_listening_to_the_pbx_the_page_itself_takes_it_in(
    town: Town, prompts: Path, rung: tuple[Visit, UUID]
) -> None:
    admin, id = rung
    spoken(town, id)
    now = town.clock()
    with town.store.work() as work:
        work.session.add(
            CallRow(
                id=id, contact=id, node="pbx1", leg="1", direction="out", purpose="prompt", entered_at=now
            )
        )
        work.session.flush()
        work.session.add(LegRow(node="pbx1", leg="1", call=id, kind="watcher", seat="900", started_at=now,
                                answered_at=now, ended_at=now))  # fmt: skip
    assert seen(admin, id)["state"] == "kept"


def test_what_a_crash_left_is_taken_in_with_the_next(
    town: Town, prompts: Path, rung: tuple[Visit, UUID]
) -> None:
    _, id = rung
    file = spoken(town, id)
    changed = file.stat().st_mtime
    assert left_behind(town.settings, changed + 10) == [] and left_behind(town.settings, changed + 1000) == [
        id
    ]
    os.utime(file, (changed - 1000, changed - 1000))
    room = Dictations(town.settings, town.store, SimpleNamespace(subscribe=lambda *_: None))  # type: ignore[arg-type]
    room.hear(told(uuid7(), town))
    assert not file.exists() and (prompts / "custom" / "ug" / "greeting.wav").is_file()


@pytest.mark.parametrize(
    ("seat", "status", "code"),
    [
        ("", 400, "no-seat"),
        ("9x", 400, "no-seat"),
        (None, 400, "no-seat"),
        ("102", 409, "not-open"),
        ("101", 409, "in-a-call"),
    ],
)
def test_only_a_seat_that_can_ring_is_rung(
    town: Town, rung: tuple[Visit, UUID], seat: str | None, status: int, code: str
) -> None:
    admin, _ = rung
    answer = admin.post(WHERE, json={"order": str(uuid7()), "seat": seat})
    assert (answer.status_code, answer.get_json()["error"]) == (status, code)
    assert "prompts." not in answer.get_json()["text"]


def test_there_is_a_place_only_for_what_is_said_and_for_who_may(town: Town, rung: tuple[Visit, UUID]) -> None:
    admin, id = rung
    path = "/rules/voice/prompts/ug/none/telephone"
    assert admin.post(path, json={"order": str(uuid7()), "seat": "900"}).status_code == 404
    agent = town.visit("agent")
    assert agent.post(WHERE, json={"seat": "900"}).status_code == 403
    assert agent.get(f"/rules/voice/prompts/telephone/{id}").status_code == 403
