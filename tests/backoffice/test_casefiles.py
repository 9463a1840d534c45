"""The files of a case on its page: brought, looked at, taken back; each look is one row of the log."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from backoffice import casefiles
from backoffice.filekinds import MOST_BYTES
from schema.casefiles import CaseFile
from schema.ids import uuid7
from schema.people import AuditRow
from tests.backoffice import filesamples as some
from tests.backoffice.conftest import Town, Visit


class Papers:
    """A case, and people who bring files to it."""

    def __init__(self, town: Town) -> None:
        self.town, self.no = town, town.filed().case_no

    def bring(self, who: Visit, data: bytes, name: str = "letter.pdf", order: object = None) -> Any:
        return who.client.post(
            f"/cases/{self.no}/files",
            query_string={"order": str(order or uuid7()), "name": name},
            data=data,
            headers={"X-CSRF": who.csrf, "Accept": "application/json"},
        )

    def rows(self) -> list[CaseFile]:
        with self.town.store.read() as session:
            return list(session.scalars(select(CaseFile).order_by(CaseFile.id)))

    def looks(self) -> list[str]:
        with self.town.store.read() as session:
            return list(session.scalars(select(AuditRow.reason).where(AuditRow.what == "case.see-file")))


@pytest.fixture
def papers(town: Town) -> Papers:
    return Papers(town)


def test_a_letter_comes_to_a_case_is_shown_and_found(papers: Papers) -> None:
    agent = papers.town.visit("agent")
    order = uuid7()
    data = some.pdf("The lamp at Ginkgo Road")
    first = papers.bring(agent, data, "C:\\letters\\Brief <b>.pdf", order)
    assert first.status_code == 201 and first.json["name"] == "Brief <b>.pdf" and first.json["words"] > 20
    assert papers.bring(agent, data, "other.pdf", order).json == first.json and len(papers.rows()) == 1
    page = agent.text(f"/cases/{papers.no}")
    assert "Brief &lt;b&gt;.pdf" in page and "Brief <b>" not in page
    address = re.search(rf"/cases/{papers.no}/files/[0-9a-f-]+", page)
    assert address is not None
    answer = agent.get(address[0])
    assert answer.data == data and answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert (
        answer.headers["Cache-Control"] == "private, no-store"
        and answer.headers["X-Content-Type-Options"] == "nosniff"
    )
    assert papers.looks() == ["Brief <b>.pdf"] and papers.no in agent.text("/cases?q=Ginkgo")


def test_what_is_not_taken_is_told_and_leaves_nothing(papers: Papers) -> None:
    agent = papers.town.visit("agent")
    assert (papers.bring(agent, b"MZ\x90\x00").status_code, papers.rows()) == (400, [])
    assert papers.bring(agent, b"").status_code == 400
    assert papers.bring(agent, b"a" * (MOST_BYTES + 1)).status_code == 413
    assert papers.bring(agent, b"a", order="no id").status_code == 400
    assert papers.bring(papers.town.visit("expert"), b"a").status_code == 403
    assert papers.bring(papers.town.visit("department"), b"a").status_code in (403, 404)
    papers.no = "ZW-1"
    assert papers.bring(agent, b"a").status_code == 404
    assert not list(papers.town.settings.vault.rglob("files/*/*"))


def test_what_the_desk_refuses_leaves_no_bytes(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = papers.town.visit("agent")
    papers.bring(agent, b"one")
    monkeypatch.setattr("schema.desk.casefiles.MOST", 1)
    assert papers.bring(agent, b"two").status_code == 400
    assert len(list(papers.town.settings.vault.rglob("files/*/*"))) == len(papers.rows()) == 1


def test_a_file_is_taken_back_by_a_form(papers: Papers) -> None:
    agent, clerk = papers.town.visit("agent"), papers.town.visit("clerk")
    papers.bring(agent, "来信".encode(), "a.txt")
    path = f"/cases/{papers.no}/files/{papers.rows()[0].id}"
    assert (
        agent.get(path).mimetype == "text/plain"
        and "inline" in agent.get(path).headers["Content-Disposition"]
    )
    assert clerk.post(f"{path}/back", {"reason": "x"}).status_code == 403
    assert agent.post(f"{path}/back", {"reason": ""}).status_code == 400
    assert agent.post(f"{path}/back", {"reason": "放错了"}).status_code == 303
    assert (
        agent.get(path).status_code == 404
        and "a.txt" not in agent.text(f"/cases/{papers.no}/part").split("timeline")[0]
    )
    assert agent.get(f"/cases/{papers.no}/files/nothing").status_code == 404


def test_a_file_of_a_confidential_case_is_not_there_for_who_may_not_see_it(papers: Papers) -> None:
    agent, supervisor = papers.town.visit("agent"), papers.town.visit("supervisor")
    papers.bring(agent, b"secret", "a.txt")
    path = f"/cases/{papers.no}/files/{papers.rows()[0].id}"
    supervisor.post(f"/cases/{papers.no}/conceal", {"reason": "来电人要求保密"})
    assert agent.get(path).status_code == 404 and supervisor.get(path).data == b"secret"
    assert papers.bring(agent, b"more").status_code == 404 and len(papers.rows()) == 1


def test_a_long_name_keeps_its_ending() -> None:
    assert (
        casefiles._short("x" * 300 + ".pdf").endswith("….pdf")
        and len(casefiles._short("x" * 300 + ".pdf")) <= 120
    )
    assert len(casefiles._short("x" * 300)) == 120 and casefiles._short("/etc/passwd") == "passwd"
