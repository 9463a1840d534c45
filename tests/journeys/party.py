"""People on the telephone, each with a tone of their own, and who hears whom at a moment."""

import time
from collections.abc import Iterable
from uuid import UUID

import numpy as np
from sqlalchemy import select

from demo.hearing import hear
from demo.phone import Phone
from schema.calls import CallRow, CallStep
from schema.orders import ForcePause
from tests.journeys.callsite import CallSite
from tests.patience import LONG

TONES = {"citizen": 440.0, "agent": 700.0, "colleague": 1000.0, "expert": 1300.0, "boss": 1700.0}
LOOK = 0.6
NUMBERS = {"agent": "101", "colleague": "102", "boss": "900"}


class People:
    """The telephones of a site, by who sits at them."""

    def __init__(self, site: CallSite) -> None:
        self.site = site
        self.phones: dict[str, Phone] = {}

    def sit_down(self, who: str, answers: str = "auto") -> Phone:
        """Somebody of the house takes their seat and is ready."""
        self.phones[who] = self.site.seat(NUMBERS[who], answers=answers, tone=TONES[who])
        return self.phones[who]

    def supervised(self) -> None:
        """A supervisor who takes no calls, and an agent."""
        self.sit_down("boss")
        self.site.order(ForcePause(seat="900", reason="supervises"))
        self.sit_down("agent")

    def outside(self, who: str, number: str, **how: object) -> Phone:
        """Somebody behind the carrier."""
        pbx = self.site.settings.pbx
        self.phones[who] = self.site.phone(number, (pbx.trunk_user, pbx.trunk_secret), tone=TONES[who], **how)
        return self.phones[who]

    def call_in(self, number: str, who: str = "citizen", until: str = "talking") -> UUID:
        """A citizen dials the hotline, chooses the first language as soon as it can be, and comes so far."""
        before = {row.id for row in self.site.calls(number)}
        self.phones[who].dial("12345")
        call = self.site.until(
            lambda: next((row.id for row in self.site.calls(number) if row.id not in before), None),
            "a call",
            LONG,
        )
        self.site.until(lambda: self._noticed(call), "the notice", LONG)
        self.phones[who].press("1")
        self.site.until(lambda: self._at(call, until), f"a call that is {until}", LONG)
        return call

    def _noticed(self, call: UUID) -> bool | None:
        query = select(CallStep.id).where(CallStep.call == call, CallStep.hop == "ivr.notice")
        with self.site.store.read() as session:
            return True if session.scalar(query) is not None else None

    def _at(self, call: UUID, stage: str) -> bool | None:
        with self.site.store.read() as session:
            row = session.get(CallRow, call)
            return True if row is not None and row.stage == stage and not row.outcome else None

    def heard_by(self, who: str) -> set[str]:
        """Whose tones are in the last moment of what `who` was told."""
        files = self.phones[who].heard()
        if not files:
            return set()
        heard = hear(files[-1])
        piece = heard.samples[-int(LOOK * heard.rate) :]
        if len(piece) < 0.8 * LOOK * heard.rate or np.sqrt(np.mean(piece**2)) < 0.005:
            return set()
        power = np.abs(np.fft.rfft(piece * np.hanning(len(piece)))) ** 2
        bins = np.fft.rfftfreq(len(piece), 1 / heard.rate)
        total = power[bins > 60].sum()
        return {name for name, tone in TONES.items() if power[np.abs(bins - tone) <= 12].sum() / total > 0.12}

    def hear(self, seconds: float = LONG, **wanted: Iterable[str]) -> None:
        """Wait until each of these hears exactly those: ``hear(citizen={"agent"}, agent={"citizen"})``."""
        want = {who: set(whom) for who, whom in wanted.items()}
        end = time.monotonic() + seconds
        while True:
            now = {who: self.heard_by(who) for who in want}
            if now == want:
                return
            assert time.monotonic() < end, f"wanted {want}, heard {now}; {self.site.state()}"
            time.sleep(0.2)
