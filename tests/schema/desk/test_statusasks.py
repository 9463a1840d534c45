"""Questions by voice about a case by its number: told to who proves it, and to nobody who tries."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from schema.cases import Case
from schema.desk.confiding import conceal_case
from schema.desk.statusasks import MOST_FAILED, MOST_WRONG, Proved, ask_status, prove_status
from schema.ids import CaseId, ContactId, uuid7
from schema.orders import AskStatus, ConcealCase, ProveStatus
from schema.people import AuditRow
from schema.statusasks import StatusAsk
from tests.schema.desk.casework import Office

MINE, CALLER = "13900005678", "02188880000"
CONTACT = ContactId(uuid7())


def digits(case: Case) -> str:
    return "".join(one for one in case.case_no if one.isdigit())


def ask(
    desk: Office, typed: str, caller: str = CALLER, order: UUID | None = None
) -> tuple[str, tuple[UUID, ...]]:
    with desk.store.work() as work:
        return ask_status(
            work, AskStatus(order=order or uuid7(), contact=CONTACT, number=caller, digits=typed)
        )


def prove(
    desk: Office, cases: tuple[UUID, ...], typed: str, nth: int = 1, caller: str = CALLER
) -> tuple[str, Proved | None]:
    with desk.store.work() as work:
        return prove_status(
            work, ProveStatus(contact=CONTACT, number=caller, digits=typed, cases=cases, nth=nth)
        )


def test_who_knows_number_and_telephone_is_told_how_far_it_is_and_when_it_is_due(desk: Office) -> None:
    case = desk.case("dispatched", number=MINE)
    said, cases = ask(desk, digits(case))
    assert (said, cases) == ("found", (case.id,))
    said, told = prove(desk, cases, "5678")
    assert said == "right" and told is not None
    assert (told.case_no, told.ending, told.stage, told.at) == (
        case.case_no,
        digits(case)[-4:],
        "in-hand",
        case.due_at,
    )


def test_what_is_short_or_not_there_is_said_apart(desk: Office) -> None:
    assert ask(desk, "2026")[0] == "short"
    assert ask(desk, "203001010001")[0] == "unknown"


def test_the_same_order_again_counts_once(desk: Office) -> None:
    order = uuid7()
    assert [ask(desk, "203001010001", order=order)[0] for _ in range(2)] == ["unknown"] * 2
    with desk.store.read() as session:
        assert len(session.scalars(select(StatusAsk)).all()) == 1


def test_numbers_cannot_be_tried_through_from_one_telephone(desk: Office) -> None:
    case = desk.case("filed", number=MINE)
    for n in range(MOST_FAILED):
        assert ask(desk, f"20300101{n + 1:04d}")[0] == "unknown"
    assert ask(desk, digits(case))[0] == "limited"
    assert ask(desk, digits(case), caller="13100000000")[0] == "found"
    now = desk.store.clock()
    desk.store.clock = lambda: now + timedelta(hours=1, minutes=1)
    assert ask(desk, digits(case))[0] == "found"


def test_a_case_has_so_many_wrong_answers_whoever_gives_them_and_the_third_in_a_call_is_audited(
    desk: Office,
) -> None:
    case = desk.case("filed", number=MINE)
    _, cases = ask(desk, digits(case))
    for n in range(MOST_WRONG):
        assert prove(desk, cases, "0000", nth=n % 3 + 1, caller=f"1310000000{n}") == ("wrong", None)
    with desk.store.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.what == "case.ask")).all()
    assert [(row.subject, row.allowed) for row in rows] == [(case.case_no, False)] * 2
    assert ask(desk, digits(case), caller="13200000000")[0] == "limited"


def test_nothing_is_told_of_what_is_confidential_or_has_no_telephone(desk: Office) -> None:
    secret, letter = desk.case("filed", number=MINE), desk.case("filed", number="")
    _, cases = ask(desk, digits(secret))
    with desk.store.work() as work:
        conceal_case(work, ConcealCase(by=desk.supervisor, case=CaseId(secret.id), reason="保密"))
    assert ask(desk, digits(secret))[0] == "agent" and ask(desk, digits(letter))[0] == "agent"
    assert prove(desk, cases, "5678") == ("limited", None), "it became confidential meanwhile"
