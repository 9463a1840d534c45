"""Orders of whoever asks by voice how far a case is. `number` is the telephone that rings, "" when it does not show."""

from uuid import UUID

from schema.orders.base import Order


class AskStatus(Order, frozen=True, kw_only=True):
    """Look a case up by the digits of its number."""

    number: str
    digits: str


class TextStatus(Order, frozen=True, kw_only=True):
    """Send how far a case is, as a text message, to the telephone that it was filed from."""

    case: UUID


class ProveStatus(Order, frozen=True, kw_only=True):
    """Compare the digits with the end of the telephone that one of `cases` was filed from; `nth` answer in a call."""

    number: str
    digits: str
    cases: tuple[UUID, ...]
    nth: int = 1
