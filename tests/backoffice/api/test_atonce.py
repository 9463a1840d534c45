"""Orders that are carried out at once: the change, the key and the audit are one commit, whatever breaks."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from backoffice.api import atonce
from schema.cases import Case
from schema.people import AuditRow
from schema.tokens import ApiOrder
from tests.backoffice.api.conftest import Program
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.api.test_cases import NEW


def counted(crm: Program) -> tuple[int, ...]:
    with crm.town.store.read() as session:
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
        keys = session.scalar(select(func.count()).select_from(ApiOrder)) or 0
        noted = session.scalar(select(func.count()).where(AuditRow.what == "case.file")) or 0
    return cases, keys, noted


def test_what_breaks_before_the_commit_leaves_nothing(crm: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(atonce, "noted", broken)
        assert crm.post("/cases", NEW, key="a").status_code == 500
    assert counted(crm) == (0, 0, 0)
    assert crm.post("/cases", NEW, key="a").status_code == 201
    assert counted(crm) == (1, 1, 1)


def test_many_at_once_under_one_key_file_one_case(crm: Program) -> None:
    start, answers = threading.Barrier(6), []

    def file() -> None:
        start.wait()
        answers.append(crm.post("/cases", NEW, key="a"))

    threads = [threading.Thread(target=file) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.status_code for one in answers} <= {201, 409} and counted(crm) == (1, 1, 1)
    assert {one.json["code"] for one in answers if one.status_code == 409} <= {"in-progress"}
    assert len({one.json["case"]["number"] for one in answers if one.status_code == 201}) == 1


def test_the_key_of_one_order_opens_no_other(crm: Program) -> None:
    assert crm.post("/cases", NEW, key="a").status_code == 201
    answer = crm.post("/cases", NEW | {"title": "别的"}, key="a")
    assert (answer.status_code, answer.json["code"]) == (422, "other-request")
