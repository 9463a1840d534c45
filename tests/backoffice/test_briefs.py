"""The daily brief as page and on paper: figures with what they are of, in each language; a past day is final."""

import re
import zlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from backoffice import reportpaper
from schema.cases import Case
from schema.desk.casemarks import mark_hot
from schema.ids import CaseId
from schema.orders import MarkHot
from schema.people import AuditRow
from tests.backoffice.conftest import POSTS, Town, plain
from tests.backoffice.test_reportpaper import fonts
from tests.conftest import store_url  # noqa: F401 (on both databases)

PATHS = ("/leader", "/brief", "/brief/2026-11-24", "/brief/2026-11-24.pdf")
TODAY = "2026-11-24"


def letters(paper: bytes) -> set[str]:
    """Every letter that the fonts of a PDF say they paint (their ToUnicode maps)."""
    found: set[str] = set()
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL):
        try:
            text = zlib.decompress(packed)
        except zlib.error:
            continue
        if b"beginbfchar" in text:
            for glyph, letter in re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", text):
                if int(glyph, 16):
                    found |= set(bytes.fromhex(letter.decode()).decode("utf-16-be", "replace"))
    return found


def test_leaders_and_supervisors_see_it_and_nobody_else(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reportpaper, "pdf", lambda html: b"%PDF-")
    town.filed()
    for post in POSTS:
        visit = town.visit(post)
        for path in PATHS:
            wanted = 200 if post in ("supervisor", "leader") else 403
            assert visit.get(path).status_code == wanted, (post, path)


def test_a_figure_is_shown_with_its_denominator_the_days_before_and_its_definition(town: Town) -> None:
    town.filed()
    town.clock.now += timedelta(days=1)
    town.filed()
    town.filed()
    town.clock.now += timedelta(minutes=1)
    words = plain(town.visit("leader").text("/brief/2026-11-25"))
    assert "受理 2 前一日 1 +1 上周同日 0 +2 当日受理的诉求，拆分件不重复计。" in words
    assert "截至 16:01" in words and "全市合计" in words


def test_a_past_day_is_final_and_listed_in_its_month(town: Town) -> None:
    town.filed()
    town.clock.now += timedelta(days=8)
    leader = town.visit("leader")
    first = plain(leader.text(f"/brief/{TODAY}"))
    assert "全日数据，已定稿" in first and "受理 1 " in first
    with town.store.work() as work:
        for case in work.session.scalars(select(Case)):
            case.made_at += timedelta(days=1)
    assert plain(leader.text(f"/brief/{TODAY}")) == first
    assert f"/brief/{TODAY}" in leader.text("/brief?month=2026-11")
    assert f"/brief/{TODAY}" not in leader.text("/brief?month=2026-10")
    for asked in ("", "x", "2026-13", "0000-01"):
        assert "2026-12" in leader.text(f"/brief?month={asked}")


@pytest.mark.parametrize(
    "day", ["x", "2026-11-25", "20261124", "2026-02-30", "1970-01-01", "2026-11-24.html"]
)
def test_a_day_that_is_none_to_come_or_before_everything_is_not_there(town: Town, day: str) -> None:
    town.filed()
    assert town.visit("leader").get(f"/brief/{day}").status_code == 404


def test_a_hot_case_is_named_to_whom_it_may_be(town: Town) -> None:
    case, open_ = town.filed(title="保密的事"), town.filed(title="路灯不亮")
    with town.store.work() as work:
        for one in (case, open_):
            mark_hot(work, MarkHot(by=town.users["leader"].id, case=CaseId(one.id)))
        work.session.get_one(Case, case.id).confidential = True
    html = town.visit("leader").text(f"/brief/{TODAY}")
    assert case.case_no in html and "保密的事" not in html and "路灯不亮" in html
    with town.store.work() as work:
        work.session.get_one(Case, case.id).state = "closed"
    assert case.case_no not in town.visit("leader").text("/leader")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("每日要情", "按期结案率", "前一日")),
        ("en", ("Daily brief", "Closed in time")),
        ("ug", ("كۈندىلىك",)),
    ],
)
def test_on_paper_it_has_the_figures_and_whole_letters(
    town: Town, language: str, words: tuple[str, ...]
) -> None:
    for _ in range(3):
        town.filed(title="路灯不亮")
    leader = town.visit("leader")
    leader.post("/language", {"language": language, "next": "/brief"})
    answer = leader.get(f"/brief/{TODAY}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert f"brief-{TODAY}.pdf" in answer.headers["Content-Disposition"]
    told = letters(answer.data)
    wanted = {letter for word in words for letter in word} | set(TODAY)
    assert wanted - {" "} <= told, "every letter is set in a font that has it"
    assert re.search(
        {"zh": "CJK|WenQuanYi", "en": "DejaVu", "ug": "UKIJ|Arabic"}[language], fonts(answer.data)
    )
    with town.store.read() as session:
        assert session.scalars(select(AuditRow.subject).where(AuditRow.what == "brief.pdf")).all() == [TODAY]


def test_paper_that_cannot_be_made_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(html: str) -> bytes:
        raise reportpaper.PaperTrouble("no ink")

    town.filed()
    monkeypatch.setattr(reportpaper, "pdf", fails)
    assert town.visit("leader").get(f"/brief/{TODAY}.pdf").status_code == 500
