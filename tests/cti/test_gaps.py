"""A gap begins with the last word heard, is filled once from the PBX's event log, and dates what died with a PBX."""

from datetime import timedelta
from pathlib import Path

import pytest

from cti.gaps import Gaps
from cti.notes import note
from schema.facts import CallEnded
from tests.cti.loops import awaited
from tests.cti.play import NOON, Caller, Play

HEAD = '"{what}","{at}","139","12345","{context}","PJSIP/carrier-1","{leg}","{leg}","","{contact}"\n'


class Site:
    """Gaps at a play, beside an event log in UTC."""

    def __init__(self, play: Play, file: Path) -> None:
        self.play, self.file = play, file
        self.gaps = Gaps(file, "carrier", "hotline", lambda: play.hearing.memory)

    def write(self, what: str, seconds: float, leg: str, contact: str = "", context: str = "") -> None:
        when = (NOON + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        with self.file.open("a", encoding="utf-8") as out:
            out.write(HEAD.format(what=what, at=when, leg=leg, contact=contact, context=context))

    def caller(self, seconds: float) -> Caller:
        """One who comes, waits and goes."""
        caller = Caller(leg=f"{int(NOON.timestamp()) + int(seconds)}.1")
        self.write("CHAN_START", seconds, caller.leg)
        self.write("ANSWER", seconds, caller.leg, str(caller.id))
        self.write("CHAN_END", seconds + 1, caller.leg, context="gridline-wait")
        return caller

    async def fill(self) -> int:
        found = await self.gaps.notes()
        for each in found:
            self.play.note(each)
        return len(found)


@pytest.fixture
def site(play: Play, tmp_path: Path) -> Site:
    return Site(play, tmp_path / "Master.csv")


@awaited
async def test_who_came_in_the_gap_is_told_once(site: Site) -> None:
    site.play.registered("101")
    site.caller(-30)
    missed = site.caller(5)
    site.gaps.opened(NOON + timedelta(seconds=20))
    assert await site.fill() == 3
    assert site.play.last(CallEnded).call == missed.call and site.play.count(CallEnded) == 1
    assert await site.fill() == 0


@awaited
async def test_where_nothing_was_ever_heard_there_is_no_gap(site: Site) -> None:
    site.caller(5)
    site.gaps.opened(NOON + timedelta(seconds=20))
    assert await site.fill() == 0


@awaited
async def test_a_log_that_is_not_there_fills_nothing(site: Site) -> None:
    site.play.registered("101")
    site.gaps.opened(NOON + timedelta(seconds=20))
    assert await site.fill() == 0


@awaited
async def test_a_gap_stays_as_it_was_until_it_is_filled(site: Site) -> None:
    site.play.registered("101")
    site.caller(5)
    site.gaps.opened(NOON + timedelta(seconds=20))
    site.play.wait(21)
    site.play.registered("102")
    site.gaps.lost(NOON + timedelta(seconds=22))
    site.gaps.opened(NOON + timedelta(seconds=23))
    assert await site.fill() == 3


@awaited
async def test_what_died_with_the_pbx_ended_when_the_ears_lost_it(site: Site) -> None:
    caller = site.play.brought(Caller(leg=f"{int(NOON.timestamp()) - 60}.1"), "queue")
    site.play.wait(3)
    site.gaps.lost(site.play.now)
    site.play.wait(4)
    site.gaps.opened(site.play.now)
    site.play.event(Event="FullyBooted", Uptime="1")
    await site.fill()
    site.play.note(site.gaps.dated(note("Gone", Uniqueid=caller.leg)))
    ended = site.play.last(CallEnded)
    assert (ended.outcome, ended.ended_by, ended.at) == ("lost", "pbx", NOON + timedelta(seconds=3))


@awaited
async def test_what_began_after_the_pbx_had_died_is_not_dated_back(site: Site) -> None:
    site.play.registered("101")
    site.gaps.lost(NOON + timedelta(seconds=3))
    site.play.wait(9)
    site.gaps.opened(site.play.now)
    site.play.event(Event="FullyBooted", Uptime="2")
    await site.fill()
    late = note("Gone", Uniqueid=f"{int(NOON.timestamp()) + 8}.1")
    assert site.gaps.dated(late) == late
    assert site.gaps.dated(note("Left", Uniqueid="1.1")) == note("Left", Uniqueid="1.1")
