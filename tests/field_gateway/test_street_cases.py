"""What a worker reports of their own becomes a case in the same commit, and is kept where it cannot."""

import pytest
from sqlalchemy import select

from schema.cases import Case, CaseStep, Task
from schema.handsets import InboxRow, Media, Report
from schema.ids import uuid7
from schema.orders import FileCase
from schema.store import StoreUnreachable
from tests.field_gateway.play import CELL, LAT, LON, Handset, Street

HERE = {"lon": LON, "lat": LAT, "accuracy": 5}


def test_a_report_of_ones_own_files_a_case_in_its_commit(street: Street, hs1: Handset) -> None:
    photo = {"id": str(uuid7()), "type": "image/png", "size": 1, "sha256": "a" * 64}
    body = hs1.report(text="井盖不见了\n湖滨路口", place=HERE, media=[photo])
    receipt = hs1.say("report", body)
    case, report = street.one_of(Case), street.one_of(Report)
    assert (receipt["status"], receipt["case_no"]) == ("kept", case.case_no) and "reason" not in receipt
    assert (case.title, case.text, case.cell) == ("井盖不见了", "井盖不见了\n湖滨路口", CELL)
    assert (case.state, case.channel, case.made_by) == ("filed", "handset", street.one.id)
    assert (report.case, report.contact, report.id) == (case.id, case.contact, case.contact)
    assert street.one_of(Media).case == case.id
    assert street.facts() == ["CaseFiled", "ReportReceived"]
    rows = street.rows()
    assert hs1.say("report", body) == {**receipt, "status": "again"}
    assert street.rows() == rows


def test_its_title_and_category_are_the_handsets_to_say(street: Street, hs1: Handset) -> None:
    with street.store.read() as session:
        from schema.desk.rulebooks import categories

        leaf = next(categories(session).leaves())
    receipt = hs1.say("report", hs1.report(title="缺井盖", category=leaf.code, place=HERE))
    case = street.one_of(Case)
    assert receipt["case_no"] == case.case_no
    assert (case.title, case.category) == ("缺井盖", leaf.code)


def test_an_unknown_category_is_left_out_and_told(street: Street, hs1: Handset) -> None:
    receipt = hs1.say("report", hs1.report(category="9898", place=HERE))
    assert receipt["case_no"] and "category 9898" in receipt["reason"]
    assert street.one_of(Case).category == ""


def test_what_no_case_can_be_made_of_is_kept_and_says_why(street: Street, hs1: Handset) -> None:
    for place, why in ((None, "no place"), ({"lon": 1, "lat": 1}, "no grid cell")):
        receipt = hs1.say("report", hs1.report(**({"place": place} if place else {})))
        assert receipt["status"] == "kept" and "case_no" not in receipt and why in receipt["reason"]
    assert street.rows()["reports"] == 2 and street.rows()["case_steps"] == 0


def test_the_worker_needs_no_right_of_the_office_and_gets_none(street: Street, hs1: Handset) -> None:
    from schema.desk.cases import file_case
    from schema.desk.errors import Refused

    hs1.say("report", hs1.report(place=HERE))
    order = FileCase(by=street.one.id, class_="social", kind="service", title="t", text="t", cell=CELL)
    with street.store.work() as work, pytest.raises(Refused) as caught:
        file_case(work, order)
    assert caught.value.code == "not-allowed"


def test_no_case_is_left_when_the_commit_fails(
    street: Street, hs1: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from field_gateway import intake

    def away(*_: object, **__: object) -> None:
        raise StoreUnreachable("gone")

    body = hs1.report(place=HERE)
    with monkeypatch.context() as patched, pytest.raises(StoreUnreachable):
        patched.setattr(intake.inbox, "accept", away)
        hs1.say("report", body)
    with street.store.read() as session:
        assert [session.scalars(select(table)).all() for table in (Case, CaseStep, Report, InboxRow)] == [
            []
        ] * 4
    assert hs1.say("report", body)["case_no"] == street.one_of(Case).case_no


def test_the_case_is_dispatched_and_answered_like_any_other(street: Street, hs1: Handset) -> None:
    from schema.desk.cases import dispatch_case
    from schema.ids import CaseId
    from schema.orders import DispatchCase

    hs1.say("report", hs1.report(place=HERE))
    with street.store.work() as work:
        case = street.one_of(Case)
        dispatch_case(work, DispatchCase(case=CaseId(case.id), worker=street.one.id))
    task = street.one_of(Task)
    assert hs1.say("report", hs1.report(task=task.id))["case_no"] == case.case_no
    assert street.one_of(Case).state == "handled"
