"""A house with seats at the model of the PBX: a play whose events come from there, and the orders of its agents."""

from collections.abc import Coroutine
from typing import Any

from cti.control import Control
from cti.link import ActionFailed
from cti.parties import OrderFailed
from cti.tape import Heard
from cti.watch import Watch
from schema.facts import Fact
from schema.orders.base import Order
from tests.cti.modelchannel import Channel
from tests.cti.modelpbx import ModelPbx
from tests.cti.play import LI, WANG, Play

SEATS = {"101": WANG, "102": LI, "900": WANG}


class House(Play):
    """`whose` names the call of each frame of the tape ("" for our own notes)."""

    def __init__(self, seats: dict[str, Any] = SEATS) -> None:
        super().__init__()
        self.whose: list[str] = []
        self.pbx = ModelPbx(self._emitted, lambda: self.now.timestamp())
        self.control = Control(self.hearing, self.floor, self.pbx, caller="12345", write=self.note)
        self.control.expected.patience = 0.02
        self.does = self.control.does | Watch(self.control, 0.02).does
        for seat, user in seats.items():
            self.seat(seat, user)

    def _emitted(self, raw: bytes, call: str) -> None:
        self.whose.append(call)
        frame = Heard("pbx1", "e", len(self.tape) + 1, 0, self.now, raw)
        self.tape.append(frame)
        self._heard(self.hearing.hear(frame))

    def event(self, **fields: str) -> list[Fact]:
        """One of our own notes."""
        self.whose.append("")
        facts = super().event(**fields)
        for fact in facts:
            self.control.observed(fact)
        return facts

    def _heard(self, facts: list[Fact]) -> None:
        for fact in facts:
            self.floor.hear(fact)
            self.facts.append(fact)
            self.control.observed(fact)

    async def order(self, order: Order) -> str:
        """Carry an order out; why it failed, "" when it did not."""
        work: Coroutine[Any, Any, None] = self.does[type(order)](order)
        try:
            await work
        except (OrderFailed, ActionFailed) as error:
            return str(error)
        return ""

    def offer(self, citizen: Channel, seat: str) -> Channel:
        """Routing sends a citizen to ring a seat; the leg that rings."""
        self.pbx._do_redirect({"Channel": citizen.uniqueid, "Context": "gridline-dial", "Exten": seat})
        assert citizen.ringing is not None
        return citizen.ringing

    def talk(self, seat: str = "101", number: str = "13800138000") -> tuple[Channel, Channel]:
        """A citizen talks with a seat: both legs."""
        citizen = self.pbx.calls(number)
        leg = self.offer(citizen, seat)
        self.pbx.answers(leg)
        return citizen, leg

    def hears(self, one: Channel) -> set[str]:
        """Who is in the same bridge, as seats and numbers."""
        return {
            other.number
            for other in self.pbx.channels.values()
            if one.bridge == other.bridge != "" and one is not other
        }
