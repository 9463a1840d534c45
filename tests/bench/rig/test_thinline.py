"""The queue of a thin line: packets in order, each its length over the rate and the delay later, some lost."""

import random

import pytest

from bench.rig.thinline import Pipe


def test_packets_wait_for_those_before_them_and_arrive_the_delay_later() -> None:
    pipe = Pipe(rate=8000.0, delay=0.3, loss=0.0)
    pipe.put(b"a" * 1000, 0.0)
    pipe.put(b"b" * 500, 0.0)
    assert pipe.next_at() == pytest.approx(1.3)
    assert pipe.due(1.29) == [] and pipe.due(1.31) == [b"a" * 1000]
    assert pipe.due(1.79) == [] and pipe.due(1.81) == [b"b" * 500]
    pipe.put(b"c" * 1000, 10.0)
    assert pipe.next_at() == pytest.approx(11.3) and pipe.bytes_in == 2500


def test_a_line_that_is_cut_loses_what_comes_and_carries_what_is_under_way() -> None:
    pipe = Pipe(rate=8000.0, delay=0.0, loss=0.0)
    pipe.put(b"a" * 1000, 0.0)
    pipe.is_cut = True
    pipe.put(b"b" * 1000, 0.1)
    pipe.is_cut = False
    pipe.put(b"c" * 1000, 5.0)
    assert [packet[:1] for packet in pipe.due(10.0)] == [b"a", b"c"] and pipe.lost == 1


def test_a_share_is_lost_and_a_full_queue_loses_the_rest() -> None:
    pipe = Pipe(rate=1e9, delay=0.0, loss=0.05, limit=10_000, dice=random.Random(1))
    for _ in range(10_000):
        pipe.put(b"x", 0.0)
    assert 400 < pipe.lost < 600 and len(pipe.due(1.0)) == 10_000 - pipe.lost
    full = Pipe(rate=8.0, delay=0.0, loss=0.0, limit=3)
    for _ in range(5):
        full.put(b"x", 0.0)
    assert full.lost == 2
