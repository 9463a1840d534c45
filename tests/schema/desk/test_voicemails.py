"""A message left on the machine becomes a case that is taken in, once; silence and talk become none."""

import pytest
from sqlalchemy import select

from schema.calls import CallRow
from schema.cases import Case
from schema.desk.recordings import begin, keep
from schema.desk.voicemails import take_in_voicemail
from schema.facts import RecordingKept
from schema.ids import CallId, ContactId, uuid7
from schema.recordings import Recording
from tests.schema.desk.casework import Office


def write(language: str, number: str, seconds: float) -> tuple[str, str]:
    return f"message of {number}", f"{language}, {seconds:g} s"


def kept(desk: Office, seat: str = "voicemail", seconds: float = 20.0) -> RecordingKept:
    call = uuid7()
    with desk.store.work() as work:
        now = work.now
        work.session.add(
            CallRow(id=call, contact=call, node="pbx1", number="13900001234", language="ug", entered_at=now)
        )
        work.session.flush()
        row: Recording = begin(
            work, contact=call, call=call, node="pbx1", leg=f"1.{call}", seat=seat, name="x", at=now
        )
        work.session.flush()
        keep(work, row.id, seconds=seconds, files=())
        return RecordingKept(
            at=now,
            contact=ContactId(call),
            recording=row.id,
            call=CallId(call),
            leg=row.leg,
            seconds=seconds,
            sha256="",
        )


def cases(desk: Office) -> list[Case]:
    with desk.store.read() as session:
        return list(session.scalars(select(Case)))


def test_a_message_is_taken_in_once_with_its_contact_and_number(desk: Office) -> None:
    fact = kept(desk)
    for _ in range(2):
        with desk.store.work() as work:
            take_in_voicemail(work, fact, "", write)
    (case,) = cases(desk)
    assert (case.state, case.contact, case.call, case.number) == (
        "accepted",
        fact.contact,
        fact.call,
        "13900001234",
    )
    assert (case.title, case.text, case.language, case.due_at) == (
        "message of 13900001234",
        "ug, 20 s",
        "ug",
        None,
    )


@pytest.mark.parametrize(("seat", "seconds"), [("101", 60.0), ("visit", 60.0), ("voicemail", 1.0)])
def test_talk_and_silence_are_no_messages(desk: Office, seat: str, seconds: float) -> None:
    fact = kept(desk, seat, seconds)
    with desk.store.work() as work:
        assert take_in_voicemail(work, fact, "", write) is None
    assert cases(desk) == []
