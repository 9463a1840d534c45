"""Canned replies on the pages: kept, changed, moved, thrown away and back; handed to the forms with their letters."""

from typing import Any

from schema.ids import uuid7
from tests.backoffice.conftest import Town, Visit, plain


def keep(by: Visit, **form: str) -> Any:
    given = {"code": "hi", "language": "zh", "title": "问候", "text": "您好！\r\n<b>", "order": str(uuid7())}
    return by.post("/phrases", given | form)


def ids(html: str) -> list[str]:
    return [part.split("#")[0] for part in html.split('href="/phrases?edit=')[1:]]


def test_one_is_kept_and_handed_to_the_forms(town: Town) -> None:
    agent, boss = town.visit("agent"), town.visit("supervisor")
    assert keep(agent, code="HI").status_code == 303
    assert keep(boss, shared="yes", code="bye").status_code == 303
    found = agent.get("/api/phrases").json
    assert [(one["code"], one["own"]) for one in found] == [("hi", True), ("bye", False)]
    assert (
        found[0]["text"] == "您好！\n<b>" and "wh" in found[0]["letters"] and "wenhou" in found[0]["letters"]
    )
    html = agent.text("/phrases")
    assert "您好！\n&lt;b&gt;" in html and len(ids(html)) == 1, "everybody's are not an agent's to change"
    assert len(ids(boss.text("/phrases"))) == 1
    assert keep(agent, shared="yes", code="x").status_code == 403
    for page in ("/cases/new", f"/cases/{town.filed().case_no}"):
        assert "js/phrases.js" in agent.text(page)


def test_what_is_wrong_is_said_and_stays_typed(town: Town) -> None:
    agent = town.visit("agent")
    keep(agent)
    answer = keep(agent, text="另一个")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400 and "代码只能是" in plain(html) and "另一个" in html
    assert agent.post("/phrases", {"order": "x"}).status_code == 404


def test_one_is_changed_moved_thrown_away_and_back(town: Town) -> None:
    agent = town.visit("agent")
    keep(agent)
    keep(agent, code="bye", title="再见")
    first, second = ids(agent.text("/phrases"))
    assert keep(agent, phrase=first, text="早上好").status_code == 303
    assert "早上好" in agent.text(f"/phrases?edit={first}")
    assert agent.post(f"/phrases/{second}/up").status_code == 303
    assert ids(agent.text("/phrases")) == [second, first]
    gone = agent.post(f"/phrases/{first}/delete")
    page = agent.text(gone.location)
    assert ids(page) == [second] and f"/phrases/{first}/back" in page
    assert agent.post(f"/phrases/{first}/back").status_code == 303 and len(ids(agent.text("/phrases"))) == 2
    assert agent.post(f"/phrases/{first}/burn").status_code == 404
    assert town.visit("clerk").post(f"/phrases/{first}/delete").status_code == 404
