"""Live words: bounded, never waiting, one bad hearer hurting nobody."""

import threading

from schema.bus_live import HELD, Live
from tests.schema.play import eventually


def test_when_nobody_keeps_up_the_oldest_words_go_first() -> None:
    words: list[bytes] = []
    live = Live()
    live.hear("t", words.append)
    for n in range(HELD + 5):
        live.say("t", b"%d" % n)
    live.start()
    eventually(lambda: len(words) == HELD)
    assert (words[0], words[-1]) == (b"5", b"%d" % (HELD + 4))
    live.stop()


def test_saying_does_not_wait_for_a_slow_way_out() -> None:
    gate = threading.Event()
    live = Live(lambda topic, payload: gate.wait(5) and None)
    live.start()
    for _ in range(10):
        live.say("t", b"x")
    gate.set()
    live.stop()


def test_words_without_hearers_go_nowhere() -> None:
    live = Live()
    live.hear("a", lambda _: None)
    live.pass_on("b", b"x")
    assert live.topics == ["a"]
