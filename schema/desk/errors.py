"""What a desk answers when it will not do something."""


class Refused(Exception):
    """An order was refused and nothing changed.

    `code` is for programs: not-found, stale, wrong-state, bad-field (then `field` names it), not-allowed.
    The text is for people.
    """

    def __init__(self, code: str, text: str, field: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.field = field
