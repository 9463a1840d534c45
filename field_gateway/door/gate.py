"""The gate: how much is in hand at once, and who is sent away first when it is too much."""

from dataclasses import dataclass, field

SHED = ("position",)
"""Messages that are sent away at half of what would send reports away."""


@dataclass(slots=True)
class Gate:
    """At most `most` requests in hand. `shed` counts, by kind of message ("" anything else), who was sent away."""

    most: int
    inside: int = 0
    shed: dict[str, int] = field(default_factory=dict)

    def enter(self, path: bytes) -> bool:
        """Whether a request of this path may come in; if so, `leave` must follow."""
        kind = path.rpartition(b"/")[2].decode("ascii", "replace") if b"/up/" in path else ""
        kind = kind if kind in ("report", "task", "message", "clock", *SHED) else ""
        if self.inside >= (self.most // 2 if kind in SHED else self.most):
            self.shed[kind] = self.shed.get(kind, 0) + 1
            return False
        self.inside += 1
        return True

    def leave(self) -> None:
        """One is done."""
        self.inside -= 1
