"""Both buses keep the same promises, on both databases: order, at least once, retries, dead letters, live words."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from schema.facts import CallFact, CallQueued, SeatFact, SeatReady
from schema.ids import CaseId, uuid7
from schema.orders import CallCitizen, Order
from schema.outbox import BusCursor
from schema.store import StoreUnreachable
from tests.schema.bussite import Site, running, town
from tests.schema.play import Heard, eventually, queued, ready, say

__all__ = ["town"]


def test_every_group_hears_everything_in_the_order_of_the_commits(town: Site) -> None:
    cti, web = Heard(), Heard()
    running(town, ("cti", cti), ("web", web))
    for n in range(40):
        say(town.store, f"{n}a", f"{n}b")
    expected = [f"{n}{x}" for n in range(40) for x in "ab"]
    assert cti.wait(80) == expected
    assert web.wait(80) == expected
    places = [envelope.seq for envelope in cti.envelopes]
    assert places == sorted(set(places))


def test_a_message_arrives_as_it_was_said(town: Site) -> None:
    heard = Heard()
    running(town, ("g", heard))
    order = CallCitizen(number="0571", language="ug", case=CaseId(uuid7()), by=uuid7(), contact=None)
    fact = queued("ئۇيغۇرچە 热线")
    with town.store.work() as work:
        work.emit(fact)
        work.emit(order)
    heard.wait(2)
    first, second = heard.envelopes
    assert (first.message, first.name, first.at) == (fact, "CallQueued", fact.at)
    assert (second.message, second.key) == (order, order.order)


def test_a_subscriber_hears_its_kinds_and_their_subclasses_only(town: Site) -> None:
    seats, calls, orders, all_of_it = Heard(), Heard(), Heard(), Heard()
    bus = town.bus()
    bus.subscribe("seats", [SeatFact], seats)
    bus.subscribe("both", [CallFact], calls)
    bus.subscribe("both", [Order], orders)
    bus.subscribe("all", (), all_of_it)
    town.start(bus)
    with town.store.work() as work:
        work.emit(ready(1))
        work.emit(queued())
        work.emit(CallCitizen(number="1", language="zh", case=CaseId(uuid7())))
    all_of_it.wait(3)
    eventually(lambda: all(heard.envelopes for heard in (seats, calls, orders)))
    assert [type(e.message) for e in seats.envelopes] == [SeatReady]
    assert [type(e.message) for e in calls.envelopes] == [CallQueued]
    assert [type(e.message) for e in orders.envelopes] == [CallCitizen]


def test_what_was_said_before_a_new_group_came_is_heard(town: Site) -> None:
    say(town.store, "early")
    heard = Heard()
    running(town, ("late", heard))
    assert heard.wait(1) == ["early"]


def test_a_group_goes_on_where_it_stopped(town: Site) -> None:
    first, second = Heard(), Heard()
    bus = running(town, ("g", first))
    say(town.store, 1, 2)
    first.wait(2)
    town.stop(bus)
    say(town.store, 3, 4)
    running(town, ("g", second))
    assert second.wait(2) == ["3", "4"]
    assert first.seats == ["1", "2"]


def test_a_listener_without_a_group_hears_only_from_now_on(town: Site) -> None:
    before, now, marker = Heard(), Heard(), Heard()
    bus = running(town, ("g", before))
    say(town.store, "before")
    before.wait(1)
    town.stop(bus)
    bus = town.bus()
    bus.subscribe("screen", [SeatFact], now, durable=False)
    bus.subscribe("g", (), marker)
    town.start(bus)
    say(town.store, "after")
    assert now.wait(1) == ["after"]
    assert marker.wait(1) == ["after"]


def test_more_than_fits_in_memory_arrives_in_order(town: Site) -> None:
    gate = threading.Event()
    heard = Heard()

    def slow(envelope: object) -> None:
        gate.wait(20)
        heard(envelope)  # type: ignore[arg-type]

    bus = town.bus()
    bus.subscribe("slow", (), slow)
    town.start(bus)
    for n in range(30):
        say(town.store, *range(n * 50, n * 50 + 50))
    gate.set()
    assert heard.wait(1500, 30) == [str(n) for n in range(1500)]


def test_a_live_word_reaches_every_hearer_in_order_and_a_bad_hearer_hurts_nobody(town: Site) -> None:
    words: list[bytes] = []
    bus = town.bus()

    def bad(_: bytes) -> None:
        raise ValueError("bad hearer")

    bus.hear("floor", bad)
    bus.hear("floor", words.append)
    bus.hear("other", lambda _: words.append(b"wrong"))
    town.start(bus)
    for n in range(20):
        bus.shout("floor", b"%d" % n)
    bus.shout("nobody", b"x")
    eventually(lambda: len(words) == 20)
    assert words == [b"%d" % n for n in range(20)]


def test_stop_is_bounded_and_leaves_the_message_in_hand_for_next_time(town: Site) -> None:
    heard, again = Heard(), Heard()
    heard.trouble = [StoreUnreachable("away") for _ in range(1000)]
    bus = running(town, ("g", heard))
    say(town.store, 1, 2)
    eventually(lambda: heard.tried > 0)
    began = time.monotonic()
    town.stop(bus)
    assert time.monotonic() - began < 5
    assert heard.seats == []
    running(town, ("g", again))
    assert again.wait(2) == ["1", "2"]


def test_stopping_what_was_never_started_is_no_error(town: Site) -> None:
    bus = town.bus()
    bus.subscribe("g", (), Heard())
    bus.stop()


def test_subscribing_after_the_start_is_refused(town: Site) -> None:
    bus = running(town, ("g", Heard()))
    with pytest.raises(RuntimeError, match="before"):
        bus.subscribe("late", (), Heard())


def test_a_kind_that_does_not_travel_is_refused(town: Site) -> None:
    with pytest.raises(ValueError, match="int is no fact"):
        town.bus().subscribe("g", [int], Heard())  # type: ignore[list-item]


DIES = """
import os, signal, sys
from schema.store import Store
from schema.relay import Relay
from schema.bus_memory import MemoryBus
from schema.bus_redis import RedisBus
import time
url, redis_url, prefix = sys.argv[1:]
store = Store(url)
bus = RedisBus(redis_url, prefix, store, claim_after=1.0) if redis_url else MemoryBus(store)
def die(envelope):
    if envelope.message.seat == "2":
        os.kill(os.getpid(), signal.SIGKILL)
bus.subscribe("g", (), die)
bus.start()
Relay(store, bus).start()
time.sleep(30)
"""


@pytest.mark.real
def test_killed_while_it_handles_the_next_process_of_the_group_handles_it_first(town: Site) -> None:
    say(town.store, 1, 2, 3)
    url = town.store.engine.url.render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, "-c", DIES, url, town.url, town.prefix], timeout=60, check=False)
    assert done.returncode == -9
    heard = Heard()
    running(town, ("g", heard))
    say(town.store, 4)
    heard.wait(3, 20)
    eventually(lambda: heard.seats[-1:] == ["4"])
    assert heard.seats[-3:] == ["2", "3", "4"]  # "1" may come again: its handling was not written down yet


def test_where_a_group_has_got_to_is_written_down(town: Site) -> None:
    heard = Heard()
    running(town, ("g", heard))
    say(town.store, 1, 2, 3)
    heard.wait(3)

    def written() -> bool:
        with town.store.read() as session:
            cursor = session.get(BusCursor, "g")
            return cursor is not None and cursor.seq == heard.envelopes[-1].seq

    eventually(written)


def test_handling_begins_within_milliseconds_of_the_commit(
    town: Site, record_property: Callable[..., None]
) -> None:
    arrived: list[float] = []
    bus = town.bus()
    bus.subscribe("g", (), lambda _: arrived.append(time.perf_counter()))
    town.start(bus)
    say(town.store, "warm")
    eventually(lambda: len(arrived) == 1)
    delays = []
    for n in range(30):
        with town.store.work() as work:
            work.emit(ready(n))
        committed = time.perf_counter()
        eventually(lambda n=n: len(arrived) == n + 2)
        delays.append(arrived[-1] - committed)
    median = sorted(delays)[len(delays) // 2] * 1000
    record_property("commit_to_handler_ms", median)
    assert median < 100  # a shared machine; a poll would show as half a second
