"""Orders about voice calls of a group (语音组呼)."""

from uuid import UUID, uuid5

from schema.orders.base import Order


class CallGroup(Order, frozen=True, kw_only=True):
    """Ring these numbers at once, and join whoever answers in one room. The room's id is `order`."""

    numbers: tuple[str, ...]

    def leg(self, number: str) -> UUID:
        """The id of the channel to one of the numbers: rung once, however often it is asked."""
        return uuid5(self.order, number)
