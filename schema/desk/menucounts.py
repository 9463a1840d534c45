"""How callers go through the voice menus: how many heard each, what they pressed, and how many left there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.calls import MenuWalk


@dataclass(slots=True)
class MenuCount:
    """A menu: callers by the key they pressed there ("silent": none), and those who hung up."""

    keys: Counter[str] = field(default_factory=Counter)
    left: int = 0

    @property
    def heard(self) -> int:
        """How many were in it."""
        return self.keys.total() + self.left


def menu_counts(session: Session, since: datetime) -> dict[str, MenuCount]:
    """Every menu that somebody was in since then, by its id."""
    walks = select(MenuWalk.path, MenuWalk.left, func.count()).where(MenuWalk.at >= since)
    return counted(
        (path, left, n) for path, left, n in session.execute(walks.group_by(MenuWalk.path, MenuWalk.left))
    )


def counted(walks: Iterable[tuple[str, str, int]]) -> dict[str, MenuCount]:
    """The same of (path, left, how often). What is no step is left out: a path is cut where it is too long."""
    found: dict[str, MenuCount] = {}
    for path, left, n in walks:
        for step in path.split():
            menu, _, key = step.rpartition(":")
            if menu and key:
                found.setdefault(menu, MenuCount()).keys[key] += n
        if left:
            found.setdefault(left, MenuCount()).left += n
    return found
