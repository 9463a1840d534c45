"""Registers on their pages: looked up by all, filled after a check by keepers, brought back, closed, taken along."""

from typing import Any

from sqlalchemy import select

from schema.ids import uuid7
from schema.people import AuditRow
from tests.backoffice.conftest import Town, Visit

SHEET = "编号,名称,电话\n1,<b>公司</b>,0571\n2,乙公司,=1+1\n"


def send(who: Visit, what: str, data: bytes, **query: str) -> Any:
    return who.client.post(
        f"/registers/firms/{what}", query_string=query, data=data,
        headers={"X-CSRF": who.csrf, "Accept": "application/json"},
    )  # fmt: skip


def begun(town: Town) -> Visit:
    clerk = town.visit("clerk")
    typed = {"register": "firms", "zh": "企业", "ug": "شىركەت"}
    assert clerk.post("/registers", typed).location == "/registers/firms"
    return clerk


def put(who: Visit, text: str, version: int = 0, **query: str) -> Any:
    return send(
        who, "import", text.encode("gb18030"), order=str(uuid7()), version=str(version), file="企业.csv", **query
    )  # fmt: skip


def test_a_sheet_is_checked_then_put_in_and_everybody_looks_it_up(town: Town) -> None:
    clerk, worker = begun(town), town.visit("worker")
    assert "还没有内容" in clerk.text("/registers/firms")
    found = send(clerk, "check", (SHEET + "2,丙,\n").encode(), way="replace").json
    assert (found["version"], found["added"]["count"], found["faulty"]) == (0, 2, 1)
    assert found["faults"] == [{"line": 4, "column": "编号", "why": "编号重复"}]
    refused = put(clerk, SHEET + "2,丙,\n", way="replace")
    assert refused.status_code == 400 and "有错误的行" in refused.json["text"]
    assert put(clerk, SHEET, way="replace").json == {"version": 1, "added": 2, "changed": 0, "removed": 0}
    assert put(clerk, SHEET, way="replace").status_code == 409
    html = worker.text("/registers/firms?q=公司")
    assert "&lt;b&gt;公司" in html and "乙公司" in html and "register-import" not in html
    assert "没有符合" in worker.text("/registers/firms?q=丁")
    assert "企业" in worker.text("/registers") and "register-new" not in worker.text("/registers")
    csv = worker.get("/registers/firms/rows.csv").get_data(as_text=True)
    assert "2,乙公司,'=1+1" in csv
    with town.store.read() as session:
        noted = set(session.scalars(select(AuditRow.what).where(AuditRow.what.startswith("register."))))
    assert noted == {"register.make", "register.import", "register.csv"}


def test_what_cannot_be_taken_is_said_in_the_reader_s_language(town: Town) -> None:
    clerk = begun(town)
    for data, word in ((b"\xff\xff\xff\x80", "UTF-8"), ("a,民族\n1,2".encode(), "“民族”"), (b"", "空")):
        answer = send(clerk, "check", data, way="replace")
        assert answer.status_code == 400 and word in answer.json["text"], data
    assert send(clerk, "check", b"a\n" + b"1" * 600_000, way="merge").status_code == 413
    assert send(clerk, "import", SHEET.encode(), way="merge", version="x").status_code == 400
    again = clerk.post("/registers", {"register": "firms", "zh": ""})
    assert again.status_code == 400 and "短名" in again.get_data(as_text=True)
    agent = town.visit("agent")
    assert send(agent, "check", SHEET.encode()).status_code == 403
    assert agent.post("/registers", {"register": "x", "zh": "x"}).status_code == 403
    assert agent.get("/registers/none").status_code == 404


def test_a_version_is_brought_back_and_a_register_closed_and_opened(town: Town) -> None:
    clerk = begun(town)
    put(clerk, SHEET, way="replace")
    put(clerk, "编号,名称,电话\n3,丁,\n", 1, way="replace")
    assert clerk.post("/registers/firms/back", {"version": "2", "to": "1"}).status_code == 303
    html = clerk.text("/registers/firms")
    assert "恢复第 1 版" in html and "乙公司" in html
    assert clerk.post("/registers/firms/back", {"version": "2", "to": "1"}).status_code == 409
    assert clerk.post("/registers/firms/close").status_code == 303
    assert "已停用" in clerk.text("/registers") and "已停用" in clerk.text("/registers/firms")
    assert town.visit("agent").get("/registers/firms").status_code == 404
    assert clerk.post("/registers/firms/close", {"back": "yes"}).status_code == 303
    assert "乙公司" in town.visit("agent").text("/registers/firms")


def test_the_pages_are_shown_in_every_language(town: Town) -> None:
    clerk = begun(town)
    put(clerk, SHEET, way="replace")
    for language, word in (("ug", "شىركەت"), ("en", "Versions")):
        clerk.post("/language", {"language": language})
        text = clerk.text("/registers/firms")
        assert word in text and "register." not in text.replace("/registers.", "").replace("register.css", "")
