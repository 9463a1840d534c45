"""Voice calls of a group: its people are rung at once, and whoever answers is in one room."""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from cti import speaks
from cti.acd import Speaks
from cti.link import ActionFailed
from cti.parties import OrderFailed
from schema.orders import CallGroup

log = structlog.get_logger()


class Groups:
    """Rings groups. `caller` is the number they see; `does` are the orders carried out here."""

    def __init__(self, mouth: Speaks, *, caller: str) -> None:
        self._mouth, self._caller = mouth, caller
        self.does: dict[type[Any], Callable[[Any], Coroutine[Any, Any, None]]] = {CallGroup: self.call}

    async def call(self, order: CallGroup) -> None:
        """Ring everybody. Raises OrderFailed when nobody can be rung, LinkDown, LinkLost, TimeoutError."""
        rung = 0
        for number in order.numbers:
            action = speaks.call_member(number, order.leg(number), order.order, self._caller)
            try:
                await self._mouth.action(action)
                rung += 1
            except ActionFailed as failed:
                log.warning("somebody of a group cannot be rung", call=str(order.order), reason=str(failed))
        if not rung:
            raise OrderFailed("nobody of the group can be rung")
