"""Messages on the pages: written, read, answered, thrown away and back; groups; who can be found."""

from typing import Any

from schema.desk.messages import unread
from schema.ids import uuid7
from schema.people import User
from tests.backoffice.conftest import Town, Visit


def write(town: Town, by: Visit, **form: Any) -> Any:
    fields = {
        "to": f"user:{town.users['worker'].id}",
        "subject": "停水",
        "text": "明天<b>停水",
        "order": str(uuid7()),
    }
    return by.post("/messages", fields | form)


def test_a_message_is_written_read_and_answered(town: Town) -> None:
    agent, worker = town.visit("agent"), town.visit("worker")
    assert write(town, agent).status_code == 303
    assert agent.get("/api/news").json["unread"] == 0 and worker.get("/api/news").json["unread"] == 1
    html = worker.text("/messages")
    assert "data-new" in html and "agent 某" in html
    link = (
        html.split('href="/messages/')[-1]
        if "data-open" not in html
        else html.split("data-open")[0].split('"')[-2]
    )
    page = worker.text(link)
    assert "明天&lt;b&gt;停水" in page and worker.get("/api/news").json["unread"] == 0
    form = {"reply": link.rsplit("/", 1)[-1], "to": f"user:{town.users['agent'].id}", "text": "知道了"}
    answer = worker.post("/messages", form | {"order": str(uuid7())})
    assert answer.status_code == 303 and "知道了" in agent.text(
        answer.location.replace("http://localhost", "")
    )
    assert "停水" in agent.text("/messages?box=sent") and "没有符合条件" in agent.text("/messages?q=nothing")


def test_another_persons_message_is_not_there(town: Town) -> None:
    agent = town.visit("agent")
    write(town, agent)
    link = agent.text("/messages?box=sent").split("data-open")[0].split('"')[-2]
    assert town.visit("clerk").get(link).status_code == 404
    assert town.visit("clerk").get("/messages/nothing").status_code == 404


def test_what_is_thrown_away_can_be_taken_back(town: Town) -> None:
    worker = town.visit("worker")
    write(town, town.visit("agent"))
    id = worker.text("/messages").split('name="id" value="')[1].split('"')[0]
    gone = worker.post("/messages/mark", {"act": "delete", "id": id, "box": "in"})
    assert gone.location.endswith(f"undo={id}")
    page = worker.text(gone.location)
    assert "已删除 1 条" in page and "没有消息" in page
    back = worker.post("/messages/mark", {"act": "back", "id": id, "box": "in"})
    assert id in worker.text(back.location)
    assert worker.post("/messages/mark", {"act": "burn", "id": id}).status_code == 400
    town.visit("clerk").post("/messages/mark", {"act": "delete", "id": id})
    assert id in worker.text("/messages")


def test_what_is_missing_is_said_and_what_was_typed_stays(town: Town) -> None:
    agent = town.visit("agent")
    answer = agent.post("/messages", {"subject": "停水", "text": "明天", "order": str(uuid7())})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400 and "请选择收件人" in html and "明天" in html
    with town.store.read() as session:
        assert unread(session, town.users["worker"].id) == 0


def test_people_are_found_by_name_and_by_the_letters_of_it(town: Town) -> None:
    with town.store.work() as work:
        work.session.add(User(login="wt", name="吴桐", post="agent", password="x"))
    agent = town.visit("agent")
    for typed in ("吴", "wutong", "wt"):
        assert [row["name"] for row in agent.get(f"/api/receivers?q={typed}").json] == ["吴桐"], typed
    assert len(agent.get("/api/receivers").json) > 3 and agent.get("/api/receivers?q=zzz").json == []


def test_a_supervisor_keeps_groups(town: Town) -> None:
    boss, worker = town.visit("supervisor"), str(town.users["worker"].id)
    form = {"name": "路灯", "members": [worker], "act": "keep", "order": str(uuid7())}
    assert boss.post("/messages/groups", form).status_code == 303
    group = boss.text("/messages/groups").split('name="group" value="')[1].split('"')[0]
    write(town, town.visit("agent"), to=f"group:{group}")
    assert town.visit("worker").get("/api/news").json["unread"] == 1
    wrong = boss.post("/messages/groups", form | {"order": str(uuid7())})
    assert wrong.status_code == 400 and "没有用过的名称" in wrong.get_data(as_text=True)
    assert boss.post("/messages/groups", {"name": "空", "act": "keep"}).status_code == 400
    assert boss.post("/messages/groups", {"name": "路灯", "group": group, "act": "delete"}).status_code == 303
    assert 'name="group"' not in boss.text("/messages/groups")
