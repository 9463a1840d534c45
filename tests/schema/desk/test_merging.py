"""Duplicates are merged, and taken apart again while the other case is open."""

import threading
from uuid import UUID

import pytest
from msgspec.structs import replace

from schema.desk.clocks import clocks_of
from schema.desk.errors import Refused
from schema.desk.merging import merge_case, unmerge_case
from schema.ids import CaseId, uuid7
from schema.orders import MergeCase, UnmergeCase
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import bring, carry, do


def merging(desk: Office, case: UUID, into: UUID) -> MergeCase:
    return MergeCase(by=desk.agent, case=CaseId(case), into=CaseId(into), text="同一盏灯")


def test_both_histories_tell_of_a_merge_and_of_its_end(desk: Office) -> None:
    one, other = desk.case("dispatched"), desk.case()
    carry(desk, merge_case, merging(desk, one.id, other.id))
    seen, into = desk.look(one.id), desk.look(other.id)
    assert (seen.state, seen.before, seen.merged_into) == ("merged", "dispatched", other.id)
    assert (into.state, into.version) == ("filed", other.version + 1)
    assert desk.steps(other.id)[-1].detail == {"other": str(one.id), "other_no": one.case_no}
    assert desk.steps(one.id)[-1].detail["into_no"] == other.case_no
    assert [task.state for task in desk.tasks(one.id)] == ["recalled"]
    do(desk, "unmerge", one.id)
    seen = desk.look(one.id)
    assert (seen.state, seen.before, seen.merged_into, seen.due_at) == ("dispatched", "", None, one.due_at)
    assert [task.state for task in desk.tasks(one.id)] == ["recalled", "made"]
    assert [step.hop for step in desk.steps(other.id)][-2:] == ["case.took-in", "case.let-go"]
    facts = [row.name for row in desk.said()]
    assert facts[-5:] == ["CaseMerged", "CaseTookIn", "CaseUnmerged", "CaseLetGo", "CaseDispatched"]


def test_taking_a_merge_back_wins_no_time(desk: Office) -> None:
    one, other = desk.case(), desk.case()
    carry(desk, merge_case, merging(desk, one.id, other.id))
    do(desk, "unmerge", one.id)
    with desk.store.read() as session:
        (clock,) = clocks_of(session, one.id)
    assert [(row.running, row.ended_at) for row in clock.intervals] == [(True, None)]


@pytest.mark.parametrize("end", [("dispatch", "handle", "pass", "close"), ("void",)])
def test_a_merge_stays_once_the_other_case_is_over(desk: Office, end: tuple[str, ...]) -> None:
    one, other = desk.case(), desk.case()
    carry(desk, merge_case, merging(desk, one.id, other.id))
    for what in end:
        do(desk, what, other.id)
    with pytest.raises(Refused) as refused:
        do(desk, "unmerge", one.id)
    assert (refused.value.code, refused.value.field) == ("wrong-state", "into")
    assert desk.look(one.id).state == "merged"


@pytest.mark.parametrize("state", ["closed", "rated", "void", "rejected", "merged", "split"])
def test_a_case_goes_on_only_in_one_that_is_open(desk: Office, state: str) -> None:
    one, other = desk.case(), bring(desk, state)
    with pytest.raises(Refused) as refused:
        carry(desk, merge_case, merging(desk, one.id, other.id))
    assert (refused.value.code, refused.value.field) == ("wrong-state", "into")
    assert desk.look(one.id).version == one.version and desk.look(other.id).version == other.version


def test_not_into_itself_nor_into_nothing_nor_in_a_chain(desk: Office) -> None:
    one, two, three = desk.case(), desk.case(), desk.case()
    for into, code in ((one.id, "bad-field"), (uuid7(), "not-found")):
        with pytest.raises(Refused) as refused:
            carry(desk, merge_case, merging(desk, one.id, into))
        assert refused.value.code == code
    carry(desk, merge_case, merging(desk, one.id, two.id))
    with pytest.raises(Refused, match="take that back first"):
        carry(desk, merge_case, merging(desk, two.id, three.id))


def test_what_was_never_merged_is_told_so(desk: Office) -> None:
    with pytest.raises(Refused) as refused:
        carry(desk, unmerge_case, UnmergeCase(by=desk.agent, case=CaseId(desk.case().id)))
    assert refused.value.code == "wrong-state"
    with pytest.raises(Refused) as refused:
        carry(desk, unmerge_case, UnmergeCase(by=desk.agent, case=CaseId(uuid7())))
    assert refused.value.code == "not-found"


def test_two_who_merge_two_cases_into_each_other_do_not_wait_for_ever(desk: Office) -> None:
    one, two = desk.case(), desk.case()
    gate, told = threading.Barrier(2), []

    def merge(case: UUID, into: UUID) -> None:
        gate.wait()
        try:
            carry(desk, merge_case, merging(desk, case, into))
        except Refused as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=merge, args=pair) for pair in ((one.id, two.id), (two.id, one.id))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["wrong-state"]
    assert sorted([desk.look(one.id).state, desk.look(two.id).state]) == ["filed", "merged"]


def test_who_saw_the_other_case_before_the_merge_has_to_look_again(desk: Office) -> None:
    one, other = desk.case(), desk.case()
    carry(desk, merge_case, merging(desk, one.id, other.id))
    with pytest.raises(Refused) as refused:
        do(desk, "dispatch", other.id, version=other.version)
    assert refused.value.code == "stale"
    order = replace(merging(desk, desk.case().id, other.id))
    assert carry(desk, merge_case, order).merged_into == other.id
