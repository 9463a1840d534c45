"""Who may do what in the back office: every page declares its right, and a page without one is shut."""

from collections.abc import Callable
from typing import Any, TypeVar

from schema.desk.sessions import Visitor
from schema.rules import access

PUBLIC = "public"
LOGGED_IN = "logged-in"

View = TypeVar("View", bound=Callable[..., Any])


def may(who: Visitor | str, right: str) -> bool:
    """Whether somebody (or anybody of this post) has the right; an unknown right is nobody's."""
    return right in (PUBLIC, LOGGED_IN) or access.may(who if isinstance(who, str) else who.actor, right)


def needs(right: str) -> Callable[[View], View]:
    """Declare the right a page needs."""
    if right not in access.RIGHTS and right not in (PUBLIC, LOGGED_IN):
        raise ValueError(f"there is no right {right!r}")

    def declare(view: View) -> View:
        view.right = right  # type: ignore[attr-defined]
        return view

    return declare


def right_of(view: Callable[..., Any] | None) -> str | None:
    """The right a page declared; None when it declared none (then nobody gets in)."""
    return getattr(view, "right", None)


def home_of(who: Visitor) -> str:
    """The page somebody starts on."""
    if may(who, "seat.work") and who.post == "agent":
        return "/seat"
    if who.post == "department" and may(who, "case.sign"):
        return "/desk/department"
    if may(who, "leader.see") and who.post == "leader":
        return "/leader"
    for right, path in (("board.see", "/wallboard"), ("case.read", "/cases"), ("people.list", "/people")):
        if may(who, right):
            return path
    return "/me"
