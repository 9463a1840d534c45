"""What every page is handed."""

from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import select

from backoffice.office import language, note, office, say, shown
from schema.people import AuditRow
from tests.backoffice.conftest import NOW, Town


def test_times_words_and_the_log_of_the_present_request(town: Town) -> None:
    with town.app.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        g.language = "en"
        assert office().store is town.store and language() == "en" and say("nav.seat") == "Seat"
        at = NOW + timedelta(milliseconds=7)
        assert [shown(at, how) for how in ("full", "minute", "day", "clock")] == [
            "2026-11-24 16:00:00", "2026-11-24 16:00", "2026-11-24", "16:00:00.007",
        ]  # fmt: skip
        assert shown(None) == ""
        with pytest.raises(KeyError):
            shown(at, "other")
        with town.store.work() as work:
            note(work, "log-out", "x")
    with town.store.read() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.ip, row.who, row.what) == ("192.0.2.7", None, "log-out")
