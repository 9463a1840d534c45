"""A supervisor over a seat, on the real PBX, by what each party hears; and the barge is in the recording."""

from collections.abc import Iterator

import pytest

from schema.orders import (
    Barge,
    ForceHangUp,
    ForceLogOut,
    ForcePause,
    ForceReady,
    ForceTransfer,
    Listen,
    MakeReady,
    StopWatching,
    TakeOver,
    Whisper,
)
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.party import People
from tests.patience import LONG

pytestmark = [pytest.mark.real, pytest.mark.journey]
CITIZEN = "13800138000"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    with call_site(tmp_path_factory.mktemp("watch")) as found:
        yield found


@pytest.fixture(scope="module")
def house(site: CallSite) -> People:
    people = People(site)
    people.supervised()
    people.outside("citizen", CITIZEN)
    return people


@pytest.fixture
def talk(house: People) -> Iterator[People]:
    """Citizen and agent talk; the supervisor's seat is open and takes no callers."""
    house.site.order(MakeReady(seat="101"))
    house.call_in(CITIZEN)
    house.hear(citizen={"agent"}, agent={"citizen"})
    yield house
    for phone in house.phones.values():
        phone.hang_up()
    house.site.call_is(CITIZEN, outcome="answered")
    house.site.until(lambda: None if house.site.channels() else True, "silence", LONG)


def test_listen_whisper_listen_again_and_leave(talk: People) -> None:
    over = {"seat": "101", "watcher": "900"}
    talk.site.order(Listen(**over))
    talk.hear(boss={"citizen", "agent"}, citizen={"agent"}, agent={"citizen"})
    talk.site.order(Whisper(**over))
    talk.hear(boss={"citizen", "agent"}, citizen={"agent"}, agent={"citizen", "boss"})
    talk.site.order(Listen(**over))
    talk.hear(boss={"citizen", "agent"}, citizen={"agent"}, agent={"citizen"})
    talk.site.order(StopWatching(**over))
    talk.phones["boss"].wait("CALL_CLOSED")
    talk.hear(citizen={"agent"}, agent={"citizen"})


def test_a_barge_is_heard_by_all_and_the_citizen_stays_when_the_agent_leaves(talk: People) -> None:
    talk.site.order(Barge(seat="101", watcher="900"))
    talk.hear(boss={"citizen", "agent"}, citizen={"agent", "boss"}, agent={"citizen", "boss"})
    talk.phones["agent"].hang_up()
    talk.hear(boss={"citizen"}, citizen={"boss"})


def test_a_barge_out_of_listening_and_out_again(talk: People) -> None:
    over = {"seat": "101", "watcher": "900"}
    talk.site.order(Listen(**over))
    talk.hear(boss={"citizen", "agent"})
    talk.site.order(Barge(**over))
    talk.hear(boss={"citizen", "agent"}, citizen={"agent", "boss"}, agent={"citizen", "boss"})
    talk.site.order(StopWatching(**over))
    talk.hear(citizen={"agent"}, agent={"citizen"})


@pytest.mark.parametrize("before", [None, Listen, Barge])
def test_a_supervisor_takes_the_call_over(talk: People, before: type | None) -> None:
    over = {"seat": "101", "watcher": "900"}
    if before is not None:
        talk.site.order(before(**over))
        talk.hear(boss={"citizen", "agent"})
    talk.site.order(TakeOver(**over))
    talk.hear(boss={"citizen"}, citizen={"boss"})
    talk.site.seat_is("101", "ready")


def test_what_is_forced_on_a_seat(talk: People) -> None:
    site = talk.site
    site.order(ForcePause(seat="101", reason="come and see me"))
    assert site.seat_is("101", "paused").reason == "come and see me"
    site.order(ForceReady(seat="101"))
    site.order(ForceTransfer(seat="101", target="seat:900"))
    talk.hear(boss={"citizen"}, citizen={"boss"})
    site.order(ForceHangUp(seat="900"))
    talk.phones["citizen"].wait("CALL_CLOSED")


def test_an_agent_who_is_logged_out_leaves_the_citizen_to_the_next(house: People) -> None:
    site = house.site
    site.order(MakeReady(seat="101"))
    site.order(ForceReady(seat="900"))
    site.order(ForcePause(seat="900", reason="supervises"))
    house.call_in(CITIZEN)
    site.order(ForceReady(seat="900"))
    site.order(ForceLogOut(seat="101", reason="left the house"))
    house.hear(boss={"citizen"}, citizen={"boss"}, seconds=15)
    house.phones["citizen"].hang_up()
