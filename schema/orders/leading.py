"""Orders of leaders about cases: to follow one, and to mark one as hot."""

from dataclasses import dataclass

from schema.orders.cases import CaseOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowCase(CaseOrder):
    """Be told whenever the case comes to another state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfollowCase(CaseOrder):
    """Be told no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkHot(CaseOrder):
    """Say that the case is one to look at (热点), and why."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmarkHot(CaseOrder):
    """It is one no longer."""

    text: str = ""
