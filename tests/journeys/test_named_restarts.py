"""The bridge ends and begins again in the middle of a talk, on the real PBX: floor and rows stay right."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select

from cti.floor import Floor
from schema.calls import LegRow, SegmentRow
from schema.orders import (
    Barge,
    CompleteTransfer,
    Conference,
    Consult,
    Hold,
    Listen,
    MakeReady,
    Order,
    Resume,
    StopWatching,
    Whisper,
)
from tests.cti.tapes import hear_again
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.party import People
from tests.patience import until

pytestmark = [pytest.mark.real, pytest.mark.journey]
CITIZEN, EXPERT = "13800138000", "13900139000"
OVER = {"seat": "101", "watcher": "900"}
Hears = dict[str, set[str]]


@dataclass(frozen=True)
class Middle:
    """The middle of a talk: how it comes there, who hears whom, what the floor shows of seat 101, how it goes on."""

    comes: tuple[Callable[[], Order], ...]
    hears: Hears
    stands: dict[str, object]
    goes_on: Callable[[], Order]
    then: Hears


ASK = lambda: Consult(seat="101", target=f"number:{EXPERT}")  # noqa: E731 - an order is made anew each time
ALL = {"citizen": {"agent", "boss"}, "agent": {"citizen", "boss"}, "boss": {"citizen", "agent"}}
THREE = {"citizen": {"agent", "expert"}, "agent": {"citizen", "expert"}, "expert": {"agent", "citizen"}}
TWO = {"citizen": {"agent"}, "agent": {"citizen"}}
MIDDLES = {
    "hold": Middle(
        (lambda: Hold(seat="101"),), {"citizen": set(), "agent": set()}, {"citizen": "hold"},
        lambda: Resume(seat="101"), TWO,
    ),
    "consult": Middle(
        (ASK,), {"citizen": set(), "agent": {"expert"}, "expert": {"agent"}}, {"citizen": "hold", "consult": "talking"},
        lambda: CompleteTransfer(seat="101"), {"citizen": {"expert"}, "expert": {"citizen"}},
    ),
    "three-way": Middle(
        (ASK, lambda: Conference(seat="101")), THREE, {"citizen": "talking", "conference": True},
        lambda: CompleteTransfer(seat="101"), {"citizen": {"expert"}, "expert": {"citizen"}},
    ),
    "whisper": Middle(
        (lambda: Whisper(**OVER),), {"citizen": {"agent"}, "agent": {"citizen", "boss"}, "boss": {"citizen", "agent"}},
        {"citizen": "talking", "watchers": {"900": "whisper"}},
        lambda: Listen(**OVER), {**TWO, "boss": {"citizen", "agent"}},
    ),
    "barge": Middle(
        (lambda: Barge(**OVER),), ALL, {"citizen": "talking", "watchers": {"900": "barge"}},
        lambda: StopWatching(**OVER), TWO,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    with call_site(tmp_path_factory.mktemp("named-restarts")) as found:
        yield found


@pytest.fixture(scope="module")
def house(site: CallSite) -> People:
    """A supervisor, an agent, a citizen and an expert."""
    people = People(site)
    people.supervised()
    people.outside("citizen", CITIZEN)
    people.outside("expert", EXPERT, port=site.settings.pbx.trunk_port, answers="auto")
    return people


def back_again(site: CallSite) -> None:
    """Start the bridge, and wait until it says that the link to the PBX is up."""
    log = site.settings.var / "log" / "bridge.log"
    before = log.read_text("utf-8").count('"state": "up"')
    site.bridge.start().wait_ready(60)
    site.until(
        lambda: True if log.read_text("utf-8").count('"state": "up"') > before else None, "link up", 30
    )


def floor_of(site: CallSite) -> Floor:
    """The floor, as the tape has it."""
    _facts, floor, wrong = hear_again(site.settings.tape)
    assert wrong == [], "the figures add up after every fact"
    return floor


def shown(floor: Floor) -> dict[str, object]:
    """What the floor shows of the agent's seat."""
    seat = floor.seats["101"]
    consult = seat.consult.state if seat.consult else ""
    return {
        "citizen": seat.citizen, "conference": seat.conference, "consult": consult, "watchers": dict(seat.watchers),
    }  # fmt: skip


def open_legs(site: CallSite, call: UUID) -> list[str]:
    """The legs of a call that go on, by the rows."""
    with site.store.read() as session:
        return list(session.scalars(select(LegRow.leg).where(LegRow.call == call, LegRow.ended_at.is_(None))))


def assert_rows_whole(site: CallSite, call: UUID) -> None:
    """One call; every leg and segment ended, no leg in two at once, none doubled by a look at the PBX."""
    until(lambda: not open_legs(site, call), what="every leg's end is written")
    row = next(row for row in site.calls(CITIZEN) if row.id == call)
    assert (row.outcome, row.offers) == ("answered", 1)
    with site.store.read() as session:
        legs = list(session.scalars(select(LegRow).where(LegRow.call == call)))
        found = list(
            session.scalars(
                select(SegmentRow).where(SegmentRow.call == call).order_by(SegmentRow.leg, SegmentRow.n)
            )
        )
    assert len({(leg.kind, leg.seat) for leg in legs}) == len(legs), "each leg is there once"
    for before, after in pairwise(found):
        if before.leg == after.leg:
            assert before.ended_at is not None and before.ended_at <= after.started_at
            if (before.kind, before.bridge, before.others) == (after.kind, after.bridge, after.others):
                assert before.ended_at < after.started_at, "one stretch is one segment"
    assert all(one.ended_at is not None for one in found)


@pytest.mark.parametrize("name", MIDDLES)
def test_the_bridge_is_stopped_and_killed_in_the_middle_of(house: People, name: str) -> None:
    site, middle = house.site, MIDDLES[name]
    site.order(MakeReady(seat="101"))
    site.seat_is("101", "ready")
    call = house.call_in(CITIZEN)
    house.hear(**TWO)
    for order in middle.comes:
        site.order(order())
    house.hear(**middle.hears)
    for end in (site.bridge.stop, site.bridge.kill):
        end()
        house.hear(**middle.hears)
        back_again(site)
        house.hear(**middle.hears)
        assert middle.stands.items() <= shown(floor_of(site)).items()
    site.order(middle.goes_on())
    house.hear(**middle.then)
    for phone in house.phones.values():
        phone.hang_up()
    site.call_is(CITIZEN, outcome="answered")
    site.until(lambda: None if site.channels() else True, "silence", 30)
    assert_rows_whole(site, call)
    floor = floor_of(site)
    assert (floor.calls, floor.seats["900"].state) == ({}, "paused")
