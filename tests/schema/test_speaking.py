"""Every log line that is written while a contact is worked on says which, and no line says another's."""

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from structlog.contextvars import clear_contextvars, get_contextvars, merge_contextvars

from schema.bus import Envelope, Letter
from schema.bus_group import Group
from schema.facts import CallEnded
from schema.ids import CallId, ContactId, uuid7
from schema.orders import CallCitizen
from schema.speaking import about, apart
from schema.store import Store
from schema.wire import to_body

Lines = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def nobody() -> Iterator[None]:
    clear_contextvars()
    yield
    clear_contextvars()


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged with structlog or the standard library, as the site's log has it."""
    found: Lines = []

    def keep(_logger: Any, _method: str, event: Any) -> str:
        found.append(dict(merge_contextvars(None, "", event)))
        return ""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            keep(None, "", {"event": record.getMessage()})

    structlog.configure(
        processors=[keep], logger_factory=structlog.ReturnLoggerFactory(), cache_logger_on_first_use=False
    )
    handler = Handler()
    logging.getLogger().addHandler(handler)
    try:
        yield found
    finally:
        structlog.reset_defaults()
        logging.getLogger().removeHandler(handler)


def fact(contact: ContactId | None) -> CallEnded:
    return CallEnded(
        at=datetime(2026, 11, 24, tzinfo=UTC),
        contact=contact,
        call=CallId(uuid7()),
        node="p",
        stage="ivr",
        outcome="lost",
    )


def test_a_unit_of_work_is_about_the_contact_it_speaks_of_and_then_no_more(
    store: Store, lines: Lines
) -> None:
    contact, log = ContactId(uuid7()), structlog.get_logger()
    with store.work() as work:
        log.info("before")
        work.emit(fact(contact))
        work.emit(CallCitizen(number="1", language="zh", case=uuid7()))  # type: ignore[arg-type]
        log.info("within")
    log.info("after")
    assert [line.get("contact") for line in lines] == [None, str(contact), None]


def test_one_within_another_gives_back_what_it_was_about(store: Store) -> None:
    outer, inner = uuid7(), uuid7()
    about(outer)
    with pytest.raises(RuntimeError), store.work() as work:
        work.emit(fact(ContactId(inner)))
        assert get_contextvars()["contact"] == str(inner)
        raise RuntimeError
    assert get_contextvars()["contact"] == str(outer)
    with apart():
        about(None)
        assert get_contextvars()["contact"] == str(outer)


def test_a_listener_that_fails_is_logged_with_the_contact_of_what_it_heard(
    store: Store, lines: Lines
) -> None:
    def fails(_: Envelope) -> None:
        raise ValueError("no")

    contact = ContactId(uuid7())
    for durable in (True, False):
        group = Group("g", store, durable=durable, pauses=())
        group.add((CallEnded,), fails)
        message = fact(contact)
        group.handle(Letter(1, uuid7(), "CallEnded", message.at, to_body(message)), threading.Event())
    failed = [line for line in lines if "failed on" in line["event"]]
    assert len(failed) == 2 and {line["contact"] for line in failed} == {str(contact)}
    assert "contact" not in get_contextvars()


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url
