"""Files of a case: brought once, found by their words, taken back by who brought them or a supervisor."""

import pytest
from msgspec.structs import replace

from schema.casefiles import CaseFile
from schema.desk import casefiles
from schema.desk.casefiles import attach_file, detach_file, files_of
from schema.desk.errors import Hidden, Refused
from schema.ids import CaseId, uuid7
from schema.orders import DetachFile
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import attaching, carry, do
from tests.schema.desk.test_casewords import found


def files(desk: Office, case: CaseId) -> list[CaseFile]:
    with desk.store.read() as session:
        return list(files_of(session, case))


def test_a_file_comes_once_and_the_history_and_the_fact_say_so(desk: Office) -> None:
    case = CaseId(desk.case("closed").id)
    order = attaching(desk, case)
    first = carry(desk, attach_file, order)
    assert carry(desk, attach_file, order).id == first.id
    assert [(one.id, one.name, one.words) for one in files(desk, case)] == [(order.file, "来信.txt", 5)]
    step = desk.steps(case)[-1]
    assert (step.hop, step.text, step.detail) == ("case.attached", "来信.txt", {"file": str(order.file)})
    row = desk.said()[-1]
    assert (row.name, row.body["file"], row.body["size"]) == ("CaseFileAttached", str(order.file), 12)


def test_a_file_goes_by_who_brought_it_or_a_supervisor_and_for_a_reason(desk: Office) -> None:
    case = CaseId(desk.case().id)
    for n, by in enumerate((desk.agent, desk.supervisor)):
        order = attaching(desk, case, order=uuid7())
        carry(desk, attach_file, order)
        back = DetachFile(by=by, case=case, file=order.file, reason="放错了")
        with pytest.raises(Refused) as caught:
            carry(desk, detach_file, replace(back, by=desk.clerk))
        assert caught.value.code == "not-allowed"
        with pytest.raises(Refused) as caught:
            carry(desk, detach_file, replace(back, reason=" "))
        assert caught.value.code == "bad-field"
        for _ in range(2):  # the same order again
            carry(desk, detach_file, back)
        assert not files(desk, case) and desk.steps(case)[-1].text == "放错了"
        with pytest.raises(Refused) as caught:
            carry(desk, detach_file, replace(back, order=uuid7()))
        assert caught.value.code == "wrong-state"
        assert [row.name for row in desk.said()].count("CaseFileDetached") == n + 1


def test_what_is_no_file_of_the_case_or_one_too_many_is_refused(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = CaseId(desk.case().id), CaseId(desk.case().id)
    order = attaching(desk, case)
    carry(desk, attach_file, order)
    monkeypatch.setattr(casefiles, "MOST", 1)
    wrong = [
        (attach_file, attaching(desk, other, file=order.file), "bad-field"),
        (attach_file, attaching(desk, case, order=uuid7()), "bad-field"),
        (attach_file, attaching(desk, other, name="\x00"), "bad-field"),
        (attach_file, attaching(desk, other, by=desk.worker), "not-allowed"),
        (detach_file, DetachFile(by=desk.agent, case=other, file=order.file, reason="x"), "not-found"),
        (detach_file, DetachFile(by=desk.agent, case=case, file=uuid7(), reason="x"), "not-found"),
    ]
    for function, wanted, code in wrong:
        with pytest.raises(Refused) as caught:
            carry(desk, function, wanted)  # type: ignore[arg-type]
        assert caught.value.code == code
    assert len(files(desk, case)) == 1 and not files(desk, other)


def test_nobody_brings_a_file_to_a_case_they_may_not_know_of(desk: Office) -> None:
    case = CaseId(desk.case().id)
    do(desk, "conceal", case)
    with pytest.raises(Hidden):
        carry(desk, attach_file, attaching(desk, case, by=desk.clerk))


def test_a_case_is_found_by_what_is_written_in_its_file(desk: Office) -> None:
    case = CaseId(desk.case().id)
    carry(desk, attach_file, attaching(desk, case, text="银杏大道三号的窨井盖" + "长" * 200_000))
    no = desk.look(case).case_no
    assert found(desk, "窨井盖") == [no] and found(desk, "来信") == [no] and found(desk, "银杏 井盖") == [no]
    assert files(desk, case)[0].words == casefiles.LONGEST_WORDS
