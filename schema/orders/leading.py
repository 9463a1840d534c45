"""Orders of leaders about cases: to follow one, and to mark one as hot."""

from schema.orders.cases import CaseOrder


class FollowCase(CaseOrder, frozen=True, kw_only=True):
    """Be told whenever the case comes to another state."""


class UnfollowCase(CaseOrder, frozen=True, kw_only=True):
    """Be told no longer."""


class MarkHot(CaseOrder, frozen=True, kw_only=True):
    """Say that the case is one to look at (热点), and why."""

    text: str = ""


class UnmarkHot(CaseOrder, frozen=True, kw_only=True):
    """It is one no longer."""

    text: str = ""
