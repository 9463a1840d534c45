"""Confidential cases: made so with a reason, seen by few, and nothing of them told to the others."""

import pytest
from msgspec.structs import replace

from schema.desk.cases import dispatch_case, handle_case
from schema.desk.confiding import conceal_case, reveal_case
from schema.desk.errors import Hidden, Refused
from schema.desk.filing import take_in_case
from schema.desk.merging import merge_case
from schema.desk.splitting import split_case
from schema.ids import CaseId, TaskId
from schema.orders import ConcealCase, DispatchCase, HandleCase, MergeCase, RevealCase, SplitCase
from schema.people import Post
from schema.rules.access import grants
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import PARTS, carry, taking_in


def concealed(desk: Office, state: str = "filed") -> CaseId:
    case = CaseId(desk.case(state).id)
    carry(desk, conceal_case, ConcealCase(by=desk.agent, case=case, reason="来电人要求保密"))
    return case


def test_a_case_is_made_confidential_and_public_again_each_a_step_with_its_reason(desk: Office) -> None:
    case = concealed(desk)
    carry(desk, reveal_case, RevealCase(by=desk.supervisor, case=case, reason="同意公开"))
    assert not desk.look(case).confidential
    assert [(step.hop, step.text) for step in desk.steps(case)][-2:] == [
        ("case.concealed", "来电人要求保密"), ("case.revealed", "同意公开"),
    ]  # fmt: skip
    told = [(row.name, row.body["confidential"], row.body["reason"]) for row in desk.said()[-2:]]
    assert told == [("CaseConcealed", True, "来电人要求保密"), ("CaseRevealed", False, "同意公开")]


def test_what_it_is_already_it_is_not_made_again(desk: Office) -> None:
    case = concealed(desk)
    for function, order in (
        (conceal_case, ConcealCase(by=desk.supervisor, case=case, reason="再次")),
        (reveal_case, RevealCase(by=desk.supervisor, case=CaseId(desk.case().id), reason="再次")),
    ):
        with pytest.raises(Refused) as caught:
            carry(desk, function, order)  # type: ignore[arg-type]
        assert caught.value.code == "wrong-state"


def test_who_may_not_read_it_is_told_that_there_is_no_such_case(desk: Office) -> None:
    case = concealed(desk)
    order = DispatchCase(by=desk.supervisor, case=case, worker=desk.worker)
    for person in (desk.agent, desk.clerk, desk.expert, desk.worker, desk.department):
        with pytest.raises(Hidden) as caught:
            carry(desk, dispatch_case, replace(order, by=person))
        assert caught.value.code == "not-found" and caught.value.case == case
        with pytest.raises(Hidden):  # nor that it has changed
            carry(desk, dispatch_case, replace(order, by=person, version=99))
    carry(desk, dispatch_case, order)


def test_whoever_has_it_to_handle_handles_it(desk: Office) -> None:
    case = concealed(desk)
    carry(desk, dispatch_case, DispatchCase(by=desk.supervisor, case=case, worker=desk.worker))
    task = TaskId(desk.tasks(case)[0].id)
    with pytest.raises(Hidden):
        carry(desk, handle_case, HandleCase(by=desk.worker2, case=case, text="x", task=task))
    carry(desk, handle_case, HandleCase(by=desk.worker, case=case, text="已修好", task=task))
    other = concealed(desk)
    carry(desk, dispatch_case, DispatchCase(by=desk.supervisor, case=other, department=desk.section))
    carry(desk, handle_case, HandleCase(by=desk.department, case=other, text="已修好"))
    assert desk.look(case).state == desk.look(other).state == "handled"


def test_a_confidential_case_is_merged_only_with_another(desk: Office) -> None:
    secret, plain, other = concealed(desk), CaseId(desk.case().id), concealed(desk)
    for case, into, by, code in (
        (secret, plain, desk.supervisor, "bad-field"), (plain, secret, desk.supervisor, "bad-field"),
        (plain, secret, desk.agent, "not-found"),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            carry(desk, merge_case, MergeCase(by=by, case=case, into=into))
        assert caught.value.code == code
    assert carry(desk, merge_case, MergeCase(by=desk.supervisor, case=secret, into=other)).state == "merged"


def test_the_parts_of_a_confidential_case_are_confidential(desk: Office) -> None:
    parts = carry(desk, split_case, SplitCase(by=desk.supervisor, case=concealed(desk), parts=PARTS))
    assert [part.confidential for part in parts] == [True, True]


def test_a_case_can_be_filed_confidential_by_whoever_takes_the_call(desk: Office) -> None:
    case = desk.case(confidential=True)
    assert case.confidential and desk.steps(case.id)[-1].detail["confidential"] == "yes"
    (fact,) = [row.body for row in desk.said() if row.name == "CaseFiled"]
    assert fact["confidential"] is True


def test_who_may_not_make_a_case_confidential_files_none_that_is_and_takes_none_in(desk: Office) -> None:
    with desk.store.work() as work:
        rights = {right: scope for right, scope in grants("agent").items() if right != "case.conceal"}
        work.session.add(Post(name="agent", grants=rights, set_at=work.now))
    with pytest.raises(Refused) as caught:
        desk.case(confidential=True)
    assert caught.value.code == "not-allowed"
    with pytest.raises(Refused) as caught, desk.store.work() as work:
        take_in_case(work, taking_in(desk, confidential=True))
    assert caught.value.code == "not-allowed"
    assert desk.said() == []
