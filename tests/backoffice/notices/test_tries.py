"""A letter that could not go: tried again, given back by who died with it, failed at last, sent again by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from backoffice.notices.service import Notices
from backoffice.notices.ways import CouldNot, Later, Letter, Never
from conf.mail import Mail
from conf.settings import Settings
from schema.bus_memory import MemoryBus
from schema.desk import notices
from schema.ids import uuid7
from schema.outbox import DeadLetter, OutboxRow
from schema.relay import Relay
from tests.backoffice.notices.noticeroom import Hand, hear_all, room, rows
from tests.patience import until
from tests.real.smtp import Post, real_smtp
from tests.schema.desk.casework import Office


def test_what_passes_is_tried_again_later_and_what_is_refused_is_not(desk: Office) -> None:
    now = desk.store.clock()
    desk.store.clock = lambda: now
    desk.case("dispatched")
    hand, here = Hand(), None
    here = room(desk.store, hand)
    hear_all(desk, here)

    def busy(_letter: Letter) -> None:
        raise Later("450 busy")

    hand.does = busy
    here.send()
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.tries, row.why) == ("waiting", 1, "450 busy") and row.next_try == now + timedelta(
        minutes=1
    )
    assert not here.send(), "not before its time"
    now += timedelta(minutes=1)

    def refuse(_letter: Letter) -> None:
        raise Never("550 gone\r\nx")

    hand.does = refuse
    here.send()
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.why, row.next_try) == ("failed", "550 gone  x", None)
    assert not here.send()
    with desk.store.work() as work:
        notices.send_again(work, row.id)
    hand.does = lambda _letter: None
    here.send()
    assert rows(desk.store, way="mail")[0].state == "sent" and len(hand.letters) == 1


def test_when_the_server_is_away_the_others_are_not_tried_and_none_is_lost(desk: Office) -> None:
    now = desk.store.clock()
    desk.store.clock = lambda: now
    for _ in range(3):
        desk.case("dispatched")
    hand = Hand()
    here = room(desk.store, hand)
    hear_all(desk, here)
    tried = []

    def away(letter: Letter) -> None:
        tried.append(letter)
        raise Later("no answer", all=True)

    hand.does = away
    here.send()
    assert len(tried) == 1
    now += timedelta(minutes=2)
    hand.does = lambda _letter: None
    here.send()
    assert len(hand.letters) == 3 and {row.state for row in rows(desk.store, way="mail")} == {"sent"}


def test_a_way_that_breaks_loses_nothing(desk: Office) -> None:
    desk.case("dispatched")
    hand = Hand()
    here = room(desk.store, hand)
    hear_all(desk, here)
    hand.does = lambda _letter: [][1]
    here.send()
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.why) == ("waiting", "IndexError")


def test_who_dies_with_a_letter_in_hand_gives_it_back_when_the_lease_runs_out(desk: Office) -> None:
    now = desk.store.clock()
    desk.store.clock = lambda: now
    desk.case("dispatched")
    hand = Hand()
    here = room(desk.store, hand)
    hear_all(desk, here)

    def die(_letter: Letter) -> None:
        raise SystemExit

    hand.does = die
    with pytest.raises(SystemExit):
        here.send()
    assert rows(desk.store, way="mail")[0].state == "sending"
    again = Hand()
    other = room(desk.store, again)
    other.send()
    assert again.letters == [], "it may still be on its way"
    now += notices.LEASE
    other.send()
    assert len(again.letters) == 1 and rows(desk.store, way="mail")[0].state == "sent"


def test_after_too_many_tries_it_has_failed(desk: Office) -> None:
    now = desk.store.clock()
    desk.store.clock = lambda: now
    desk.case("dispatched")
    hand = Hand()
    here = room(desk.store, hand)
    hear_all(desk, here)

    def busy(_letter: Letter) -> None:
        raise Later("450 busy")

    hand.does = busy
    for _ in range(100):
        here.send()
        now += timedelta(hours=1)
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.why) == ("failed", "450 busy")


@pytest.mark.real
def test_the_whole_way_through_a_server_that_dies_and_comes_back_once_each(desk: Office) -> None:
    """Bus, relay, threads and SMTP as they run; the server is down at first, and the room is stopped and started."""
    store, post = desk.store, Post()
    with real_smtp(post) as port:
        pass
    began = store.clock()
    settings = replace(
        Settings(), mail=Mail(host="127.0.0.1", port=port, security="none", sender="h@city.example")
    )

    def up() -> tuple[MemoryBus, Relay, Notices]:
        bus = MemoryBus(store)
        relay, here = Relay(store, bus), Notices(settings, store, bus)
        bus.start()
        relay.start()
        here.start()
        return bus, relay, here

    def down(bus: MemoryBus, relay: Relay, here: Notices) -> None:
        here.stop()
        relay.stop()
        bus.stop()

    parts = up()
    desk.case("dispatched")
    until(lambda: any(row.tries for row in rows(store, way="mail")))
    down(*parts)
    assert rows(store, way="mail")[0].state == "waiting" and post.letters == []
    store.clock = lambda: began + timedelta(minutes=5)
    with real_smtp(post, port):
        parts = up()
        until(lambda: [row.state for row in rows(store, way="mail")] == ["sent"])
        down(*parts)
        parts = up()
        desk.case("dispatched")
        until(lambda: [row.state for row in rows(store, way="mail")] == ["sent", "sent"])
        down(*parts)
    assert len(post.letters) == 2 and len({letter["Message-ID"] for letter in post.letters}) == 2
    with store.read() as session:
        assert session.scalars(select(DeadLetter)).all() == []


def test_a_letter_that_goes_wrong_for_want_of_a_server_can_be_sent_again(desk: Office) -> None:
    desk.case("dispatched")
    hand = Hand()

    def none(_letter: Letter) -> None:
        raise CouldNot("no-server")

    hand.does = none
    here = room(desk.store, hand)
    hear_all(desk, here)
    here.send()
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.why) == ("could-not", "no-server")
    with desk.store.work() as work, pytest.raises(notices.Refused, match="no such notice"):
        notices.send_again(work, uuid7())
    assert desk.said() and isinstance(desk.said()[0], OutboxRow)
