"""How a group chooses and handles letters, without a database or a bus."""

import threading
from typing import Any, cast

import pytest

from schema.bus import Letter
from schema.bus_group import Group, names_of
from schema.facts import Fact, SeatFact, SeatReady
from schema.ids import uuid7
from schema.orders import Order
from schema.store import Store, StoreUnreachable
from schema.wire import FACTS, ORDERS, to_body
from tests.schema.play import AT, Heard, ready


def letter(seat: object) -> Letter:
    return Letter(1, uuid7(), "SeatReady", AT, to_body(ready(seat)))


def group(*, pauses: tuple[float, ...] = ()) -> Group:
    return Group("g", cast(Store, None), durable=True, pauses=pauses)  # only a dead letter needs the store


def test_no_kinds_means_all_of_them() -> None:
    assert names_of(()) is None


def test_a_base_stands_for_every_message_below_it() -> None:
    assert names_of([Fact]) == frozenset(FACTS)
    assert names_of([Fact, Order]) == frozenset(FACTS) | frozenset(ORDERS)
    assert names_of([SeatReady]) == {"SeatReady"}
    seats = names_of([SeatFact])
    assert seats is not None and "SeatOpened" in seats and "CallEnded" not in seats


def test_handlers_are_called_in_the_order_they_subscribed_and_a_done_one_not_again() -> None:
    first, second = Heard(), Heard()
    second.trouble = [ValueError("once")]
    one = group(pauses=(0.0,))
    one.add((), first)
    one.add((), second)
    assert one.handle(letter(1), threading.Event())
    assert (first.tried, second.tried) == (1, 2)


def test_told_to_stop_between_tries_it_says_so() -> None:
    heard = Heard()
    stopping = threading.Event()

    def fail(_: Any) -> None:
        stopping.set()
        raise StoreUnreachable("away")

    one = group()
    one.add((), fail)
    one.add((), heard)
    assert not one.handle(letter(1), stopping)
    assert heard.tried == 0


def test_what_nobody_wants_is_not_even_opened() -> None:
    one = group()
    one.add([Order], Heard())
    assert one.handle(Letter(1, uuid7(), "SeatReady", AT, {"rubbish": 1}), threading.Event())


@pytest.mark.parametrize("durable", [True, False])
def test_a_name_from_the_future_is_passed_over(durable: bool) -> None:
    heard = Heard()
    one = Group("g", cast(Store, None), durable=durable)
    one.add((), heard)
    assert one.handle(Letter(1, uuid7(), "FromTheFuture", AT, {}), threading.Event())
    assert heard.tried == 0
