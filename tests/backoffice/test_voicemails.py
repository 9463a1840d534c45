"""Voicemail on the bus: a kept message becomes a case in the site's language; what cannot become one is logged."""

import pytest
import structlog.testing

from backoffice.voicemails import Voicemails
from conf.settings import Ivr, Settings
from schema.bus import Envelope
from schema.bus_memory import MemoryBus
from schema.store import Store
from tests.schema.desk.casework import Office, open_office
from tests.schema.desk.test_voicemails import cases, kept


@pytest.fixture
def desk(store: Store) -> Office:
    return open_office(store)


def heard(desk: Office, settings: Settings) -> None:
    fact = kept(desk)
    room = Voicemails(settings, desk.store, MemoryBus(desk.store))
    room.start()
    room.hear(Envelope(1, fact.recording, "RecordingKept", fact.at, fact))
    room.stop()


def test_a_message_is_a_case_in_the_words_of_the_site(desk: Office) -> None:
    heard(desk, Settings())
    (case,) = cases(desk)
    assert case.title == "语音留言 13900001234（20 秒）" and "维吾尔语" in case.text


def test_a_cell_that_is_not_there_is_told_in_the_log(desk: Office) -> None:
    with structlog.testing.capture_logs() as logs:
        heard(desk, Settings(ivr=Ivr(voicemail_cell="999999999999999")))
    assert cases(desk) == [] and logs[0]["event"] == "a voicemail became no case"
