"""Reviews of one's own calls on pages: seen whole, appealed against, answered by somebody else."""

from schema.ids import uuid7
from tests.backoffice.conftest import Town, plain
from tests.backoffice.test_quality import MARKS, audited, sampled, second_boss


def test_an_agent_sees_ones_own_review_and_appeals_and_another_answers(town: Town) -> None:
    (review,) = sampled(town)
    boss, agent = town.visit("supervisor"), town.visit("agent")
    mine = f"/quality/mine/{review}"
    assert agent.get(mine).status_code == 404, "nothing is said yet"
    boss.post(f"/quality/reviews/{review}/score", MARKS | {"order": str(uuid7()), "item.respect": "0"})
    assert agent.get("/quality").location == "/quality/mine"
    assert str(review) in agent.text("/quality/mine") and str(review) not in boss.text("/quality/mine")
    html = agent.text(mine)
    assert "我的通话 1" in plain(html)
    assert "已评 近 8 周 1 平均分 0.0 合格 0.0% 0 / 1 红线 100.0% 1 / 1" in plain(agent.text("/quality/mine"))
    assert "data-player=" in html and "不合格" in html and "quality-appeal" in html and "改派" not in html
    assert agent.post(f"{mine}/appeal", {"text": ""}).status_code == 400
    form = {"order": str(uuid7()), "text": "没有辱骂，请复听"}
    for _ in range(2):
        assert agent.post(f"{mine}/appeal", form).status_code == 303
    assert "评分人不能答复" in plain(boss.text(f"/quality/appeals/{review}"))
    assert boss.post(f"/quality/appeals/{review}", {"text": "维持", "answer": "uphold"}).status_code == 409
    _, other = second_boss(town)
    assert str(review) in other.text("/quality/appeals")
    page = other.text(f"/quality/appeals/{review}")
    assert 'data-testid="quality-uphold"' in page and "没有辱骂，请复听" in page
    answer = MARKS | {"order": str(uuid7()), "answer": "change", "text": "复听后确认无辱骂"}
    for _ in range(2):
        assert other.post(f"/quality/appeals/{review}", answer).status_code == 303
    text = plain(agent.text(mine))
    assert "申诉后改分" in text and "当时的评分" in text and "复听后确认无辱骂" in text and "100" in text
    assert agent.post(f"{mine}/acknowledge").status_code == 409
    assert town.visit("clerk").get(mine).status_code == 404
    assert {"quality.appeal", "quality.answer", "quality.look"} <= set(audited(town))
