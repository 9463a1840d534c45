"""A supervisor at the wallboard, on the real PBX: who hears whom by a tone for each, what is recorded, what is audited.

The agent and the supervisor sit at browsers, the citizen at a telephone; every order is given from the seat's row.
"""

import json
import os
import signal
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from conf.tools import Tools
from cti.replay import Replays
from demo.browser import AgentBrowser, heard_shares
from demo.hearing import hear, hear_kept
from demo.journey import AGENT_TONE, CITIZEN_TONE, Journey
from schema.people import AuditRow
from schema.recordings import Recording
from tests.journeys.webpages import picture

pytestmark = [pytest.mark.real, pytest.mark.journey]
BOSS_TONE = 1700.0
TONES = {"citizen": CITIZEN_TONE, "agent": AGENT_TONE, "boss": BOSS_TONE}
LOUD = 0.006
"""A browser cleans a lasting tone away as noise (2 to 9 % beside the telephone's is left); what is not there is below
0.3 %, mostly below 0.05 %."""
AGENT, BOSS = "101", "100"


class House:
    """Everybody in it, and what they can do and hear."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.agent: Page = journey.agent
        folder = journey._folder
        program = Tools(journey.supervisor.settings.tools).chromium()
        self._browser = AgentBrowser(journey._playwright, program, folder / "boss", BOSS_TONE)
        self.board = self._browser.page(journey.base, "en-GB", (1440, 900))
        journey.agent_sits_down()
        journey.log_in(self.board, "supervisor1")
        self.board.goto("/wallboard")
        self.board.get_by_test_id("own-open").click()
        self.board.locator("[data-testid=softphone-state][data-state=registered]").wait_for()
        self.row(BOSS, "paused")

    def close(self) -> None:
        self._browser.close()

    def row(self, seat: str, state: str) -> None:
        """Wait until the board shows the seat so."""
        self.board.locator(f"[data-testid=board-seat][data-row='{seat}'] [data-state={state}]").wait_for()

    def order(self, verb: str, reason: str, seat: str = AGENT, target: str = "") -> None:
        """Give an order from a seat's row and wait until it is done."""
        board, line = self.board, f"[data-testid=order-line][data-verb={verb}]"
        before = board.locator(line).count()
        board.locator(f"[data-menu='{seat}']").click()
        board.get_by_test_id(f"verb-{verb}").click()
        if target:
            board.get_by_test_id("order-target").fill(target)
        board.get_by_test_id("order-reason").fill(reason)
        board.get_by_test_id("order-send").click()
        expect(board.locator(line)).to_have_count(before + 1)
        newest = board.locator(line).first
        board.wait_for_function(
            "line => ['observed', 'failed'].includes(line.dataset.state)",
            arg=newest.element_handle(),
            timeout=30_000,
        )
        assert newest.get_attribute("data-state") == "observed", newest.inner_text()

    def call_in(self) -> None:
        """The citizen calls and the agent answers."""
        journey = self.journey
        if not journey.hops.contacts_of(journey.citizen.number):
            journey.citizen.start()
        journey.dial_and_choose(journey.hops.contacts_of(journey.citizen.number))
        self.agent.get_by_test_id("call-answer").wait_for(timeout=20_000)
        self.agent.get_by_test_id("call-answer").click()
        self.row(AGENT, "talking")

    def heard_by(self, who: str) -> set[str]:
        if who == "citizen":
            shares = self._on_the_telephone()
        else:
            shares = heard_shares(
                self.agent if who == "agent" else self.board, list(TONES.values()), seconds=0.7
            )
        return {name for name, share in zip(TONES, shares, strict=True) if share > LOUD}

    def _on_the_telephone(self) -> list[float]:
        heard = hear(self.journey.citizen.heard()[-1])
        piece = heard.samples[-int(0.6 * heard.rate) :]
        if len(piece) < 0.5 * heard.rate or np.sqrt(np.mean(piece**2)) < 0.005:
            return [0.0] * len(TONES)
        power = np.abs(np.fft.rfft(piece * np.hanning(len(piece)))) ** 2
        bins = np.fft.rfftfreq(len(piece), 1 / heard.rate)
        total = power[bins > 60].sum()
        return [float(power[np.abs(bins - tone) <= 12].sum() / total) for tone in TONES.values()]

    def hears(self, seconds: float = 15, **wanted: Iterable[str]) -> None:
        """Wait until each of these hears exactly those."""
        want = {who: set(whom) for who, whom in wanted.items()}
        end = time.monotonic() + seconds
        while (now := {who: self.heard_by(who) for who in want}) != want:
            assert time.monotonic() < end, f"wanted {want}, heard {now}"

    def told_agent(self) -> list[str]:
        """Who the agent's own page knows to listen in."""
        asked = (
            "() => import(document.querySelector('script[src*=page]').src.replace(/page.js.*/, 'feed.js'))"
            ".then(({ feed }) => (feed.seats()['101']?.watchers ?? []).map(one => one.mode))"
        )
        modes: list[str] = self.agent.evaluate(asked)
        return modes


def test_a_supervisor_listens_whispers_joins_and_takes_over_from_the_board(
    journey_on: Callable[..., Journey],
) -> None:
    house = House(journey_on())
    try:
        house.call_in()
        house.hears(citizen={"agent"}, agent={"citizen"}, boss=set())
        house.order("listen", "new colleague")
        house.hears(boss={"citizen", "agent"}, citizen={"agent"}, agent={"citizen"})
        house.board.get_by_text("100 监听中").wait_for()
        assert house.told_agent() == [], "listening is not shown to the agent by default"
        house.order("whisper", "give the number of the water works")
        house.hears(boss={"citizen", "agent"}, citizen={"agent"}, agent={"citizen", "boss"})
        assert house.told_agent() == ["whisper"]
        house.order("barge", "the citizen asked for me")
        house.hears(boss={"citizen", "agent"}, citizen={"agent", "boss"}, agent={"citizen", "boss"})
        sums = house.board.evaluate(
            "[...document.querySelectorAll('[data-equation] dd')].map(node => Number(node.textContent))"
        )
        assert sums == [1, 1, 0, 0, 0, 0], (
            "offered = answered + abandoned + overflowed + called back + waiting"
        )
        picture(house.board, "watch-barge")
        barged_at = datetime.now(UTC)
        house.order("stop", "settled")
        house.hears(citizen={"agent"}, agent={"citizen"}, boss=set())
        house.order("takeover", "too long")
        house.hears(citizen={"boss"}, boss={"citizen"})
        house.row(BOSS, "talking")
        house.board.get_by_test_id("own-hangup").click()
        house.journey.citizen.wait("CALL_CLOSED")
        heard = recorded(house.journey)
        assert {CITIZEN_TONE, AGENT_TONE, BOSS_TONE} in heard, f"the barge is in a recording: {heard}"
        assert {CITIZEN_TONE, BOSS_TONE} in heard, f"what the supervisor took over is recorded: {heard}"
        then = replayed(house.journey, barged_at)
        assert then["seats"][AGENT]["watchers"] == [{"watcher": BOSS, "mode": "barge"}]
        assert [call["seat"] for call in then["calls"].values()] == [AGENT]
        assert audited(house.journey) == [
            ("watch.listen", AGENT, "new colleague"),
            ("watch.whisper", AGENT, "give the number of the water works"),
            ("watch.barge", AGENT, "the citizen asked for me"),
            ("watch.stop", AGENT, "settled"),
            ("watch.takeover", AGENT, "too long"),
        ]
    finally:
        house.close()


def test_what_a_supervisor_forces_from_the_board(journey_on: Callable[..., Journey]) -> None:
    house = House(journey_on())
    try:
        house.call_in()
        house.order("transfer", "mine", target=BOSS)
        house.board.get_by_test_id("own-answer").or_(
            house.board.get_by_test_id("own-hangup")
        ).first.wait_for()
        if house.board.get_by_test_id("own-answer").is_visible():
            house.board.get_by_test_id("own-answer").click()
        house.hears(citizen={"boss"}, boss={"citizen"})
        house.order("hangup", "all said", seat=BOSS)
        house.journey.citizen.wait("CALL_CLOSED")
        house.agent.get_by_test_id("wrapup-done").click()
        house.row(AGENT, "ready")
        house.order("pause", "come to my desk")
        house.row(AGENT, "paused")
        house.agent.get_by_test_id("seat-state").filter(has_text="come to my desk").wait_for()
        house.order("ready", "thank you")
        house.row(AGENT, "ready")
        house.order("logout", "the shift is over")
        expect(house.board.locator(f"[data-testid=board-seat][data-row='{AGENT}']")).to_have_count(0)
        assert [what for what, _, _ in audited(house.journey)] == [
            f"seat.force-{verb}" for verb in ("transfer", "hangup", "pause", "ready", "logout")
        ]
    finally:
        house.close()


def recorded(journey: Journey, seconds: float = 20) -> list[set[float]]:
    """The tones in each recording that is kept; waits until all are."""
    end = time.monotonic() + seconds
    while True:
        with journey.store.read() as session:
            rows = session.scalars(select(Recording).order_by(Recording.started_at)).all()
        if len(rows) >= 2 and all(row.state == "kept" for row in rows):
            sounds = [hear_kept(journey.supervisor.settings, journey.store, row.id) for row in rows]
            return [{tone for tone in TONES.values() if sound.has(tone, LOUD)} for sound in sounds]
        assert time.monotonic() < end, [(row.seat, row.state) for row in rows]
        time.sleep(0.2)


def replayed(journey: Journey, moment: datetime) -> dict[str, Any]:
    """The floor as the site's own tape shows it."""
    settings = journey.supervisor.settings
    _, message = Replays(settings.tape, journey.store.zone, settings.acd.wrap_up).at("pbx1", moment)
    assert message is not None
    found: dict[str, Any] = json.loads(message)
    return found


def audited(journey: Journey) -> list[tuple[str, str, str]]:
    """What the supervisor's orders left in the audit."""
    with journey.store.read() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.login == "supervisor1").order_by(AuditRow.id)
        ).all()
    return [
        (row.what, row.subject, row.reason) for row in rows if row.what.startswith(("watch.", "seat.force"))
    ]


def test_a_board_greys_the_seats_of_a_telephone_room_that_is_silent(
    journey_on: Callable[..., Journey],
) -> None:
    journey = journey_on(split=True)
    journey.agent_sits_down()
    board = journey.page_of("supervisor1", "/wallboard")
    seat = board.locator(f"[data-testid=board-seat][data-row='{AGENT}']")
    expect(seat).to_have_attribute("data-dead", "false")
    room = journey.supervisor.child("cti")
    began = time.monotonic()
    os.kill(room.pid, signal.SIGSTOP)
    try:
        board.get_by_test_id("node-alarm").filter(has_text="pbx1").wait_for()
        print(f"said after {time.monotonic() - began:.1f} s")
        expect(seat).to_have_attribute("data-dead", "true")
        board.locator("[data-testid=bridge-state][data-state=down]").wait_for()
    finally:
        os.kill(room.pid, signal.SIGCONT)
    expect(board.get_by_test_id("node-alarm")).to_be_hidden()
    expect(seat).to_have_attribute("data-dead", "false")
    board.context.close()
