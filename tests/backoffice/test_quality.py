"""Quality inspection on pages: a sample is drawn, a call scored beside its recording, appealed and answered."""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import select

from schema.cases import Case
from schema.desk import sessions
from schema.ids import uuid7
from schema.people import AuditRow, Post, User
from schema.quality import QualityReview
from tests.backoffice.conftest import SESSION_COOKIE, Town, Visit, plain
from tests.schema.desk.qualityrows import SHEET, drawn, planned, recorded

MARKS = {f"item.{item.code}": str(item.most) for item in SHEET.items()}
DAY = "2026-11-24"


def second_boss(town: Town) -> tuple[User, Visit]:
    """Another supervisor, and their browser."""
    with town.store.work() as work:
        user = User(login="boss2", name="第二班长", post="supervisor", password="x", language="zh")
        work.session.add(user)
    with town.store.work() as work:
        token = sessions.begin(work, user, ip="127.0.0.1", agent="test", lasts=sessions.IDLE)
    with town.store.read() as session:
        who = sessions.find(session, token, town.clock())
    assert who is not None
    client = town.app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    return user, Visit(client, who.csrf)


def sampled(town: Town, count: int = 1, **changes: Any) -> list[UUID]:
    """Calls of the agent drawn for the supervisor; the reviews."""
    boss = town.users["supervisor"].id
    recorded(town.store, town.users["agent"].id, count, **changes)
    drawn(town.store, boss, planned(town.store, boss).id)
    with town.store.read() as session:
        return list(session.scalars(select(QualityReview.id).order_by(QualityReview.id)))


def audited(town: Town) -> list[str]:
    with town.store.read() as session:
        return list(session.scalars(select(AuditRow.what).where(AuditRow.what.startswith("quality."))))


def test_a_call_is_scored_beside_its_recording_and_the_score_is_there_at_once(town: Town) -> None:
    (review,) = sampled(town)
    boss = town.visit("supervisor")
    html = boss.text(f"/quality/reviews/{review}")
    assert (
        "data-player=" in html
        and "quality-form" in html
        and "红线" in html
        and "接通三秒内使用规范用语" in html
    )
    path = f"/quality/reviews/{review}"
    kept = boss.post(f"{path}/draft", {"item.tone": "3", "second.tone": "1:23", "text": "<b>快</b>"})
    assert kept.get_json() == {"saved": "16:00:00", "percent": "60", "fatal": []}
    html = boss.text(path)
    assert 'value="1:23"' in html and "&lt;b&gt;快&lt;/b&gt;" in html and "目前 60 分" in html
    form = MARKS | {
        "order": str(uuid7()),
        "item.tone": "3",
        "second.tone": "1:23",
        "remark.tone": "语速快",
        "text": "好",
    }
    wrong = boss.post(f"{path}/score", {key: value for key, value in form.items() if key != "item.answer"})
    assert wrong.status_code == 400 and "有评分项未选" in wrong.get_data(as_text=True)
    assert re.search(r'name="item\.tone" value="3" checked', wrong.get_data(as_text=True)), (
        "what was marked stays"
    )
    assert boss.post(f"{path}/score", form | {"second.tone": "late"}).status_code == 400
    for _ in range(2):
        answer = boss.post(f"{path}/score", form)
        assert answer.status_code == 303
    text = plain(boss.text(answer.location))
    assert "已评分：96 分" in text and "3 / 5 1:23 语速快" in text and "quality-form" not in text
    assert "96" in plain(boss.text("/quality/done"))
    asked = f"/quality/all?agent={town.users['agent'].id}&state="
    assert str(review) in boss.text(asked + "scored") and str(review) not in boss.text(asked + "open")
    assert audited(town).count("quality.score") == 2


def test_a_recording_that_may_not_be_heard_is_nowhere(town: Town) -> None:
    case = town.filed()
    (review,) = sampled(town, contact=case.contact)
    rights = ("quality.review", "quality.plan", "recording.play", "case.read")
    with town.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
        work.session.add(Post(name="supervisor", grants=dict.fromkeys(rights, "all"), set_at=work.now))
    boss = town.visit("supervisor")
    assert str(review) not in boss.text("/quality/reviews") + boss.text("/quality/all")
    html = boss.text(f"/quality/reviews/{review}")
    assert "data-player=" not in html and "您无权收听此录音" in html
    assert boss.post(f"/quality/reviews/{review}/score", MARKS).status_code == 409
    other, browser = second_boss(town)
    assert browser.get(f"/quality/reviews/{review}").status_code == 404
    answer = boss.post(f"/quality/reviews/{review}/give", {"inspector": str(other.id)})
    assert answer.status_code == 400 and "请选择可以质检此通话的人员" in answer.get_data(as_text=True)
    assert boss.post(f"/quality/reviews/{review}/drop", {"text": "无权收听"}).status_code == 303
    for path in ("/quality/reviews/x", f"/quality/mine/{review}", f"/quality/draws/{uuid7()}"):
        assert boss.get(path).status_code == 404
