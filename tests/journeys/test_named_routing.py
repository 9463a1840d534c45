"""Offers that go wrong, on the real PBX: callers who give up, telephones that cannot be reached, busy agents."""

import itertools
import os
import signal
from collections.abc import Iterator
from datetime import datetime

import pytest

from bench.rig.sip import Sip
from schema.calls import CallRow
from schema.orders import MakeReady, Pause
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.party import NUMBERS, People
from tests.journeys.waiting import call_in, fact, facts
from tests.real.pbx import Ami

pytestmark = [pytest.mark.real, pytest.mark.journey]
RING = 8
NUMBER = itertools.count(13_500_000_001)
"""Nobody rings in twice: who does is given the seat they had."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    with call_site(tmp_path_factory.mktemp("named-routing"), ring_timeout=RING) as found:
        yield found


@pytest.fixture
def people(site: CallSite) -> Iterator[People]:
    """Two callers and nobody at a seat; everybody is gone afterwards."""
    people = People(site)
    people.outside("citizen", str(next(NUMBER)))
    people.outside("expert", str(next(NUMBER)))
    yield people
    for phone in site.phones:
        if phone.pid:
            os.kill(phone.pid, signal.SIGCONT)
        phone.stop()
    site.phones.clear()
    site.until(lambda: True if site.channels() == 0 else None, "nobody on the telephone", 30)


def two_ring(people: People) -> dict[str, str]:
    """Two callers wait, two seats sit down, and each rings for one of them: the seats by the caller's number."""
    site = people.site
    for who in ("agent", "colleague"):
        people.sit_down(who, answers="manual")
        site.order(Pause(seat=NUMBERS[who], reason="not yet"))
    for who in ("citizen", "expert"):
        call_in(site, people.phones[who])
    for who in ("agent", "colleague"):
        site.order(MakeReady(seat=NUMBERS[who]))
    found = {number: offers(site, site.call_is(number, "ringing")) for number in numbers(people)}
    assert sorted(found.values()) == [["101"], ["102"]], "a caller rings at one seat at a time"
    return {number: seats[0] for number, seats in found.items()}


def numbers(people: People) -> tuple[str, str]:
    """Both callers'."""
    return people.phones["citizen"].number, people.phones["expert"].number


def offers(site: CallSite, row: CallRow) -> list[str]:
    """The seats that rang for a call, in order."""
    return [offer["seat"] for offer in facts(site, "CallOffered", call=str(row.id))]


WHO = {number: who for who, number in NUMBERS.items()}


def test_a_caller_hangs_up_while_two_seats_ring_and_the_other_call_goes_on(people: People) -> None:
    site, seats = people.site, two_ring(people)
    first, second = numbers(people)
    gone, stays = WHO[seats[first]], WHO[seats[second]]
    people.phones["citizen"].hang_up()
    people.phones[gone].wait("CALL_CLOSED")
    assert site.call_is(first, outcome="abandoned").offers == 1
    site.seat_is(seats[first], "ready")  # it has done nothing wrong
    people.phones[stays].answer()
    row = site.call_is(second, "talking", outcome="")
    people.hear(expert={stays}, **{stays: {"expert"}})
    assert [row.outcome for row in site.calls(first)] == ["abandoned"]
    assert offers(site, row) == [seats[second]]


def test_two_callers_who_cross_each_reach_a_seat_of_their_own(people: People) -> None:
    site, seats = people.site, two_ring(people)
    first, second = numbers(people)
    one, other = WHO[seats[first]], WHO[seats[second]]
    people.phones[other].answer()  # whoever came second is answered first
    people.phones[one].answer()
    site.call_is(first, "talking", outcome="")
    site.call_is(second, "talking", outcome="")
    people.hear(citizen={one}, expert={other}, **{one: {"citizen"}, other: {"expert"}})


@pytest.mark.parametrize("how", ["unregistered", "network gone"])
def test_a_seat_whose_telephone_cannot_be_reached_costs_a_caller_no_more_than_one_ring(
    people: People, how: str
) -> None:
    site = people.site
    lost = people.sit_down("agent", answers="manual")
    if how == "unregistered":
        lost.stop()
        site.seat_is("101", "unreachable")
    else:
        os.kill(
            lost.pid, signal.SIGSTOP
        )  # registered for a minute more, and nothing that is sent there is heard
    people.sit_down("colleague")
    call_in(site, people.phones["citizen"])
    row = site.call_is(numbers(people)[0], "talking", outcome="", seconds=30)
    people.hear(citizen={"colleague"}, colleague={"citizen"})
    if how == "unregistered":
        assert (offers(site, row), site.seat_is("101", "unreachable").reason) == (["102"], "")
    else:
        assert offers(site, row) == ["101", "102"]
        rang = [datetime.fromisoformat(fact["at"]) for fact in facts(site, "CallOffered", call=str(row.id))]
        assert (rang[1] - rang[0]).total_seconds() <= 2 * RING
        assert site.seat_is("101", "paused").reason == "no answer"


def test_an_agent_who_is_busy_with_a_private_call_is_passed_over_and_shown_so(people: People) -> None:
    site = people.site
    site.seat("101").stop()
    at_101 = Sip(f"127.0.0.1:{site.settings.pbx.sip_port}", "seat101", ("seat101", "the-secret"))
    mouth = Ami(site.settings.pbx.ami_port, "mouth", site.settings.pbx.mouth_secret)
    try:
        assert at_101.register() == 200
        private = {"Channel": "PJSIP/seat101", "Application": "Wait", "Data": "60", "Async": "true"}
        mouth.say(Action="Originate", **private)
        at_101.answer(at_101.ring())
        site.order(MakeReady(seat="101"))
        site.seat_is("101", "ready")
        people.sit_down("colleague")
        call_in(site, people.phones["citizen"])
        at_101.reply(at_101.wait("INVITE"), "486 Busy Here")
        row = site.call_is(numbers(people)[0], "talking", outcome="")
        people.hear(citizen={"colleague"}, colleague={"citizen"})
        assert offers(site, row) == ["101", "102"]
        assert fact(site, "OfferFailed", call=str(row.id))["reason"] == "busy"
        assert site.seat_is("101", "paused").reason == "busy"
        assert site.channels() == 3, "nobody touched the private call, and it is nobody's record"
        assert {leg.seat for leg in site.legs(row.id)} == {"", "101", "102"}
        mouth.say(Action="Hangup", Channel="/^PJSIP/seat101-.*$/")
        at_101.reply(at_101.wait("BYE"), "200 OK")
        site.order(MakeReady(seat="101"))
        site.seat_is("101", "ready")
    finally:
        at_101.close()
        mouth.close()
