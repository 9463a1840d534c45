"""Routing on a stage: facts of a play reach router, waits and call-backs as the service hands them on."""

from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from twisted.internet.task import Clock

from conf.services import Service
from conf.settings import Acd, Settings
from cti.floor import Changed
from cti.notes import Note
from cti.past import Past
from cti.routing import SECOND, Routing
from schema.facts import Fact
from schema.services import every_day
from tests.cti.fakemouth import FakeMouth
from tests.cti.play import NOON, Play


class RoutingStage:
    """`say` are what the PBX was told, as short texts; `wait` lets seconds pass, each with its tick."""

    def __init__(self, play: Play, *services: Service, **acd: Any) -> None:
        self.play, self.clock, self.mouth = play, Clock(), FakeMouth()
        self.may_act = True
        settings = replace(
            Settings(), services=services or Settings().services, acd=Acd(**{"tell_first": 0, **acd})
        )
        self.routing = Routing(
            settings, play.floor, self.mouth, clock=self.clock,
            utc=lambda: NOON + timedelta(seconds=self.clock.seconds()), spawn=self.run, write=self.write,
            may_act=lambda: self.may_act, look=self.look,
        )  # fmt: skip
        self._notes: list[Note] = []
        self._changed = Changed()
        hear = play.floor.hear

        def heard(fact: Fact) -> Changed:
            changed = hear(fact)
            self.routing.heard(fact, changed)
            return changed

        play.floor.hear = heard  # type: ignore[method-assign]
        self.routing.start(Past((), {"city": every_day(ZoneInfo("Asia/Shanghai"))}))

    async def look(self) -> None:
        """Nothing to see."""

    def write(self, note: Note) -> None:
        """A note is heard after what is being heard now."""
        self._notes.append(note)

    def run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        with pytest.raises(StopIteration):
            coroutine.send(None)

    def settle(self) -> None:
        """Hear what was noted, and offer."""
        while self._notes:
            self.play.note(self._notes.pop(0))
        self.routing.router.offer()
        if self._notes:
            self.settle()

    def wait(self, seconds: int) -> None:
        """Seconds pass."""
        for _ in range(seconds):
            self.play.wait(SECOND)
            self.clock.advance(SECOND)
            self.settle()

    @property
    def said(self) -> list[str]:
        """What the PBX was told: "put NAME=value", "send context,exten", "dial channel"."""
        found = []
        for action in self.mouth.said:
            if action["Action"] == "Setvar":
                found.append(f"put {action['Variable']}={action['Value']}")
            elif action["Action"] == "Redirect":
                found.append(f"send {action['Context']},{action['Exten']}")
            else:
                found.append(f"{action['Action']} {action.get('Channel')}")
        return found
