"""Campaigns on their pages: previewed, made by one click, read, sent back, taken along; not for everybody."""

from datetime import timedelta

from sqlalchemy import select

from schema.desk.visits import record_try
from schema.ids import uuid7
from schema.orders import RecordTry
from schema.people import AuditRow
from schema.visits import Visit
from tests.backoffice.conftest import Town, plain
from tests.backoffice.test_visits import closed

PATH = "/visits/campaigns"


def form(town: Town, **changes: object) -> dict[str, object]:
    day = town.clock().date()
    return {
        "order": str(uuid7()), "name": "<十一月>", "first": (day - timedelta(days=9)).isoformat(),
        "last": day.isoformat(),
        "seed": "s1", "way": "evenly", "agent": [str(town.users["agent"].id)], "share": "100", **changes,
    }  # fmt: skip


def test_the_address_of_a_preview_carries_no_token(town: Town) -> None:
    boss = town.visit("supervisor")
    sent = boss.text(f"{PATH}/new").partition('data-testid="campaign-form"')[2].partition("</form>")[0]
    assert sent.count(boss.csrf) == 1 and f'<button class="main" name="csrf" value="{boss.csrf}"' in sent


def test_a_campaign_is_previewed_made_once_read_and_sent_back(town: Town) -> None:
    cases, boss = [closed(town) for _ in range(2)], town.visit("supervisor")
    assert "还没有回访任务" in boss.text(PATH) and "campaign-form" in boss.text(f"{PATH}/new")
    wanted = form(town)
    html = plain(boss.client.get(f"{PATH}/new", query_string=wanted).get_data(as_text=True))
    assert "选中 2 件" in html and cases[0].case_no in html
    few = boss.client.get(f"{PATH}/new", query_string=form(town, **{"class": "government", "first": "x"}))
    assert few.status_code == 400 and "请选择开始日期" in few.get_data(as_text=True)
    wrong = boss.post(PATH, form(town, agent=[], name=""))
    assert wrong.status_code == 400 and "请选择可以回访的人员" in wrong.get_data(as_text=True)
    for _ in range(2):
        answer = boss.post(PATH, wanted)
        assert answer.status_code == 303
    page = answer.location
    html = boss.text(page)
    assert "&lt;十一月&gt;" in html and html.count("data-visit=") == 2 and "<svg" in html
    with town.store.work() as work:
        first, second = work.session.scalars(select(Visit).order_by(Visit.id)).all()
        agent = town.users["agent"].id
        record_try(work, RecordTry(by=agent, visit=first.id, result="declined", text="=1+1"))
        record_try(work, RecordTry(by=agent, visit=second.id, result="reached", reception=1, rating=2))
    assert "拒绝 1 / 2" in plain(boss.text(f"{page}/progress")) and "接通 1 / 2" in plain(
        boss.text(f"{page}/progress")
    )
    assert boss.text(f"{page}?filter=declined").count("data-visit=") == 1
    back = {"order": str(uuid7()), "visit": str(first.id), "again": "yes", "text": ""}
    assert boss.post(f"{page}/review", back).status_code == 400
    assert "已退回" in boss.text(boss.post(f"{page}/review", back | {"text": "再问一次"}).location)
    assert "再问一次" in town.visit("agent").text(f"/visits/{first.id}"), "whoever calls again reads why"
    assert boss.post(f"{page}/review", {"visit": str(second.id)}).status_code == 303
    csv = boss.get(f"{page}/results.csv").get_data(as_text=True)
    assert cases[0].case_no in csv and "'=1+1" in csv
    assert boss.get(f"{page}/results.xlsx").get_data()[:2] == b"PK"
    assert "1 件退回待分派" in plain(boss.text(boss.post(f"{page}/close").location))
    assert "已结束" in boss.text(PATH)
    for path in (PATH, page, f"{page}/results.csv"):
        assert town.visit("agent").get(path).status_code == 403
    for path in ("x", str(uuid7())):
        assert boss.get(f"{PATH}/{path}").status_code == 404
    with town.store.read() as session:
        noted = session.scalars(select(AuditRow.what).where(AuditRow.what.startswith("campaign."))).all()
    assert set(noted) == {f"campaign.{what}" for what in ("make", "review", "close", "csv", "excel")}
