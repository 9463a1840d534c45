"""Two real PBXs: a caller on one gets the idle seat that is registered on the other, and boards see one of them die."""

import json
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from conf.settings import Pbx
from schema.calls import CallStep
from schema.desk import sessions
from schema.orders import Hold, Resume
from schema.people import User
from tests.journeys.browserpids import silent
from tests.journeys.callsite import CallSite, running
from tests.journeys.party import NUMBERS, TONES, People
from tests.journeys.seathouse import PageSite
from tests.journeys.waiting import fact, hears
from tests.patience import LONG

pytestmark = [pytest.mark.real, pytest.mark.journey]
CITIZEN = "13800138000"
FAR = "201"
SHOWN = 3.0
"""Seconds within which a board shows that a PBX is dead."""


class Board:
    """A supervisor's wallboard: what its live feed tells of the nodes."""

    def __init__(self, site: CallSite) -> None:
        with site.store.work() as work:
            user = work.session.scalars(select(User).where(User.login == "supervisor1")).one()
            token = sessions.begin(work, user, ip="", agent="", lasts=timedelta(hours=1))
        port = site.settings.web.port
        self._feed = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._feed.sendall(f"GET /feed HTTP/1.1\r\nHost: x\r\nCookie: gridline={token}\r\n\r\n".encode())
        self._lines = self._feed.makefile("rb")

    def nodes(self) -> Iterator[dict[str, Any]]:
        """The state of each node, whenever it is told."""
        named = b""
        for line in self._lines:
            if line.startswith(b"event: "):
                named = line[7:].strip()
            elif line.startswith(b"data: ") and named == b"nodes":
                yield json.loads(line[6:])

    def close(self) -> None:
        """Leave."""
        self._lines.close()
        self._feed.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[CallSite]:
    with running(PageSite(tmp_path, nodes=(Pbx(node="pbx2", folder="asterisk-pbx2", seats="2"),))) as found:
        yield found


def test_a_caller_gets_a_seat_of_the_other_pbx_and_its_death_spares_this_one(site: CallSite) -> None:
    people = People(site)
    people.phones["colleague"] = site.seat(FAR, answers="auto", tone=TONES["colleague"])
    people.outside("citizen", CITIZEN)
    call = people.call_in(CITIZEN)
    people.hear(citizen={"colleague"}, colleague={"citizen"})
    site.order(Hold(seat=FAR))
    people.hear(citizen=set(), colleague=set())
    site.order(Resume(seat=FAR))
    people.hear(citizen={"colleague"}, colleague={"citizen"})
    people.phones["citizen"].hang_up()
    row = site.call_is(CITIZEN, outcome="answered")
    assert (row.id, row.node, row.seat, row.user) == (call, "pbx1", FAR, site.users[FAR])
    site.seat_is(FAR, "ready")

    # The other PBX dies in the middle of a call: the citizen goes to the head of the line, and is served here.
    people.call_in(CITIZEN)
    people.hear(citizen={"colleague"}, colleague={"citizen"})
    people.sit_down("agent")
    board = Board(site)
    told = board.nodes()
    assert {name: one["ok"] for name, one in next(told).items()} == {"pbx1": True, "pbx2": True}
    killed = time.monotonic()
    site.far["pbx2"].kill()
    shown = next(one for one in told if not one["pbx2"]["ok"])
    assert time.monotonic() - killed <= SHOWN
    assert (shown["pbx1"]["ok"], shown["pbx2"]["link"]) == (True, "down")
    board.close()
    people.hear(citizen={"agent"}, agent={"citizen"}, seconds=15)
    row = site.call_is(CITIZEN, "talking", outcome="")
    with site.store.read() as session:
        steps = session.scalars(
            select(CallStep.seat).where(CallStep.call == row.id, CallStep.hop == "seat.answered")
        )
        assert sorted(steps) == [NUMBERS["agent"], FAR]
    people.phones["citizen"].hang_up()
    site.call_is(CITIZEN, outcome="answered")
    site.seat_is(NUMBERS["agent"], "ready")
    people.call_in(CITIZEN)
    people.hear(citizen={"agent"}, agent={"citizen"})


def test_a_seat_of_the_other_pbx_that_falls_silent_frees_the_citizen_here(site: CallSite) -> None:
    """Its PBX says so by the cause of the end. An ordinary telephone is given thirty seconds."""
    people = People(site)
    far = people.phones["colleague"] = site.seat(FAR, answers="auto", tone=TONES["colleague"])
    people.outside("citizen", CITIZEN)
    call = people.call_in(CITIZEN)
    people.hear(citizen={"colleague"}, colleague={"citizen"})
    people.sit_down("agent")
    with silent([far.pid]):
        told = fact(site, "CallTransferred", call=str(call), how="rescued", seconds=30 + LONG)
        assert told["seat"] == FAR
        hears(site, people.phones["citizen"], "zh", "line-lost")
        people.hear(citizen={"agent"}, agent={"citizen"})
    people.phones["citizen"].hang_up()
    assert site.call_is(CITIZEN, outcome="answered").id == call
