"""Orders of whoever asks by voice how far a case is. `number` is the telephone that rings, "" when it does not show."""

from dataclasses import dataclass
from uuid import UUID

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStatus(Order):
    """Look a case up by the digits of its number."""

    number: str
    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStatus(Order):
    """Send how far a case is, as a text message, to the telephone that it was filed from."""

    case: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveStatus(Order):
    """Compare the digits with the end of the telephone that one of `cases` was filed from; `nth` answer in a call."""

    number: str
    digits: str
    cases: tuple[UUID, ...]
    nth: int = 1
