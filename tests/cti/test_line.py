from datetime import timedelta
from uuid import UUID

from cti.line import Line
from schema.rules.queueing import DEFAULT, Caller, Idle
from tests.cti.play import NOON

ONE, TWO = UUID(int=1), UUID(int=2)


class Router:
    """A router that remembers whom it was to send, and what was freed."""

    def __init__(self, line: Line, name: str) -> None:
        line.routers[name] = self
        self.sent: list[tuple[UUID, str]] = []
        self.seats: list[str] = []

    def sync(self) -> None:
        pass

    def send(self, caller: Caller, idle: Idle) -> None:
        self.sent.append((caller.call, idle.seat))

    def freed(self, seat: str) -> None:
        self.seats.append(seat)


def test_a_caller_of_one_pbx_is_sent_by_its_router_to_a_seat_of_another() -> None:
    line = Line(DEFAULT)
    a, b = Router(line, "a"), Router(line, "b")
    line.put_caller(ONE, Caller(ONE, NOON, node="a"), NOON)
    line.put_seat("101", Idle("101", NOON, node="b"))
    line.offer(NOON)
    assert (a.sent, b.sent) == ([(ONE, "101")], [])
    assert (line.reserved, line.kept, line.callers, line.seats) == ({"101": ONE}, {ONE: "101"}, {}, {})


def test_only_who_has_a_seat_can_free_it() -> None:
    line = Line(DEFAULT)
    router = Router(line, "")
    line.reserved["101"], line.kept[ONE] = ONE, "101"
    line.free("101", TWO)
    assert line.reserved == {"101": ONE}
    line.free("101", ONE)
    assert (line.reserved, line.kept, router.seats) == ({}, {}, ["101"])


def test_all_are_reserved_before_the_first_is_sent() -> None:
    line = Line(DEFAULT)
    seen: list[int] = []

    class Nosy(Router):
        def send(self, caller: Caller, idle: Idle) -> None:
            seen.append(len(line.reserved))

    Nosy(line, "")
    for n, call in enumerate((ONE, TWO)):
        line.put_caller(call, Caller(call, NOON), NOON)
        line.put_seat(str(101 + n), Idle(str(101 + n), NOON))
    line.offer(NOON)
    assert seen == [2, 2]


def test_places_are_by_turn_and_queue() -> None:
    line = Line(DEFAULT)
    for n, queue in ((1, "a"), (2, "b"), (3, "a")):
        call = UUID(int=n)
        line.put_caller(call, Caller(call, NOON + timedelta(seconds=n), n % 3, queue=queue), NOON)
    assert line.places("a", NOON) == {UUID(int=1): 1, UUID(int=3): 2}
    line.put_caller(UUID(int=1), None, NOON)
    line.put_caller(UUID(int=9), None, NOON)
    assert line.places("a", NOON) == {UUID(int=3): 1}
