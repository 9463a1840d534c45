"""The Redis bus: members that share, members that die, and a Redis that is away, stuck, or forgets everything."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis as client
from sqlalchemy import update

from conf.privateredis import PrivateRedis
from schema.bus_redis import RedisBus
from schema.bus_redis_stream import Stream
from schema.ids import uuid7
from schema.outbox import BusCursor
from schema.relay import Relay
from schema.store import Store
from tests.real.servers import real_redis
from tests.schema.play import Heard, eventually, say

pytestmark = pytest.mark.real


class Town:
    """A database, a Redis, and what runs on them."""

    def __init__(self, store: Store, url: str) -> None:
        self.store = store
        self.url = url
        self.prefix = f"t{uuid7().hex}"
        self._running: dict[RedisBus, Relay] = {}
        self.redis: Any = client.Redis.from_url(url)

    def member(self, *groups: tuple[str, Heard], **options: Any) -> RedisBus:
        """A process of the site that belongs to these groups."""
        bus = RedisBus(self.url, self.prefix, self.store, **{"claim_after": 1.0, **options})
        for group, heard in groups:
            bus.subscribe(group, (), heard)
        relay = Relay(self.store, bus, poll=0.1)
        self._running[bus] = relay
        bus.start()
        relay.start()
        return bus

    def leave(self, bus: RedisBus) -> None:
        """End that process in order."""
        self._running.pop(bus).stop()
        bus.stop()

    def close(self) -> None:
        """End all."""
        for bus in list(self._running):
            self.leave(bus)
        self.redis.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def town(sqlite_store: Store, redis: PrivateRedis) -> Iterator[Town]:
    town = Town(sqlite_store, redis.url)
    yield town
    town.close()


@pytest.fixture
def shaky(sqlite_store: Store, tmp_path: Path) -> Iterator[tuple[Town, PrivateRedis]]:
    """A town whose Redis may be stopped, and which then forgets everything."""
    with ExitStack() as stack:
        server = stack.enter_context(real_redis(tmp_path / "redis"))
        town = Town(sqlite_store, server.url)
        stack.callback(town.close)
        yield town, server


def test_members_of_a_group_share_the_messages_and_groups_do_not(town: Town) -> None:
    one, two, other = Heard(), Heard(), Heard()
    town.member(("shared", one))
    town.member(("shared", two), ("other", other))
    for n in range(200):
        say(town.store, n)
    expected = [str(n) for n in range(200)]
    assert other.wait(200) == expected
    eventually(lambda: len(one.seats) + len(two.seats) >= 200)
    assert sorted(one.seats + two.seats) == sorted(expected)


def test_what_a_dead_member_held_is_taken_over_by_a_living_one(town: Town) -> None:
    heard = Heard()
    town.member(("g", heard))
    say(town.store, "first")
    heard.wait(1)
    key = f"{town.prefix}:bus"
    # A member that reads and is never heard of again, faster than the living one.
    deadly: list[Any] = []
    while not deadly:
        say(town.store, "held")
        deadly = town.redis.xreadgroup("g", "dead", {key: ">"}, count=1)
    eventually(lambda: town.redis.xpending(key, "g")["pending"] == 0, 15)
    with town.store.read() as session:
        said = session.connection().exec_driver_sql("SELECT count(*) FROM outbox").scalar_one()
    assert len(heard.seats) == said


def test_a_message_that_takes_longer_than_the_takeover_is_left_to_its_member(town: Town) -> None:
    slow, other = Heard(), Heard()
    slow.trouble = [ValueError("busy")]

    town.member(("g", slow), pauses=(6.0,), claim_after=3.0)
    say(town.store, "long")
    eventually(lambda: slow.tried == 1)
    town.member(("g", other), claim_after=3.0)
    eventually(lambda: slow.seats == ["long"], 15)
    assert other.seats == []


def test_what_was_delivered_to_a_member_and_never_got_there_is_handled_first(town: Town) -> None:
    first, heard = Heard(), Heard()
    bus = town.member(("g", first))
    say(town.store, "0")
    first.wait(1)
    town.leave(bus)
    town.member(("publisher", Heard()))
    say(town.store, "1", "2")
    cut_off = RedisBus(town.url, town.prefix, town.store, claim_after=60.0)
    cut_off.subscribe("g", (), heard)
    key = f"{town.prefix}:bus"
    eventually(lambda: bool(town.redis.xreadgroup("g", cut_off._member, {key: ">"}, count=1)))
    cut_off.start()
    assert heard.wait(2) == ["1", "2"]
    eventually(lambda: town.redis.xpending(key, "g")["pending"] == 0)
    cut_off.stop()


def test_a_member_that_leaves_in_order_leaves_no_trace(town: Town) -> None:
    heard = Heard()
    bus = town.member(("g", heard))
    say(town.store, 1)
    heard.wait(1)
    town.leave(bus)
    assert town.redis.xinfo_consumers(f"{town.prefix}:bus", "g") == []


def test_redis_killed_and_back_with_nothing_loses_nothing(shaky: tuple[Town, PrivateRedis]) -> None:
    town, server = shaky
    heard, stopped, again = Heard(), Heard(), Heard()
    bus = town.member(("g", heard))
    late = town.member(("late", stopped))
    say(town.store, "1")
    heard.wait(1)
    stopped.wait(1)
    town.leave(late)
    say(town.store, "2", "3")
    heard.wait(3)
    server.kill()
    eventually(lambda: bus.state == "down")
    say(town.store, "4")
    say(town.store, "5")
    server.start()
    eventually(lambda: heard.seats[-2:] == ["4", "5"], 20)
    assert bus.state == "up"
    # What came again is only what had been handled and not written down; nothing is missing and order holds.
    assert sorted(set(heard.seats)) == ["1", "2", "3", "4", "5"]
    # The group that was away finds what Redis forgot.
    town.member(("late", again))
    eventually(lambda: again.seats[-4:] == ["2", "3", "4", "5"], 15)


def test_redis_emptied_under_us_is_filled_again_without_a_new_message(town: Town) -> None:
    heard, marker = Heard(), Heard()
    town.member(("marker", marker))
    say(town.store, "1", "2")
    marker.wait(2)
    town.redis.flushall()
    town.member(("new", heard))
    assert heard.wait(2) == ["1", "2"]


def test_redis_stuck_for_a_while_only_delays(shaky: tuple[Town, PrivateRedis]) -> None:
    town, server = shaky
    heard = Heard()
    bus = town.member(("g", heard))
    say(town.store, "1")
    heard.wait(1)
    server.pause()
    say(town.store, "2")
    bus.shout("floor", b"nobody waits for this")
    eventually(lambda: bus.state == "down", 15)
    say(town.store, "3")
    server.resume()
    eventually(lambda: heard.seats[-1:] == ["3"], 20)
    assert sorted(set(heard.seats)) == ["1", "2", "3"]
    eventually(lambda: bus.state == "up")


def test_without_redis_at_the_start_everything_comes_when_it_is_there(
    shaky: tuple[Town, PrivateRedis],
) -> None:
    town, server = shaky
    server.stop()
    heard, screen = Heard(), Heard()
    bus = RedisBus(town.url, town.prefix, town.store)
    bus.subscribe("g", (), heard)
    bus.subscribe("screen", (), screen, durable=False)
    words: list[bytes] = []
    bus.hear("floor", words.append)
    relay = Relay(town.store, bus, poll=0.1)
    bus.start()
    relay.start()
    say(town.store, "1")
    eventually(lambda: relay.state == "down")
    server.start()
    assert heard.wait(1, 15) == ["1"]
    bus.shout("floor", b"hello")
    eventually(lambda: words == [b"hello"])
    relay.stop()
    bus.stop()


def test_stop_is_bounded_with_redis_stuck(shaky: tuple[Town, PrivateRedis]) -> None:
    town, server = shaky
    heard = Heard()
    bus = town.member(("g", heard))
    say(town.store, "1")
    heard.wait(1)
    server.pause()
    import time

    began = time.monotonic()
    bus.stop()
    assert time.monotonic() - began < 8
    server.resume()


def test_the_stream_is_trimmed_only_behind_what_every_group_has_handled(town: Town) -> None:
    stream = Stream(town.redis, f"{town.prefix}:trim", longest=100_000, kept=300)
    letters = _letters(town, 2000)
    stream.add(letters)
    town.redis.xgroup_create(stream.key, "slow", id="500-0")
    town.redis.xgroup_create(stream.key, "fast", id="2000-0")
    stream.trim(stream.handled())
    assert 400 < stream.first() <= 501  # Redis drops whole nodes of a hundred
    stream.trim({"slow": 2000, "fast": 2000})
    assert 1600 < stream.first() <= 1701
    assert stream.top() == 2000


def test_a_group_overtaken_by_the_limit_finds_the_rest_in_the_outbox(town: Town) -> None:
    first, marker, again = Heard(), Heard(), Heard()
    bus = town.member(("g", first))
    say(town.store, "0")
    first.wait(1)
    town.leave(bus)
    town.member(("marker", marker), longest=20)
    say(town.store, *range(1, 101))
    marker.wait(101)
    eventually(lambda: town.redis.xlen(f"{town.prefix}:bus") == 20)
    town.member(("g", again))
    assert again.wait(100) == [str(n) for n in range(1, 101)]


def test_a_stream_that_is_ahead_of_a_restored_database_is_followed(town: Town) -> None:
    heard = Heard()
    bus = town.member(("g", heard))
    say(town.store, "1", "2", "3")
    heard.wait(3)
    town.leave(bus)
    with town.store.work() as work:  # as a backup of before would say
        work.session.connection().exec_driver_sql("DELETE FROM outbox WHERE seq > 1")
        work.session.execute(update(BusCursor).values(seq=1))
    again = Heard()
    town.member(("g", again))
    say(town.store, "new")
    assert again.wait(1) == ["new"]
    assert again.envelopes[0].seq == 4


def test_an_entry_that_is_no_letter_is_passed_over(town: Town) -> None:
    heard = Heard()
    town.member(("g", heard))
    say(town.store, "1")
    heard.wait(1)
    town.redis.xadd(f"{town.prefix}:bus", {"rubbish": b"\xff"}, id="2-0")
    say(town.store, "2")
    assert heard.wait(2) == ["1", "2"]


def _letters(town: Town, count: int) -> list[Any]:
    from schema.bus import Letter
    from tests.schema.play import AT

    return [Letter(n, uuid7(), "SeatReady", AT, {"seat": str(n)}) for n in range(1, count + 1)]
