"""A seat asks somebody else while its citizen waits."""

from schema.orders import Consult
from tests.cti.modelchannel import Channel
from tests.cti.modelhouse import House

EXPERT = "number:13900139000"


async def asked(house: House, target: str = EXPERT) -> tuple[Channel, Channel, Channel]:
    """A citizen on hold, the seat, and whoever was asked and has answered."""
    citizen, leg = house.talk()
    assert await house.order(Consult(seat="101", target=target)) == ""
    assert leg.ringing is not None
    other = leg.ringing
    house.pbx.answers(other)
    return citizen, leg, other
