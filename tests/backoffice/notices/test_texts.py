"""Text messages to citizens: the number of a case once it is filed, how far it is when they ask; never twice."""

from uuid import UUID

import pytest

from backoffice.notices import ways
from backoffice.notices.ways import Letter, NoGateway, gateway_of
from conf.settings import BadSettings
from schema.desk.citizentexts import text_status
from schema.desk.confiding import conceal_case
from schema.desk.statusasks import ask_status, prove_status
from schema.ids import CaseId, ContactId, uuid7
from schema.orders import AskStatus, ConcealCase, ProveStatus, TextStatus
from tests.backoffice.notices.noticeroom import hear_all, room, rows
from tests.schema.desk.casework import Office

MOBILE, CONTACT = "13900005678", ContactId(uuid7())


class Gateway:
    """Remembers what it was given."""

    name = "sms"
    letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


def ask(desk: Office, case: UUID, digits: str, answer: str = "5678") -> None:
    with desk.store.work() as work:
        _, cases = ask_status(work, AskStatus(contact=CONTACT, number="", digits=digits))
        prove_status(work, ProveStatus(contact=CONTACT, number="", digits=answer, cases=cases or (case,)))


def test_who_files_a_case_is_sent_its_number_once(desk: Office) -> None:
    case = desk.case("filed", number=MOBILE)
    desk.case("filed", number="057188880000")
    gateway = Gateway()
    here = room(desk.store, gateway, texts=True)
    hear_all(desk, here, 2)
    here.send()
    (row,) = rows(desk.store, way="sms")
    assert (row.receiver, row.kind, row.state, row.address) == (None, "filed-text", "sent", MOBILE)
    (letter,) = gateway.letters
    assert case.case_no in letter.text and letter.address == MOBILE
    gateway.letters.clear()


def test_without_a_gateway_the_notice_says_so(desk: Office) -> None:
    desk.case("filed", number=MOBILE)
    here = room(desk.store, texts=True)
    hear_all(desk, here)
    here.send()
    (row,) = rows(desk.store, way="sms")
    assert (row.state, row.why) == ("could-not", "no-gateway")


def test_how_far_it_is_is_sent_to_who_proved_it_in_this_call_and_of_nothing_confidential(
    desk: Office,
) -> None:
    case = desk.case("dispatched", number=MOBILE)
    order = TextStatus(contact=CONTACT, case=case.id)
    with desk.store.work() as work:
        assert not text_status(work, order)
    ask(desk, case.id, "".join(one for one in case.case_no if one.isdigit()))
    for _ in range(2):
        with desk.store.work() as work:
            assert text_status(work, order)
    gateway = Gateway()
    room(desk.store, gateway).send()
    (letter,) = gateway.letters
    assert case.case_no in letter.text and "正在办理" in letter.text
    gateway.letters.clear()
    with desk.store.work() as work:
        conceal_case(work, ConcealCase(by=desk.supervisor, case=CaseId(case.id), reason="保密"))
        assert not text_status(work, TextStatus(contact=CONTACT, case=case.id))


def test_a_gateway_is_named_by_its_class() -> None:
    assert isinstance(gateway_of(""), NoGateway)
    assert gateway_of("tests.backoffice.notices.test_texts:Gateway").name == "sms"
    for wrong in ("nowhere:Gateway", f"{ways.__name__}:Nobody", "x"):
        with pytest.raises(BadSettings, match="there is no gateway"):
            gateway_of(wrong)
