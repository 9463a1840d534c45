"""History is written once and never rewritten; texts are texts."""

import re
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from schema.cases import Case, CaseStep
from schema.desk.errors import Refused
from schema.desk.moves import allow, part_of, refuse_texts, text_fault
from schema.ids import uuid7
from schema.people import User
from tests.schema.desk.casework import Office


def test_the_database_refuses_to_change_a_step(desk: Office) -> None:
    case = desk.case()
    with pytest.raises(IntegrityError, match="history"), desk.store.work() as work:
        work.session.execute(update(CaseStep).values(text="it was all different"))
    with pytest.raises(IntegrityError, match="history"), desk.store.work() as work:
        work.session.get_one(CaseStep, desk.steps(case.id)[0].id).text = "it was all different"
    assert {step.text for step in desk.steps(case.id)} == {"", case.title}


def test_the_database_refuses_to_remove_a_step_or_a_case_that_has_some(desk: Office) -> None:
    case = desk.case()
    with pytest.raises(IntegrityError, match="history"), desk.store.work() as work:
        work.session.execute(delete(CaseStep))
    with pytest.raises(IntegrityError), desk.store.work() as work:
        work.session.execute(delete(Case))
    assert len(desk.steps(case.id)) == 3


def test_parts_of_an_order_have_ids_of_their_own_that_never_change() -> None:
    order = uuid7()
    assert part_of(order, "case.collected") == part_of(order, "case.collected")
    assert len({order, part_of(order, "case.collected"), part_of(order, "case.accepted")}) == 3


def test_the_system_itself_may_and_somebody_locked_away_may_not(desk: Office) -> None:
    with desk.store.work() as work:
        allow(work, None, "case.close")
        allow(work, desk.agent, "case.close")
        work.session.get_one(User, desk.agent).active = False
        with pytest.raises(Refused) as refused:
            allow(work, desk.agent, "case.close")
    assert refused.value.code == "not-allowed"


@pytest.mark.parametrize(
    ("text", "fewest", "most", "why"),
    [
        ("", 0, 5, ""), ("", 1, 5, "needed"), (" \n ", 1, 5, "needed"), ("a", 2, 5, "at least 2"),
        ("abcdef", 0, 5, "at most 5"), ("a\nb\tc", 0, 5, ""), ("a\0", 0, 5, "U+0000"), ("\x7f", 0, 5, "U+007F"),
        ("\ud83d", 0, 5, "U+D83D"), ("👍🏽", 1, 5, ""),
    ],
)  # fmt: skip
def test_what_is_text(text: str, fewest: int, most: int, why: str) -> None:
    fault = text_fault(text, fewest, most)
    assert why in fault if why else fault == ""


def test_every_wrong_text_is_named() -> None:
    with pytest.raises(Refused) as refused:
        refuse_texts(note=("x" * 9, 0, 5), reason=("", 1, 5), text=("fine", 1, 5))
    assert set(refused.value.fields) == {"note", "reason"}
    assert refused.value.code == "bad-field"


def test_a_case_changes_its_state_in_one_place_only() -> None:
    house = Path(__file__).parents[3]
    rooms = ("schema", "cti", "ivr", "field_gateway", "recordings", "backoffice", "conf", "demo")
    writes = re.compile(r"\bcase\.state\s*=[^=]|update\(Case\)(?!.*\.values\(urge_at=\w+\))")
    found = {
        str(file.relative_to(house))
        for room in rooms
        for file in (house / room).rglob("*.py")
        if writes.search(file.read_text("utf-8"))
    }
    assert found == {"schema/desk/moves.py"}
