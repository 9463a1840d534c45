"""The end of the published order in memory: contiguous, bounded, and never with a hole."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.api.tail import Page, Tail, after, ends, told
from schema.bus_memory import MemoryBus
from schema.desk.confiding import conceal_case
from schema.facts import SeatReady
from schema.ids import CaseId
from schema.orders import ConcealCase, Hold
from schema.relay import Relay
from schema.store import Store
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.schema.desk.casework import open_office

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def fact(seq: int) -> object:
    return told(seq, "SeatReady", AT, {"seat": "101"}, {})


class Log:
    """A published order in which every third place is an order."""

    def __init__(self) -> None:
        self.end = 0

    def read(self, place: int, limit: int) -> Page:
        last = min(self.end, place + limit)
        return Page([fact(seq) for seq in range(place + 1, last + 1) if seq % 3], last)  # type: ignore[misc]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from(["grow", "fetch", "read"]), st.integers(1, 9)), max_size=60),
    st.integers(1, 12),
)
def test_a_reader_that_takes_pages_from_memory_or_from_the_log_misses_nothing(
    steps: list[tuple[str, int]], kept: int
) -> None:
    log = Log()
    tail = Tail(lambda place: log.read(place, 5), kept)
    tail.start(0)
    place, got = 0, list[int]()
    for what, n in [*steps, ("fetch", 9), ("fetch", 9)] + [("read", 9)] * 80:
        if what == "grow":
            log.end += n
        elif what == "fetch":
            tail.take(tail.fetch())
        else:
            page = tail.after(place, n) or log.read(place, n)
            got += [one.seq for one in page.facts]
            assert page.end >= place
            place = page.end
        assert len(tail._facts) <= kept
    assert got == [seq for seq in range(1, place + 1) if seq % 3]
    assert place >= tail.end


def test_nothing_is_held_before_the_start() -> None:
    tail = Tail(lambda place: Page([], place))
    assert tail.after(0) is None
    tail.start(7)
    assert tail.after(6) is None and tail.after(7) == Page([], 7)
    assert not tail.take(tail.fetch())


def test_pages_of_the_outbox_pass_over_orders_and_what_is_not_published(store: Store) -> None:
    assert ends(store) == (0, 0) and after(store, 0) == Page([], 0)
    with store.work() as work:
        for message in (
            SeatReady(at=AT, seat="101"),
            Hold(seat="101"),
            SeatReady(at=AT, seat="102"),
            Hold(seat="1"),
        ):
            work.emit(message)
    assert after(store, 0) == Page([], 0)
    Relay(store, MemoryBus(store)).publish()
    page = after(store, 0)
    assert [one.seq for one in page.facts] == [1, 3] and page.end == 4
    assert after(store, 1, limit=1) == Page([], 2)
    assert ends(store) == (1, 4)


def test_a_frame_is_one_event() -> None:
    frame = told(7, "SeatReady", AT, {"seat": "101"}, {}).frame.decode()
    assert frame.startswith("id: 7\nevent: SeatReady\ndata: {") and frame.endswith("}\n\n")
    assert frame.count("\n") == 4


def test_what_was_told_openly_of_a_case_is_not_told_again_once_it_is_confidential(store: Store) -> None:
    desk = open_office(store)
    relay = Relay(store, MemoryBus(store))
    case = desk.case()
    relay.publish()
    tail = Tail(lambda place: after(store, place))
    tail.start(0)
    tail.take(tail.fetch())
    held = tail.after(0)
    assert held is not None and {one.about["confidential"] for one in held.facts} == {False}
    with store.work() as work:
        conceal_case(work, ConcealCase(by=desk.supervisor, case=CaseId(case.id), reason="来电人要求保密"))
    relay.publish()
    tail.take(tail.fetch())
    held = tail.after(0)
    assert held is not None
    for page in (held, after(store, 0)):
        assert [one.name for one in page.facts] == ["CaseFiled", "CaseConcealed"]
        assert {one.about["confidential"] for one in page.facts} == {True}
