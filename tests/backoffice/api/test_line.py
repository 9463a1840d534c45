"""A line of the stream by itself: it goes where its place leads, and never holds what its reader does not take."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from backoffice.api.line import STUCK_AFTER, Line
from backoffice.api.tail import Page
from schema.store import StoreUnreachable
from tests.backoffice.api.streamplay import StreamRequest
from tests.backoffice.api.test_tail import fact


class Pages:
    """A source that answers when it is told to; `asked` are the places it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.answers: list[Deferred[Page]] = []

    def page(self, place: int) -> "Deferred[Page]":
        self.asked.append(place)
        self.answers.append(Deferred())
        return self.answers[-1]

    def answer(self, *places: int, end: int) -> None:
        self.answers.pop(0).callback(Page([fact(place) for place in places], end))  # type: ignore[misc]


def opened(
    pages: Pages, place: int = 0, sees: Any = lambda name, body: True
) -> tuple[Line, StreamRequest, list[float]]:
    request, now = StreamRequest(), [0.0]
    line = Line(request, pages, 0, sees, lambda: now[0])  # type: ignore[arg-type]
    line.begin()
    return line, request, now


def test_each_page_is_asked_for_behind_the_one_before() -> None:
    line, request, _ = opened(pages := Pages())
    line.pump()
    assert pages.asked == [0]
    pages.answer(1, 2, end=3)
    pages.answer(4, end=9)
    pages.answer(end=9)
    assert pages.asked == [0, 3, 9] and [seq for seq, _ in request.events] == [1, 2, 4] and line.place == 9


def test_what_it_may_not_see_is_passed_over() -> None:
    line, request, _ = opened(pages := Pages(), sees=lambda name, body: False)
    pages.answer(1, 2, end=2)
    pages.answer(end=2)
    assert request.events == [] and line.place == 2
    line.beat()
    assert request.text.endswith(": beat\nid: 2\n\n")


def test_a_paused_reader_is_asked_for_nothing_more_and_then_goes_on() -> None:
    line, request, now = opened(pages := Pages())
    line.pauseProducing()
    pages.answer(1, end=1)
    assert pages.asked == [0] and line.place == 1
    now[0] = STUCK_AFTER
    line.beat()
    line.resumeProducing()
    assert pages.asked == [0, 1] and not request.finished and "beat" not in request.text


def test_a_database_that_goes_away_ends_the_line_so_that_its_reader_comes_back() -> None:
    line, request, _ = opened(pages := Pages())
    pages.answers.pop().errback(Failure(StoreUnreachable("away")))
    assert line.ended and request.finished == 1
    line.end()
    line.beat()
    line.pump()
    assert request.finished == 1 and pages.asked == [0]


def test_what_comes_for_a_reader_that_is_gone_is_dropped() -> None:
    line, request, _ = opened(pages := Pages())
    line.stopProducing()
    pages.answer(1, end=1)
    assert request.events == [] and pages.asked == [0]
