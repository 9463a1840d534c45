"""Filing: one order, three steps, one number; wrong fields are all named; twice is once."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, func, select

from demo.workdays import city_calendar
from schema.calls import CallRow
from schema.cases import Case, Citizen
from schema.desk.deadlines import keep_calendar
from schema.desk.errors import Refused
from schema.desk.filing import file_case
from schema.ids import CallId, ContactId, uuid7
from schema.rules.duewords import explain
from schema.store import Store
from tests.schema.desk.casework import CELL, NUMBER, Office


def file(desk: Office, **changes: object) -> Case:
    with desk.store.work() as work:
        return file_case(work, desk.filing(**changes))


def test_one_order_collects_accepts_and_files(desk: Office) -> None:
    order = desk.filing()
    with desk.store.work() as work:
        case = file_case(work, order)
    steps = desk.steps(case.id)
    assert [(step.hop, step.state) for step in steps] == [
        ("case.collected", "collected"), ("case.accepted", "accepted"), ("case.filed", "filed"),
    ]  # fmt: skip
    assert {step.contact for step in steps} == {case.contact}
    assert {step.by for step in steps} == {desk.agent}
    assert steps[-1].order == order.order
    (fact,) = desk.said()
    assert (fact.name, fact.contact, fact.body["case_no"], fact.body["version"]) == (
        "CaseFiled", case.contact, case.case_no, 1,
    )  # fmt: skip
    assert desk.look(case.id).version == 1


def test_the_citizen_is_met_once_and_known_again(desk: Office) -> None:
    first, second = file(desk), file(desk, citizen="", language="ug")
    assert first.citizen == second.citizen is not None
    with desk.store.read() as session:
        citizen = session.scalars(select(Citizen)).one()
    assert (citizen.number, citizen.name, citizen.language) == (NUMBER, "刘女士", "ug")


@pytest.mark.parametrize("number", ["", "anonymous"])
def test_nobody_is_made_up_for_a_withheld_number(desk: Office, number: str) -> None:
    case = file(desk, number=number)
    assert case.citizen is None and case.number == number


def test_the_same_order_again_is_the_same_case(desk: Office) -> None:
    order = desk.filing()
    with desk.store.work() as work:
        first = file_case(work, order)
    before = len(desk.said())
    with desk.store.work() as work:
        assert file_case(work, order).id == first.id
    assert len(desk.steps(first.id)) == 3 and len(desk.said()) == before


def test_an_order_id_that_meant_something_else_is_refused(desk: Office) -> None:
    case = desk.case("dispatched")
    used = desk.steps(case.id)[-1].order
    with pytest.raises(Refused, match="was something else before") as refused:
        file(desk, order=used)
    assert refused.value.field == "order"


def test_the_case_has_the_contact_of_its_call(desk: Office) -> None:
    call = uuid7()
    with desk.store.work() as work:
        work.session.add(CallRow(id=call, contact=call, node="pbx1", number=NUMBER, entered_at=work.now,
                                 case=None, queued_at=None, offered_at=None, answered_at=None, ended_at=None,
                                 user=None))  # fmt: skip
    assert file(desk, call=CallId(call)).contact == call
    assert file(desk, call=CallId(call), contact=ContactId(call)).contact == call
    with pytest.raises(Refused) as refused:
        file(desk, call=CallId(call), contact=ContactId(uuid7()))
    assert refused.value.field == "contact"


def test_a_call_whose_record_is_not_written_yet_keeps_its_contact(desk: Office) -> None:
    contact = ContactId(uuid7())
    assert file(desk, call=CallId(contact), contact=contact).contact == contact


def test_a_letter_gets_a_contact_of_its_own(desk: Office) -> None:
    case = file(desk, number="")
    assert isinstance(case.contact, UUID) and case.contact.version == 7


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("class_", "military"), ("class_", ""), ("kind", "gossip"), ("title", ""), ("title", "   "),
        ("title", "x" * 121), ("text", ""), ("text", "x" * 4001), ("text", "a\0b"), ("title", "a\x1bb"),
        ("text", "a\ud800b"), ("address", "x" * 201), ("number", "1" * 33), ("citizen", "x" * 101),
        ("language", "klingon-language"), ("language", ""), ("cell", "1"), ("cell", "330106001001009"),
        ("cell", ""), ("cell", "330106001001001'"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_kept(desk: Office, field: str, value: str) -> None:
    with pytest.raises(Refused) as refused:
        file(desk, **{field: value})
    assert (refused.value.code, refused.value.field) == ("bad-field", field)
    assert refused.value.fields[field]
    with desk.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0
    assert desk.said() == []


def test_every_wrong_field_is_named_at_once(desk: Office) -> None:
    with pytest.raises(Refused) as refused:
        file(desk, class_="x", kind="y", title="", cell="z", lon=1.0)
    assert set(refused.value.fields) == {"class_", "kind", "title", "cell", "lat"}


@pytest.mark.parametrize(
    ("lon", "lat", "field"),
    [(181.0, 30.0, "lon"), (120.0, 91.0, "lat"), (float("nan"), 30.0, "lon"), (None, 30.0, "lon"),
     (120.0, None, "lat")],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(
    desk: Office, lon: float | None, lat: float | None, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        file(desk, lon=lon, lat=lat)
    assert refused.value.field == field


def test_line_breaks_and_every_script_are_text(desk: Office) -> None:
    text = "第一行\n第二行\tئۇيغۇرچە 👍"
    assert desk.look(file(desk, text=text, title="مەسىلە").id).text == text


def test_without_a_code_the_cell_is_found_by_the_place(desk: Office) -> None:
    assert file(desk, cell="", lon=120.155, lat=30.265).cell == CELL
    with pytest.raises(Refused) as refused:
        file(desk, cell="", lon=121.0, lat=30.265)
    assert refused.value.field == "cell"


@pytest.mark.parametrize("post", ["expert", "worker", "admin"])
def test_who_may_not_file_does_not(desk: Office, post: str) -> None:
    with pytest.raises(Refused) as refused:
        file(desk, by=getattr(desk, post))
    assert refused.value.code == "not-allowed"


def test_nobody_we_know_may_file(desk: Office) -> None:
    with pytest.raises(Refused) as refused:
        file(desk, by=uuid7())
    assert refused.value.code == "not-allowed"


def test_a_case_is_due_by_the_citys_calendar(desk: Office) -> None:
    desk.store.clock = lambda: datetime(2026, 9, 29, 2, tzinfo=UTC)
    with desk.store.work() as work:
        keep_calendar(work, city_calendar("Asia/Shanghai"))
    case = file(desk)  # a complaint: five working days, over the National Day holiday
    assert case.due_at == datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
    assert "2026-10-10 is a make-up workday" in explain(case.due_words, "en")


def test_without_a_calendar_a_deadline_is_flagged(desk: Office) -> None:
    case = file(desk)
    assert case.due_at is not None and "beyond the known calendar" in explain(case.due_words, "en")


def test_the_number_goes_by_the_sites_day(desk: Office) -> None:
    desk.store.clock = lambda: datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 00:30 on the 24th in Shanghai
    assert file(desk).case_no == "ZW-20261124-0001"
    assert file(desk, class_="social").case_no == "SH-20261124-0001"
    assert file(desk).case_no == "ZW-20261124-0002"
    desk.store.clock = lambda: datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert file(desk).case_no == "ZW-20261125-0001"


def _at_once(desk: Office, orders: list[object], failing: int = -1) -> list[Exception]:
    """File every order on a thread of its own; the one that is `failing` fails after its number was given."""
    failures: list[Exception] = []
    gate = threading.Barrier(len(orders))

    def one(number: int, order: object) -> None:
        gate.wait()
        try:
            with desk.store.work() as work:
                file_case(work, order)  # type: ignore[arg-type]
                if number == failing:
                    raise RuntimeError("the line broke before the commit")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(orders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def _numbers(store: Store) -> list[str]:
    with store.read() as session:
        return sorted(session.scalars(select(Case.case_no)))


def test_numbers_have_no_gaps_and_no_doubles_when_many_file_at_once(desk: Office) -> None:
    at = datetime(2026, 11, 24, 4, tzinfo=UTC)
    desk.store.clock = lambda: at
    failures = _at_once(desk, [desk.filing(number=f"1390000{n:04d}") for n in range(12)], failing=5)
    assert [str(error) for error in failures] == ["the line broke before the commit"]
    assert _numbers(desk.store) == [f"ZW-20261124-{n:04d}" for n in range(1, 12)]


def test_one_new_citizen_who_files_on_many_lines_is_one_citizen(desk: Office) -> None:
    assert _at_once(desk, [desk.filing() for _ in range(6)]) == []
    with desk.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Citizen)) == 1
        assert len(set(session.scalars(select(Case.citizen)))) == 1


def test_one_order_sent_many_times_at_once_is_one_case(desk: Office) -> None:
    order = desk.filing()
    assert _at_once(desk, [order] * 6) == []
    assert len(_numbers(desk.store)) == 1
    assert file(desk).case_no.endswith("-0002")


def test_the_number_is_taken_when_only_writing_is_left(desk: Office) -> None:
    file(desk)
    sent: list[str] = []

    def hear(*told: object) -> None:
        sent.append(str(told[2]))

    event.listen(desk.store.engine, "before_cursor_execute", hear)
    file(desk, number="13900000009")
    event.remove(desk.store.engine, "before_cursor_execute", hear)
    (counted,) = (at for at, one in enumerate(sent) if one.startswith("INSERT INTO case_counters"))
    after = sent[counted + 1 :]
    assert after and not any(one.startswith("SELECT") for one in after)
    if not desk.store.is_sqlite:
        # The order's lock, what it asks about, the new citizen, the number, all the rows.
        assert len(sent) == 5 and len(after) == 1


def test_time_passes_between_commits_only(desk: Office) -> None:
    times = iter(datetime(2026, 11, 24, 4, tzinfo=UTC) + timedelta(seconds=n) for n in range(99))
    desk.store.clock = lambda: next(times)
    case = file(desk)
    assert len({step.at for step in desk.steps(case.id)}) == 1
