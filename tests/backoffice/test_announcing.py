"""Announcements are made by supervisors, seen by everybody, and put away by each."""

from schema.ids import uuid7
from tests.backoffice.conftest import Town


def test_an_announcement_is_shown_until_it_is_read_or_ended(town: Town) -> None:
    boss, agent = town.visit("supervisor"), town.visit("agent")
    form = {
        "order": str(uuid7()),
        "text": "台风 <b>预警",
        "begin": "2026-11-24T16:00",
        "end": "2026-11-24T20:00",
    }
    assert boss.post("/announcements", form).status_code == 303
    (shown,) = agent.get("/api/news").json["announcements"]
    assert shown["text"] == "台风 <b>预警" and "台风 &lt;b&gt;" in boss.text("/announcements")
    assert agent.post(f"/api/announcements/{shown['id']}/read", json={}).status_code == 200
    assert agent.get("/api/news").json["announcements"] == [] != boss.get("/api/news").json["announcements"]
    assert boss.post(f"/announcements/{shown['id']}/end").status_code == 303
    assert boss.get("/api/news").json["announcements"] == []
    assert boss.post("/announcements/x/end").status_code == 404


def test_what_makes_no_sense_is_said_and_stays_typed(town: Town) -> None:
    boss = town.visit("supervisor")
    form = {"order": str(uuid7()), "text": "台风", "begin": "2026-11-24T16:00", "end": "2026-11-24T16:00"}
    answer = boss.post("/announcements", form)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400 and "结束时间应在开始之后" in html and "台风" in html
    assert boss.post("/announcements", form | {"begin": "x"}).status_code == 400
    assert boss.post("/announcements", form | {"order": "x"}).status_code == 400
