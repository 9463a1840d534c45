"""What is known of a citizen put right: once an order, by who may, on what they saw, and written down."""

from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from schema.cases import Citizen, CitizenStep
from schema.desk.citizens import find_citizens, meet
from schema.desk.correcting import correct_citizen
from schema.desk.errors import Refused
from schema.ids import uuid7
from schema.orders import CorrectCitizen
from tests.schema.desk.casework import Office


def known(desk: Office, number: str = "13900000001", name: str = "刘女士") -> Citizen:
    with desk.store.work() as work:
        citizen = meet(work, number, name=name, language="zh")
    assert citizen is not None
    return citizen


def order(desk: Office, citizen: Citizen, **changes: Any) -> CorrectCitizen:
    return CorrectCitizen(
        **{"by": desk.agent, "citizen": citizen.id, "name": "  留 女士 ", "language": "ug", "was_name": citizen.name,
           "was_language": citizen.language} | changes
    )  # fmt: skip


def carry(desk: Office, wanted: CorrectCitizen) -> str:
    with desk.store.work() as work:
        return correct_citizen(work, wanted)[1]


def test_a_name_and_a_language_are_put_right_once_and_who_did_it_is_kept(desk: Office) -> None:
    first = order(desk, known(desk))
    assert carry(desk, first) == "name language"
    again = order(
        desk, known(desk, name="刘女士"), was_name="刘女士", was_language="zh", name="又改", language="zh"
    )
    assert carry(desk, again) == "name"
    assert carry(desk, first) == "", "the same order again changes nothing"
    with desk.store.read() as session:
        citizen = session.scalars(select(Citizen)).one()
        steps = session.scalars(select(CitizenStep).order_by(CitizenStep.at)).all()
    assert (citizen.name, citizen.language) == ("又改", "zh")
    assert [(step.order, step.by, step.fields) for step in steps] == [
        (first.order, desk.agent, "name language"), (again.order, desk.agent, "name"),
    ]  # fmt: skip
    with pytest.raises(DBAPIError), desk.store.work() as work:
        work.session.execute(delete(CitizenStep))


def test_what_is_not_so_any_more_or_makes_no_sense_or_is_not_theirs_to_do_is_refused(desk: Office) -> None:
    citizen = known(desk)
    good = order(desk, citizen)
    for changes, code in (
        ({"was_name": "别人"}, "stale"), ({"was_language": "en"}, "stale"), ({"name": "x" * 101}, "bad-field"),
        ({"language": "xx"}, "bad-field"), ({"citizen": uuid7()}, "not-found"), ({"by": desk.worker}, "not-allowed"),
        ({"by": desk.clerk}, "not-allowed"),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            carry(desk, replace(good, order=uuid7(), **changes))
        assert caught.value.code == code, changes
    carry(desk, good)
    with pytest.raises(Refused):
        carry(desk, replace(good, citizen=known(desk, "13900000002").id))
    assert carry(desk, order(desk, citizen, was_name="留 女士", was_language="ug", name="留 女士")) == ""


def test_somebody_is_found_by_the_beginning_of_a_number_or_of_a_name_and_nobody_by_less(desk: Office) -> None:
    for number, name in (("13900000001", "刘女士"), ("13900000002", "刘%"), ("05718888", "Weber")):
        known(desk, number, name)
    with desk.store.read() as session:
        for words, found in {
            "139": ["13900000001", "13900000002"], "139 0000 0002": ["13900000002"], "13": [], "": [],
            "刘": ["13900000001", "13900000002"], "刘%": ["13900000002"], " Web": ["05718888"], "eber": [], "%": [],
        }.items():  # fmt: skip
            assert sorted(one.number for one in find_citizens(session, words)) == found, words
