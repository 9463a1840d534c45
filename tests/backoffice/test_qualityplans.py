"""Plans of samples on pages: written, drawn by, and what a draw came to."""

from schema.ids import uuid7
from tests.backoffice.conftest import Town, plain
from tests.backoffice.test_quality import DAY, audited
from tests.schema.desk.qualityrows import recorded


def test_a_supervisor_writes_a_plan_draws_by_it_and_is_told_what_came_of_it(town: Town) -> None:
    boss, agent = town.visit("supervisor"), town.users["agent"]
    recorded(town.store, agent.id, 5)
    recorded(town.store, agent.id, seconds=3)
    assert "没有待评分的通话" in plain(boss.text(boss.get("/quality").location))
    form = {"order": str(uuid7()), "plan": str(uuid7()), "name": "=每周", "sheet": "hotline", "each": "2",
            "least": "30", "most": "", "inspector": [str(town.users["supervisor"].id)], "open": "yes"}  # fmt: skip
    wrong = boss.post("/quality/plans", form | {"each": "99", "inspector": []})
    assert wrong.status_code == 400 and "1 到 50" in wrong.get_data(as_text=True)
    assert 'value="=每周"' in wrong.get_data(as_text=True)
    for _ in range(2):
        assert boss.post("/quality/plans", form).status_code == 303
    html = boss.text("/quality/plans")
    assert html.count('data-testid="quality-plan"') == 1 and "每人每周 2 通，30 秒以上" in plain(html)
    assert "每周" in boss.text(f"/quality/plans?plan={form['plan']}")
    path, order = f"/quality/plans/{form['plan']}/draw", {"order": str(uuid7()), "week": DAY, "seed": "a1"}
    assert boss.post(path, order | {"week": "2027-01-01"}).status_code == 409
    for _ in range(2):
        answer = boss.post(path, order)
    text = plain(boss.text(answer.location))
    assert "已抽取 2 通" in text and "种子 a1" in text and f"{agent.name} 6 2 – 1 – – – – 3" in text
    assert boss.text("/quality/reviews").count('data-testid="quality-open"') == 2
    assert town.visit("agent").get("/quality/plans").status_code == 403
    assert sorted(audited(town)) == ["quality.draw"] * 2 + ["quality.plan"] * 2
