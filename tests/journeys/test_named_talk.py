"""Talks of more than two on the real PBX: whose voice is in the recording, and times in the rows as they were heard."""

import time
from collections.abc import Iterator
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select

from conf.keeping import Keeping
from demo.hearing import Heard, hear, hear_kept
from schema.calls import SegmentRow
from schema.orders import (
    Barge,
    CompleteTransfer,
    Consult,
    Hold,
    PauseRecording,
    Resume,
    ResumeRecording,
    Swap,
)
from schema.recordings import SIDES, Recording, RecordingGap
from tests.journeys.callsite import CallSite, call_site
from tests.journeys.party import TONES, People
from tests.journeys.waiting import fact

pytestmark = [pytest.mark.real, pytest.mark.journey]
CITIZEN, EXPERT = "13800138000", "13900139000"
SLICE = 0.1
"""Seconds of sound that are looked at at once."""
ROUGHLY = 1.0
"""Seconds by which what was heard may differ from what was written down: both ends are found to a slice or two."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallSite]:
    with call_site(
        tmp_path_factory.mktemp("named-talk"), recordings=Keeping(pause_seconds=8, patience=0)
    ) as found:
        yield found


@pytest.fixture(scope="module")
def house(site: CallSite) -> People:
    """A supervisor, an agent, a citizen and an expert."""
    people = People(site)
    people.supervised()
    people.outside("citizen", CITIZEN)
    people.outside("expert", EXPERT, port=site.settings.pbx.trunk_port, answers="auto")
    return people


def talk(house: People) -> UUID:
    """Citizen and agent begin to talk."""
    call = house.call_in(CITIZEN)
    house.hear(citizen={"agent"}, agent={"citizen"})
    return call


def over(house: People) -> None:
    """Everybody hangs up."""
    for phone in house.phones.values():
        phone.hang_up()
    house.site.call_is(CITIZEN, outcome="answered")
    house.site.until(lambda: None if house.site.channels() else True, "silence", 30)


def voices(heard: Heard) -> dict[str, float]:
    """How many seconds each of them is to be heard in a sound."""
    size = int(SLICE * heard.rate)
    seconds = dict.fromkeys(TONES, 0.0)
    for start in range(0, len(heard.samples) - size, size):
        piece = heard.samples[start : start + size]
        power = np.abs(np.fft.rfft(piece * np.hanning(size))) ** 2
        bins = np.fft.rfftfreq(size, 1 / heard.rate)
        for name, tone in TONES.items():
            if power[np.abs(bins - tone) <= 25].sum() > 0.12 * max(power[bins > 60].sum(), 1e-9):
                seconds[name] += SLICE if np.sqrt(np.mean(piece**2)) > 0.005 else 0.0
    return seconds


def segments(site: CallSite, call: UUID, leg_kind: str, seat: str = "") -> dict[str, float]:
    """How many seconds of each kind the rows have for a leg."""
    found: dict[str, float] = {}
    with site.store.read() as session:
        query = select(SegmentRow).where(
            SegmentRow.call == call, SegmentRow.leg_kind == leg_kind, SegmentRow.seat == seat
        )
        for row in session.scalars(query):
            assert row.ended_at is not None, row
            found[row.kind] = found.get(row.kind, 0) + (row.ended_at - row.started_at).total_seconds()
    return found


def kept(site: CallSite, call: UUID, seat: str) -> UUID:
    """The recording of a seat's leg, once it is in the vault."""

    def found() -> UUID | None:
        with site.store.read() as session:
            of = (Recording.call == call, Recording.seat == seat, Recording.state == "kept")
            return session.scalars(select(Recording.id).where(*of)).first()

    return site.until(found, f"the recording of {seat}", 30)


def recording(site: CallSite, call: UUID, seat: str) -> Heard:
    """The kept mix of a seat's leg."""
    return hear_kept(site.settings, site.store, kept(site, call, seat))


def cut(sound: Heard, begin: float, end: float) -> dict[str, float]:
    """Who is to be heard in a stretch of a sound, but for its edges."""
    return voices(
        Heard(sound.samples[int((begin + 0.3) * sound.rate) : int((end - 0.3) * sound.rate)], sound.rate)
    )


def test_while_the_citizen_is_on_hold_the_recording_has_the_agent_and_not_them(house: People) -> None:
    call = talk(house)
    house.site.order(Hold(seat="101"))
    time.sleep(3)
    house.site.order(Resume(seat="101"))
    house.hear(citizen={"agent"}, agent={"citizen"})
    over(house)
    id = kept(house.site, call, "101")
    citizen, seat = (
        hear_kept(house.site.settings, house.site.store, id, side) for side in ("citizen", "seat")
    )
    with house.site.store.read() as session:
        row = session.get_one(Recording, id)
        of = (SegmentRow.call == call, SegmentRow.leg_kind == "citizen", SegmentRow.kind == "hold")
        held = session.scalars(select(SegmentRow).where(*of)).one()
    assert row.started_at is not None and held.ended_at is not None
    begin, end = ((at - row.started_at).total_seconds() for at in (held.started_at, held.ended_at))
    assert cut(citizen, begin, end)["citizen"] == 0 and cut(seat, begin, end)["agent"] > 1
    assert voices(citizen)["citizen"] > 1, "before and after"


@pytest.mark.parametrize("by_itself", [False, True])
def test_what_is_said_while_the_recording_is_paused_is_in_no_file(house: People, by_itself: bool) -> None:
    """The agent ends the pause; or forgets to, and it ends by itself after the eight seconds of this site."""
    call = talk(house)
    for _ in range(2):
        house.site.order(PauseRecording(seat="101"))
    if by_itself:
        assert fact(house.site, "RecordingResumed", call=str(call))["by_itself"]
    else:
        time.sleep(4)
        house.hear(citizen={"agent"}, agent={"citizen"})
        house.site.order(ResumeRecording(seat="101"))
    time.sleep(1)
    over(house)
    sounds = {
        side: hear_kept(house.site.settings, house.site.store, kept(house.site, call, "101"), side)
        for side in SIDES
    }
    with house.site.store.read() as session:
        row = session.scalars(select(Recording).where(Recording.call == call)).one()
        gap = session.scalars(select(RecordingGap).where(RecordingGap.leg == row.leg)).one()
    assert gap.ended_at is not None and row.started_at is not None and gap.seat == "101"
    if by_itself:
        assert gap.by_itself and 8 <= (gap.ended_at - gap.began_at).total_seconds() < 12
    begin, end = ((at - row.started_at).total_seconds() for at in (gap.began_at, gap.ended_at))
    for side, sound in sounds.items():
        assert abs(sound.seconds - row.seconds) < 0.2, "the time of the gap is in it"
        said = cut(sound, begin, end)
        assert sum(said.values()) == 0, (side, said)
        assert sum(voices(sound).values()) > 1, "before and after"


def test_a_barge_is_in_the_recording_and_so_is_what_is_said_when_the_agent_has_left(house: People) -> None:
    call = talk(house)
    house.site.order(Barge(seat="101", watcher="900"))
    everybody = {"citizen": {"agent", "boss"}, "agent": {"citizen", "boss"}, "boss": {"citizen", "agent"}}
    house.hear(**everybody)
    house.phones["agent"].hang_up()
    house.hear(boss={"citizen"}, citizen={"boss"})
    over(house)
    said = voices(recording(house.site, call, "101"))
    assert min(said["citizen"], said["agent"], said["boss"]) > 0.3, said
    said = voices(recording(house.site, call, "900"))
    assert min(said["citizen"], said["boss"]) > 0.3, said


def test_talk_times_after_a_consultation_are_those_that_were_heard(house: People) -> None:
    site = house.site
    site.seat_is("101", "ready")
    call = talk(house)
    site.order(Consult(seat="101", target=f"number:{EXPERT}"))
    house.hear(citizen=set(), agent={"expert"}, expert={"agent"})
    site.order(Swap(seat="101"))
    house.hear(citizen={"agent"}, agent={"citizen"}, expert=set())
    site.order(Swap(seat="101"))
    house.hear(agent={"expert"}, expert={"agent"})
    site.order(CompleteTransfer(seat="101"))
    house.hear(citizen={"expert"}, expert={"citizen"})
    over(house)
    agent, citizen, expert = (
        voices(hear(house.phones[who].heard()[-1])) for who in ("agent", "citizen", "expert")
    )
    seat, party = segments(site, call, "seat", "101"), segments(site, call, "party")
    assert seat["talk"] == pytest.approx(agent["citizen"], abs=ROUGHLY)
    assert seat["talk"] == pytest.approx(citizen["agent"], abs=ROUGHLY)
    assert seat["consult"] == pytest.approx(agent["expert"], abs=ROUGHLY)
    assert party["talk"] == pytest.approx(citizen["expert"], abs=ROUGHLY)
    assert party["talk"] == pytest.approx(expert["citizen"], abs=ROUGHLY)
    assert segments(site, call, "citizen")["talk"] == pytest.approx(seat["talk"] + party["talk"], abs=0.1)
