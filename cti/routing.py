"""Routing of one PBX, put together: the router, those who wait, and call-backs; every second, and at every fact."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from twisted.internet.task import LoopingCall

from conf.settings import Settings
from cti.acd import Router, Speaks
from cti.callbacks import CallBacks
from cti.floor import Changed, Floor
from cti.notes import Note
from cti.past import Past
from cti.waits import Waits
from schema.facts import Fact
from schema.orders import CancelCallBack, PickCaller
from schema.services import services_of

SECOND = 1.0


class Routing:
    """See cti.acd, cti.waits and cti.callbacks; the arguments are theirs. `does` are the orders carried out here."""

    def __init__(
        self,
        settings: Settings,
        floor: Floor,
        mouth: Speaks,
        *,
        clock: Any,
        utc: Callable[[], datetime],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        write: Callable[[Note], None],
        may_act: Callable[[], bool],
        look: Callable[[], Awaitable[None]],
    ) -> None:
        self.services = services_of(settings)
        self._may_act = may_act
        self.router = Router(
            settings.acd, floor, mouth, clock=clock, utc=utc, spawn=spawn, write=write, may_act=may_act, look=look,
            node=settings.pbx.node, languages=settings.site.languages,
        )  # fmt: skip
        self.waits = Waits(settings.acd, self.services, self.router, calendars={}, spawn=spawn, utc=utc)
        self.callbacks = CallBacks(
            self.services, self.router, self.waits, caller=settings.site.hotline, clock=clock, utc=utc, spawn=spawn,
            write=write, may_act=may_act,
        )  # fmt: skip
        self.does: dict[type[Any], Callable[[Any], Coroutine[Any, Any, None]]] = {
            PickCaller: self.router.pick, CancelCallBack: self.callbacks.cancel,
        }  # fmt: skip
        self._second = LoopingCall(self._tick)
        self._second.clock = clock

    def start(self, past: Past) -> None:
        """Begin, knowing what the rows tell."""
        self.waits.calendars = past.calendars
        for answer in past.answers:
            self.waits.pace.answered(answer.queue, answer.at)
            self.router.served.note(answer.number, answer.seat, answer.user, answer.at)
        for seat in self.router.floor.seats:
            self.router.wraps.watch(seat)
        self._second.start(SECOND, now=False)

    def heard(self, fact: Fact, changed: Changed) -> None:
        """Take note of a fact and of what it changed, after the floor."""
        self.router.changed(changed)
        self.router.heard(fact)
        self.waits.heard(fact)
        self.callbacks.heard(fact)

    def stop(self) -> None:
        """Wait for nothing more."""
        if self._second.running:
            self._second.stop()
        self.router.stop()
        self.callbacks.stop()

    def _tick(self) -> None:
        if self._may_act():
            self.waits.tick()
            self.callbacks.tick()
            self.router.offer()
