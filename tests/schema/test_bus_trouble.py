"""What a bus does with a handler that fails: again, aside, or once more when the database is back."""

import threading

from sqlalchemy import select

from schema.bus import Letter
from schema.bus_group import Group
from schema.ids import uuid7
from schema.outbox import DeadLetter, OutboxRow
from schema.store import StoreUnreachable
from schema.wire import to_body
from tests.schema.bussite import QUICK, Site, running, town
from tests.schema.play import AT, Heard, ready, say

__all__ = ["town"]


def test_a_failing_listener_without_a_group_misses_that_one_message(town: Site) -> None:
    heard = Heard()
    heard.trouble = [ValueError("no")]
    bus = town.bus()
    bus.subscribe("screen", (), heard, durable=False)
    town.start(bus)
    say(town.store, 1, 2)
    assert heard.wait(1) == ["2"]


def test_a_handler_that_fails_is_given_the_message_again_before_the_next(town: Site) -> None:
    heard, other = Heard(), Heard()
    heard.trouble = [ValueError("once"), KeyError("twice")]
    running(town, ("g", heard), ("other", other))
    say(town.store, 1, 2)
    assert heard.wait(2) == ["1", "2"]
    assert heard.tried == 4
    assert other.wait(2) == ["1", "2"]


def test_a_message_that_always_fails_is_set_aside_with_the_reason(town: Site) -> None:
    heard = Heard()
    heard.trouble = [ValueError(f"try {n}") for n in range(len(QUICK) + 1)]
    running(town, ("g", heard))
    say(town.store, "poison", "fine")
    assert heard.wait(1) == ["fine"]
    with town.store.read() as session:
        (letter,) = session.scalars(select(DeadLetter))
    assert (letter.group, letter.name, letter.body["seat"]) == ("g", "SeatReady", "poison")
    assert letter.reason == f"ValueError: try {len(QUICK)}"


def test_a_reason_that_no_database_can_hold_is_kept_as_far_as_it_can_be(town: Site) -> None:
    heard = Heard()
    heard.trouble = [
        ValueError("nul \0 and \ud800 half a letter" + "x" * 3000) for _ in range(len(QUICK) + 1)
    ]
    running(town, ("g", heard))
    say(town.store, "poison", "fine")
    assert heard.wait(1) == ["fine"]
    with town.store.read() as session:
        (letter,) = session.scalars(select(DeadLetter))
    assert letter.reason.startswith("ValueError: nul \ufffd and ? half")
    assert len(letter.reason) == 2000


def test_a_message_heard_again_after_it_was_set_aside_is_set_aside_once(town: Site) -> None:
    group = Group("g", town.store, durable=True, pauses=())
    heard = Heard()
    heard.trouble = [ValueError("no"), ValueError("no")]
    group.add((), heard)
    letter = Letter(1, uuid7(), "SeatReady", AT, to_body(ready(1)))
    for _ in range(2):
        assert group.handle(letter, threading.Event())
    with town.store.read() as session:
        assert len(session.scalars(select(DeadLetter)).all()) == 1


def test_a_handler_that_finds_the_database_away_is_asked_until_it_is_back(town: Site) -> None:
    heard = Heard()
    heard.trouble = [StoreUnreachable("away") for _ in range(len(QUICK) + 3)]
    running(town, ("g", heard))
    say(town.store, 1)
    assert heard.wait(1, 15) == ["1"]
    with town.store.read() as session:
        assert session.scalars(select(DeadLetter)).all() == []


def test_a_message_this_program_does_not_know_or_cannot_read_stops_nobody(town: Site) -> None:
    with town.store.work() as work:
        for name in ("NotYetInvented", "SeatReady"):
            row = OutboxRow(key=uuid7(), kind="fact", name=name, at=work.now, body={"nonsense": 1})
            work.session.add(row)
            work.session.flush()
        work.emit(ready("fine"))
    heard = Heard()
    running(town, ("g", heard))
    assert heard.wait(1) == ["fine"]
    with town.store.read() as session:
        (letter,) = session.scalars(select(DeadLetter))
    assert letter.name == "SeatReady" and letter.reason.startswith("bad body")
