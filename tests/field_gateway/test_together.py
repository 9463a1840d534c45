"""What several handsets say goes into one commit, and is answered as if each had come alone; or none of it goes."""

import json
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import event

from field_gateway.intake import Answer
from field_gateway.positions import Said
from schema.cases import Case
from schema.handsets import InboxConflict, Report
from schema.ids import uuid7
from tests.field_gateway.play import LAT, LON, Handset, Street, said

PLACE = {"lon": LON, "lat": LAT, "accuracy": 5}


Take = Callable[..., Sequence[Answer] | None]


@pytest.fixture
def take(hs1: Handset) -> Take:
    def taken(*bodies: tuple[str, bytes], what: str = "report") -> Sequence[Answer] | None:
        return hs1.intake.take_together(
            [Said(f"gridline/{device}/up/{what}", body, []) for device, body in bodies]
        )

    return taken


def test_reports_that_file_cases_and_answer_tasks_go_into_one_commit(
    street: Street, hs1: Handset, hs2: Handset, take: Take
) -> None:
    task = street.dispatch(no="S20260101001")
    commits: list[object] = []
    counted = commits.append
    event.listen(street.store.engine, "commit", counted)
    answers = take(("hs1", hs1.report(task=task.id)), ("hs2", hs2.report(place=PLACE)))
    event.remove(street.store.engine, "commit", counted)
    assert answers is not None and len(commits) == 1
    assert [(one.device, one.receipt.status) for one in answers] == [("hs1", "kept"), ("hs2", "kept")]
    numbers = [said(one)["case_no"] for one in answers]
    assert (
        numbers[0] == "S20260101001" and street.one_of(Case, Case.case_no == numbers[1]).channel == "handset"
    )
    assert street.one_of(Report, Report.device == "hs2").worker == street.two.id
    assert street.facts().count("ReportReceived") == 2 and "CaseHandled" in street.facts()


def test_two_new_cases_of_one_commit_have_numbers_of_their_own(
    street: Street, hs1: Handset, hs2: Handset, take: Take
) -> None:
    answers = take(("hs1", hs1.report(place=PLACE)), ("hs2", hs2.report(place=PLACE)))
    assert answers is not None
    assert len({said(one)["case_no"] for one in answers}) == 2


def test_what_came_before_and_what_reuses_an_id_are_answered_beside_what_is_new(
    street: Street, hs1: Handset, hs2: Handset, take: Take
) -> None:
    first, id = hs1.report(), uuid7()
    before = hs1.say("report", first)
    hs2.say("report", hs2.report(id=id, text="one"))
    answers = take(("hs1", first), ("hs2", hs2.report(id=id, text="two")))
    assert answers is not None
    assert said(answers[0]) == {**before, "status": "again"}
    assert (answers[1].receipt.status, answers[1].receipt.code) == ("conflict", "id-reused")
    assert street.one_of(InboxConflict).device == "hs2" and street.rows()["reports"] == 2


def test_one_that_is_refused_or_cannot_be_read_leaves_nothing_and_each_is_to_come_by_itself(
    street: Street, hs1: Handset, hs2: Handset, take: Take
) -> None:
    id = uuid7()
    before = street.rows()
    for spoilt in (hs2.report(task=uuid7()), b"{", hs2.report(edits=uuid7(), base=1), hs2.report(id=id)):
        assert take(("hs1", hs1.report(id=id)), ("hs2", spoilt)) is None
    assert take(("hs1", hs1.report()), ("nobody", hs1.report())) is None
    assert take(("hs1", b""), ("hs2", b""), what="media/x") is None
    assert street.rows() == before and street.facts() == []


def test_who_asks_is_told_what_else_is_kept(street: Street, hs1: Handset, hs2: Handset) -> None:
    lost = hs1.report()
    hs1.say("report", lost)
    answers = hs1.intake.take_together(
        [
            Said("gridline/hs1/up/report", hs1.report(), [("low", "1")]),
            Said("gridline/hs2/up/report", hs2.report(), []),
        ]
    )
    assert answers is not None
    assert said(answers[0])["ids"] == [json.loads(lost)["id"]] and "ids" not in said(answers[1])
