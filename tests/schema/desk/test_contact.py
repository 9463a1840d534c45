"""One contact opened: every call of it with its parts, its recordings and cases, and nothing one may not see."""

from datetime import timedelta
from typing import Any

from schema.calls import CallBackRow, LegRow, QueueEntryRow, SegmentRow
from schema.desk.contact import OpenedContact, open_contact
from schema.ids import uuid7
from schema.people import User
from schema.recordings import Recording
from tests.schema.desk.casework import Office
from tests.schema.desk.test_contactlist import BEGAN, Register


def opened(desk: Office, contact: Any, who: Any, only: Any = None) -> OpenedContact | None:
    with desk.store.read() as session:
        return open_contact(session, contact, session.get_one(User, who), only)


def test_a_contact_is_its_calls_with_their_parts_its_promises_recordings_and_cases(desk: Office) -> None:
    register = Register(desk)
    call = register.call(outcome="abandoned", user=None)
    back = register.call(contact=call.contact, direction="out", purpose="callback")
    with desk.store.work() as work:
        same = {"node": "pbx1", "leg": "l1", "call": back.id, "started_at": BEGAN}
        work.session.add_all(
            [
                LegRow(kind="citizen", **same),
                SegmentRow(n=1, leg_kind="citizen", kind="talk", others=["seat:101"], **same),
                QueueEntryRow(call=call.id, n=1, node="pbx1", queue="hotline", entered_at=BEGAN),
                CallBackRow(id=uuid7(), contact=call.contact, call=call.id, node="pbx1", queue="hotline", state="kept",
                            number=call.number, place=BEGAN, promised_at=BEGAN, expires_at=BEGAN),
                Recording(id=uuid7(), contact=call.contact, call=back.id, node="pbx1", leg="l1", name="x", state="kept",
                          started_at=BEGAN + timedelta(minutes=1)),
            ]
        )  # fmt: skip
    case = register.case(back)
    found = opened(desk, call.contact, desk.supervisor)
    assert found is not None and (found.at, found.channel, found.number) == (
        call.entered_at,
        "phone",
        call.number,
    )
    assert [(one.row.id, len(one.legs), len(one.segments), len(one.waits)) for one in found.calls] == [
        (call.id, 0, 0, 1), (back.id, 1, 1, 0),
    ]  # fmt: skip
    assert ([one.state for one in found.promises], len(found.recordings)) == (["kept"], 1)
    assert [one.id for one in found.cases] == [case.id]
    # The agent took the call back; somebody else took none of it.
    assert opened(desk, call.contact, desk.agent, desk.agent) is not None
    assert opened(desk, call.contact, desk.clerk, desk.clerk) is None
    assert opened(desk, uuid7(), desk.supervisor) is None


def test_what_came_by_no_call_is_opened_by_its_case_and_a_confidential_one_by_few(desk: Office) -> None:
    register = Register(desk)
    letter, secret = register.case(channel="letter"), register.case(channel="letter", confidential=True)
    found = opened(desk, letter.contact, desk.clerk)
    assert found is not None and (found.channel, found.calls, found.number) == ("letter", [], letter.number)
    assert opened(desk, secret.contact, desk.supervisor) is not None
    assert opened(desk, secret.contact, desk.agent, desk.agent) is None
