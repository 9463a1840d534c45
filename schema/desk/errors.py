"""What a desk answers when it will not do something."""

from collections.abc import Mapping
from uuid import UUID


class Refused(Exception):
    """An order was refused and nothing changed.

    `code` is for programs: not-found, stale, wrong-state, bad-field (then `field` names it), not-allowed.
    The text is for people. `fields` has every wrong field with what is wrong about it.
    """

    def __init__(
        self, code: str, text: str, field: str = "", fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.field = field
        self.fields = dict(fields or ({field: text} if field else {}))


class Hidden(Refused):
    """There is such a case, but whoever asks may not know: to them it is not there. `case` is its id."""

    def __init__(self, case: UUID, text: str) -> None:
        super().__init__("not-found", text)
        self.case = case


def bad_fields(wrong: Mapping[str, str]) -> Refused:
    """The refusal of a form: each wrong field with what is wrong about it, the first in the lead."""
    field, text = next(iter(wrong.items()))
    return Refused(
        "bad-field", "; ".join(f"{name}: {why}" for name, why in wrong.items()) or text, field, wrong
    )
