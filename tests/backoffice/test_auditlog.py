"""The log on the screen: what is asked for and no more, page by page, and as a file that computes nothing."""

import csv
import io
from datetime import timedelta

import pytest

from backoffice import auditlog
from schema.desk import audit
from tests.backoffice.conftest import NOW, Town, plain
from tests.conftest import store_url  # noqa: F401 (on both databases)


def write(town: Town, what: str, subject: str = "", login: str = "li", **more: bool) -> None:
    with town.store.work() as work:
        audit.note(work, what, subject, who=None, login=login, **more)


def subjects(html: str) -> list[str]:
    return [part.split("</td>")[0] for part in html.split('<td class="ltr id">')[1:]]


@pytest.fixture
def filled(town: Town) -> Town:
    write(town, "log-in", "li")
    write(town, "log-in", "wang", "wang", allowed=False)
    town.clock.now = NOW + timedelta(days=1)
    write(town, "case.read", "ZW-1")
    write(town, "contact.read", "c-1", "wang")
    write(town, "refused", "GET /audit", allowed=False)
    write(town, "door.password", "li")
    town.clock.now = NOW + timedelta(days=2)
    return town


def test_the_log_shows_looks_and_refusals(town: Town) -> None:
    admin = town.visit("admin")
    assert "还没有记录" in admin.text("/audit")
    town.visit("agent").get("/people/000/unlock")
    town.visit("agent").post("/people/000/unlock")
    words = plain(admin.text("/audit"))
    assert (
        "越权访问" in words and "POST /people/000/unlock" in words and "拒绝" in words and "链首 1:" in words
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["li", "GET /audit", "c-1", "ZW-1", "wang", "li"]),
        ("login=WANG", ["c-1", "wang"]),
        ("what=case.read", ["ZW-1"]),
        ("subject=ZW-1", ["ZW-1"]),
        ("subject=ZW", []),
        ("result=refused", ["GET /audit", "wang"]),
        ("result=allowed&login=wang", ["c-1"]),
        ("from=2026-11-25", ["li", "GET /audit", "c-1", "ZW-1"]),
        ("to=2026-11-24", ["wang", "li"]),
        ("from=2026-11-24&to=2026-11-25&what=log-in", ["wang", "li"]),
        ("from=2026-11-26", []),
        ("view=doors", ["li", "wang", "li"]),
        ("view=looks", ["c-1", "ZW-1"]),
        ("view=refused", ["GET /audit", "wang"]),
        ("view=refused&login=wang", ["wang"]),
        ("view=x&result=y&before=z", ["li", "GET /audit", "c-1", "ZW-1", "wang", "li"]),
        ("login=%00%ED%A0%80", []),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_shown_newest_first(filled: Town, query: str, found: list[str]) -> None:
    html = filled.visit("admin").text(f"/audit?{query}")
    assert subjects(html) == found
    assert ("没有符合条件" in html) == (not found)


@pytest.mark.parametrize(
    "query", ["from=x", "to=2026-02-30", "from=2026-11-25&to=2026-11-24", "to=9999-12-31"]
)
def test_a_date_that_cannot_be_is_said_at_its_field(filled: Town, query: str) -> None:
    admin = filled.visit("admin")
    answer = admin.get(f"/audit?{query}")
    assert answer.status_code == 400
    html = answer.get_data(as_text=True)
    assert html.count("请填写有效日期") == 1 and 'aria-invalid="true"' in html and subjects(html) == []
    assert admin.get(f"/audit.csv?{query}").status_code == 400


def test_older_rows_follow_without_a_row_lost_or_doubled(
    filled: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditlog, "PER_PAGE", 4)
    admin = filled.visit("admin")
    html = admin.text("/audit?login=&from=2026-11-24")
    write(filled, "log-out", "later")
    older = html.split('data-testid="audit-older"')[0].split('href="')[-1].split('"')[0].replace("&amp;", "&")
    assert "from=2026-11-24" in older and "before=3" in older
    second = admin.text(older)
    assert subjects(html) + subjects(second) == ["li", "GET /audit", "c-1", "ZW-1", "wang", "li"]
    assert "audit-older" not in second and "audit-newest" in second


def test_the_file_holds_what_is_filtered_and_its_taking_is_written_down(filled: Town) -> None:
    write(filled, "case.read", "=HYPERLINK(1)")
    admin = filled.visit("admin")
    answer = admin.get("/audit.csv?what=case.read")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.startswith("\ufeff") and rows[0][:3] == ["序号", "时间", "用户名"]
    assert [row[5] for row in rows[1:]] == ["'=HYPERLINK(1)", "ZW-1"]
    assert rows[2][0] == "3" and rows[2][1] == "2026-11-25T16:00:00+08:00" and len(rows[2][8]) == 64
    assert subjects(admin.text("/audit?what=audit.csv")) == ["what=case.read"]


def test_a_long_file_is_whole_up_to_its_limit(filled: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled.store.work() as work:
        for n in range(1500):
            audit.note(work, "case.read", f"n{n}", who=None)
    admin = filled.visit("admin")
    numbers = [int(row.split(",")[0]) for row in admin.text("/audit.csv").splitlines()[1:]]
    assert numbers == list(range(1507, 0, -1)), "the taking itself is the newest row"
    monkeypatch.setattr(auditlog, "MOST", 1200)
    assert len(admin.text("/audit.csv").splitlines()) == 1201
