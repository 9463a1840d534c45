import sys
from collections.abc import Iterable
from datetime import timedelta

import msgspec

from cti import callers, notes
from cti.callers import SHELVES, UNTOLD, Served
from tests.cti.play import NOON, WANG, Caller, Play


def test_a_number_is_remembered_for_a_while_by_who_served_it() -> None:
    served = Served(60)
    served.note("1", "101", WANG, NOON)
    served.note("2", "102", None, NOON + timedelta(seconds=30))
    served.note("", "103", None, NOON)
    assert (served.last("1", NOON), served.last("2", NOON), served.last("", NOON)) == (str(WANG), "102", "")
    late = NOON + timedelta(seconds=61)
    assert (served.last("1", late), served.last("2", late)) == ("", "102")
    assert Served(0).last("1", NOON) == ""


def test_the_latest_counts() -> None:
    served = Served(60)
    served.note("1", "101", None, NOON)
    served.note("1", "102", None, NOON + timedelta(seconds=1))
    served.note("1", "103", None, NOON)
    assert served.last("1", NOON) == "102"


def size(thing: object) -> int:
    """Bytes of an object and of what it holds."""
    parts: Iterable[object] = ()
    if isinstance(thing, dict):
        parts = (*thing, *thing.values())
    elif isinstance(thing, list):
        parts = thing
    return sys.getsizeof(thing) + sum(size(part) for part in parts)


def test_what_is_remembered_of_an_hour_is_small_and_does_not_grow() -> None:
    served, calls, numbers, at = Served(3600), 10_000, 40_000, NOON
    for n in range(numbers):  # four hours
        at = NOON + timedelta(seconds=3600 / calls * n)
        served.note(f"139{n:08d}", f"{100 + n % 100}", None, at)
    # 16 bytes each, those that are too old and not yet let go, and the shelves themselves.
    assert size(vars(served)) < 32 * calls + 64 * SHELVES
    assert served.last(f"139{numbers - calls // 2:08d}", at) == "100"
    assert served.last(f"139{numbers - 2 * calls:08d}", at) == ""


def test_a_seat_can_what_it_was_told_and_speaks_the_sites_languages_until_told(play: Play) -> None:
    play.seat()
    seat = callers.of_seat(play.floor.seats["101"], "pbx1", ("zh", "en"))
    assert (seat.languages, seat.skills, seat.queues) == ({"zh": UNTOLD, "en": UNTOLD}, {}, frozenset())
    play.note(notes.seat_skilled("101", "ug:3", "pipes:7", "water tax"))
    seat = callers.of_seat(play.floor.seats["101"], "pbx1", ("zh", "en"))
    assert (seat.languages, seat.skills, seat.queues) == (
        {"ug": 3},
        {"pipes": 7},
        frozenset({"water", "tax"}),
    )


def test_a_caller_wants_what_the_call_says(play: Play, caller: Caller) -> None:
    play.brought(caller, "queue")
    call = msgspec.structs.replace(play.floor.calls[caller.call], skills="pipes:3", priority=4, queue="water")
    made = callers.of_call(call, "pbx1", "102", None)
    assert (made.wants, made.priority, made.queue, made.language, made.sticky, made.since) == (
        (("pipes", 3),), 4, "water", "zh", "102", NOON,
    )  # fmt: skip
