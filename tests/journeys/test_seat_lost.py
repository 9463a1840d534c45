"""A seat's page that is lost in a call, or is there twice: real Chromium, real PBX, by what each party hears."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from schema.orders import Conference, Consult, Pause
from tests.journeys.browserpids import chromium, silent
from tests.journeys.seathands import Hands, at_home, seated
from tests.journeys.seathouse import CITIZEN, EXPERT, SeatHouse
from tests.journeys.waiting import fact, facts, hears
from tests.patience import LONG

pytestmark = [pytest.mark.real, pytest.mark.journey]
RIVAL = "13700137000"
FREED = 5.0
COUNTED = 0.5
"""The PBX counts silence in whole seconds and looks when one is over."""


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hands]:
    with seated(tmp_path_factory.mktemp("lost"), wrap_up=2, silence=4) as found:
        yield found


def in_a_call_with_another_waiting(house: SeatHouse) -> str:
    """Citizen and agent talk, and somebody else waits for the one seat; the call."""
    house.answered()
    call = str(house.site.calls(CITIZEN)[-1].id)
    if "colleague" not in house.phones:
        house.outside("colleague", RIVAL)
    house.call_in(RIVAL, "colleague", until="queue")
    return call


def is_freed(house: SeatHouse, call: str, since: datetime) -> None:
    """The citizen is in the line again in time, and told why in the language that was chosen."""
    sent = fact(house.site, "CallTransferred", call=call, how="rescued")
    took = (datetime.fromisoformat(sent["at"]) - since).total_seconds()
    assert (sent["seat"], took <= FREED + COUNTED) == ("101", True), took
    hears(house.site, house.phones["citizen"], "zh", "line-lost")
    house.site.call_is(CITIZEN, "queue", outcome="")


def heads_the_line(house: SeatHouse) -> None:
    """A new page is made ready: the citizen comes before who waited meanwhile."""
    house.new_page(until="ringing")
    expect(house.page.get_by_test_id("call-number")).to_have_text(CITIZEN)
    assert house.site.calls(RIVAL)[-1].stage == "queue"
    house.phones["colleague"].hang_up()
    house.page.get_by_test_id("call-answer").click()
    house.hear(citizen={"agent"}, agent={"citizen"})


@at_home
def test_a_browser_that_dies_frees_the_citizen_within_five_seconds(house: SeatHouse) -> None:
    call = in_a_call_with_another_waiting(house)
    gone = datetime.now(UTC)
    house.page.context.close()
    is_freed(house, call, gone)
    heads_the_line(house)
    house.phones["citizen"].hang_up()
    row = house.site.call_is(CITIZEN, outcome="answered")
    assert (str(row.id), len(facts(house.site, "CallEnded", call=call))) == (call, 1)


@at_home
def test_a_machine_that_falls_silent_frees_the_citizen_as_well(house: SeatHouse) -> None:
    """Its line is cut or it has no power: nothing says good-bye, and the seat still counts as registered."""
    call = in_a_call_with_another_waiting(house)
    gone = datetime.now(UTC)
    with silent(chromium()):
        is_freed(house, call, gone)
        house.site.order(Pause(seat="101", reason="dead"))
    house.page.context.close()
    heads_the_line(house)


@at_home
def test_a_machine_that_falls_silent_in_a_room_of_three_frees_the_citizen_alone(house: SeatHouse) -> None:
    """The citizen goes back to the line; the expert, who has none, is released."""
    call = in_a_call_with_another_waiting(house)
    house.site.order(Consult(seat="101", target=f"number:{EXPERT}"))
    house.hear(agent={"expert"}, expert={"agent"})
    house.site.order(Conference(seat="101"))
    house.hear(citizen={"agent", "expert"}, agent={"citizen", "expert"}, expert={"agent", "citizen"})
    gone, told = datetime.now(UTC), len(house.phones["expert"].events)
    with silent(chromium()):
        is_freed(house, call, gone)
        house.phones["expert"].wait("CALL_CLOSED", after=told)
        house.site.order(Pause(seat="101", reason="dead"))
    house.page.context.close()
    heads_the_line(house)


@at_home
def test_two_tabs_of_a_seat_never_both_ring(house: SeatHouse) -> None:
    first = house.page
    second = first.context.new_page()
    second.goto("/seat")
    second.get_by_test_id("seat-open").click()
    second.locator("[data-testid=softphone-state][data-state=registered]").wait_for()
    first.locator("[data-testid=softphone-state][data-state=off]").wait_for()
    house.page = second
    second.get_by_test_id("seat-ready").click()
    house.shows("ready")
    house.call_in(CITIZEN, until="ringing")
    second.get_by_test_id("call-answer").wait_for()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        assert not first.get_by_test_id("call-answer").is_visible()
        first.wait_for_timeout(100)
    assert house.site.channels() == 2, "the citizen's and one seat's"
    second.get_by_test_id("call-answer").click()
    house.hear(citizen={"agent"}, agent={"citizen"})
    assert (
        house.site.until(lambda: len(house.site.legs(house.site.calls(CITIZEN)[-1].id)) or None, "legs", LONG)
        == 2
    )
    first.close()
