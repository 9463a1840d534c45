"""The time line: every room's rows in one order, of one contact, with the time between."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from schema.calls import CallRow, CallStep, LegRow
from schema.cases import Case, Task
from schema.desk.cases import check_case, close_case, dispatch_case, file_case, handle_case
from schema.desk.ratings import rate_case
from schema.desk.timeline import HOPS, timeline
from schema.handsets import Media, Report
from schema.ids import CallId, CaseId, ContactId, TaskId, uuid7
from schema.orders import CheckCase, CloseCase, DispatchCase, HandleCase, RateCase
from schema.recordings import Recording
from schema.store import UnitOfWork
from tests.schema.desk.casework import NUMBER, Office

BEGAN = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def call(work: UnitOfWork, id: UUID, contact: UUID, direction: str, user: UUID | None) -> None:
    work.session.add(
        CallRow(id=id, contact=contact, node="pbx1", number=NUMBER, direction=direction, case=None, entered_at=at(0),
                queued_at=None, offered_at=None, answered_at=None, ended_at=None, user=user)
    )  # fmt: skip
    work.session.flush()
    if user is not None:
        work.session.add(LegRow(node="pbx1", leg="2.0", call=id, kind="seat", seat="101", user=user, started_at=at(1),
                                answered_at=None, ended_at=None))  # fmt: skip


def step(
    work: UnitOfWork, id: UUID, contact: UUID, hop: str, seconds: float, seat: str = "", detail: str = ""
) -> None:
    work.session.add(CallStep(contact=contact, call=id, key=f"{hop} {id}", hop=hop, at=at(seconds), seat=seat,
                              detail=detail))  # fmt: skip


def the_whole_way(desk: Office) -> ContactId:
    """A call, its case, its task, a report with a photo, a return visit."""
    contact = ContactId(uuid7())
    visit, report = uuid7(), uuid7()

    def do(seconds: float) -> None:
        desk.store.clock = lambda: at(seconds)

    with desk.store.work() as work:
        call(work, contact, contact, "in", desk.agent)
        for hop, seconds, seat in (
            ("call.entered", 0, ""), ("ivr.notice", 3, ""), ("ivr.language", 4, ""), ("queue.entered", 4.1, ""),
            ("seat.ringing", 4.2, "101"), ("seat.answered", 6, "101"), ("recording.started", 6.01, "101"),
            ("call.ended", 40, ""),
        ):  # fmt: skip
            step(work, contact, contact, hop, seconds, seat)
    do(20)
    with desk.store.work() as work:
        case = file_case(work, desk.filing(call=CallId(contact), contact=contact))
    id = CaseId(case.id)
    do(25)
    with desk.store.work() as work:
        task = dispatch_case(work, DispatchCase(by=desk.agent, case=id, worker=desk.worker))
    with desk.store.work() as work:
        row = work.session.get_one(Task, task.id)
        row.sent_at, row.shown_at, row.state = at(25.1), at(26), "shown"
        work.session.add(Recording(id=uuid7(), contact=contact, call=contact, node="pbx1", leg="2.0", seat="101",
                                   name="x", state="kept", started_at=at(6), kept_at=at(41), seconds=34.0,
                                   sha256="a" * 64))  # fmt: skip
    do(100)
    with desk.store.work() as work:
        work.session.add(Report(id=report, device="w1", worker=desk.worker, task=task.id, case=case.id, contact=contact,
                                kind="report", text="已修好", lon=None, lat=None, accuracy=None, made_at=at(80),
                                at=work.now))  # fmt: skip
        work.session.flush()
        order = HandleCase(
            order=report, by=desk.worker, case=id, text="已修好", task=TaskId(task.id), report=report
        )
        handle_case(work, order)
        work.session.add(Media(id=uuid7(), report=report, device="w1", contact=contact, case=case.id, type="image/jpeg",
                               size=5, sha256="ab", state="whole", whole_at=at(101)))  # fmt: skip
        work.session.add(Media(id=uuid7(), report=report, device="w1", contact=contact, case=case.id, type="image/jpeg",
                               size=5, sha256="cd", state="due", whole_at=None))  # fmt: skip
    do(120)
    with desk.store.work() as work:
        check_case(work, CheckCase(by=desk.agent, case=id, passed=True))
    do(125)
    with desk.store.work() as work:
        close_case(work, CloseCase(by=desk.agent, case=id))
        call(work, visit, contact, "out", None)
        step(work, visit, contact, "visit.called", 126)
        step(work, visit, contact, "visit.answered", 130)
        step(work, visit, contact, "visit.ended", 140)
    do(140)
    with desk.store.work() as work:
        rate_case(work, RateCase(case=id, score=1))
    return contact


EXPECTED = [
    "call.entered", "ivr.notice", "ivr.language", "queue.entered", "seat.ringing", "seat.answered",
    "recording.started", "case.collected", "case.accepted", "case.filed", "case.dispatched", "task.sent",
    "task.shown", "call.ended", "recording.kept", "report.made", "report.received", "case.handled",
    "media.received", "case.checked", "case.closed", "visit.called", "visit.answered", "case.rated", "visit.ended",
]  # fmt: skip


def test_the_whole_way_is_in_order_and_of_one_contact(desk: Office) -> None:
    contact = the_whole_way(desk)
    with desk.store.read() as session:
        hops = timeline(session, contact)
    assert [hop.hop for hop in hops] == EXPECTED
    assert {hop.contact for hop in hops} == {contact}
    assert [hop.at for hop in hops] == sorted(hop.at for hop in hops)
    assert hops[0].ms == 0 and sum(hop.ms for hop in hops) == 140_000
    assert [hop.ms for hop in hops[:4]] == [0, 3000, 1000, 100]


def test_a_hop_says_who_and_what(desk: Office) -> None:
    contact = the_whole_way(desk)
    with desk.store.read() as session:
        by_name = {hop.hop: hop for hop in timeline(session, contact)}
    assert by_name["seat.answered"].who == by_name["case.filed"].who == "name of agent"
    assert by_name["seat.answered"].detail["seat"] == "101"
    assert by_name["report.made"].who == by_name["task.shown"].who == "name of worker"
    assert by_name["report.made"].text == "已修好"
    assert by_name["case.filed"].text == "路灯不亮" and by_name["case.filed"].detail["case_no"].startswith(
        "ZW-"
    )
    kept = by_name["recording.kept"].detail
    assert (kept["seconds"], kept["sha256"]) == (34.0, "a" * 64)
    assert UUID(kept["recording"])
    assert by_name["case.rated"].detail["score"] == 1 and by_name["case.rated"].who == ""


def test_another_contacts_hops_are_not_on_it(desk: Office) -> None:
    contact = the_whole_way(desk)
    other = desk.case("closed")
    with desk.store.read() as session:
        assert [hop.hop for hop in timeline(session, other.contact)] == [
            "case.collected", "case.accepted", "case.filed", "case.dispatched", "case.handled", "case.checked",
            "case.closed",
        ]  # fmt: skip
        assert [hop.hop for hop in timeline(session, contact)] == EXPECTED
        assert timeline(session, ContactId(uuid7())) == []


def test_a_handset_whose_clock_runs_ahead_did_not_report_after_we_received_it(desk: Office) -> None:
    case: Case = desk.case("dispatched")
    with desk.store.work() as work:
        work.session.add(Report(id=uuid7(), device="w1", worker=desk.worker, task=None, case=case.id,
                                contact=case.contact, kind="report", text="x", lon=None, lat=None,
                                accuracy=None, flag="future", made_at=work.now + timedelta(hours=3),
                                at=work.now))  # fmt: skip
    with desk.store.read() as session:
        hops = timeline(session, case.contact)
    assert [hop.hop for hop in hops[-2:]] == ["report.made", "report.received"]
    assert all(hop.ms >= 0 for hop in hops)


def test_every_hop_has_its_place_once() -> None:
    assert len(set(HOPS)) == len(HOPS)
    assert set(EXPECTED) < set(HOPS)
