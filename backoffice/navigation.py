"""Where the bar leads: the places of the site that somebody may go to, some together under one name."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A page, shown to whoever has the right, or the `other` one; `name` is the key of its words."""

    right: str
    path: str
    name: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the bar: a link, or several that open under a name (the key of its words)."""

    name: str
    links: tuple[Link, ...]

    def has(self, path: str) -> bool:
        """Whether the page at `path` is one of these."""
        return any(path.startswith(link.path) for link in self.links)


PLACES = (
    Place("nav.seat", (Link("seat.work", "/seat", "nav.seat"),)),
    Place("nav.cases", (Link("case.read", "/cases", "nav.cases"),)),
    Place("nav.desks", (
        Link("case.dispatch", "/desk/dispatch", "nav.dispatch"),
        Link("case.sign", "/desk/department", "nav.department"),
        Link("case.visit", "/visits", "nav.visits"),
        Link("quality.review", "/quality", "nav.quality", "quality.appeal"),
        Link("supervision.see", "/supervision", "nav.supervision"),
        Link("field.see", "/field", "nav.field"),
        Link("leader.see", "/leader", "nav.leader"),
    )),
    Place("nav.figures", (
        Link("board.see", "/wallboard", "nav.wallboard"),
        Link("report.read", "/reports", "nav.reports"),
        Link("assessment.read", "/assessment", "nav.assessment"),
    )),
    Place("nav.site", (
        Link("people.list", "/people", "nav.people"),
        Link("rules.set", "/rules", "nav.rules"),
        Link("audit.read", "/audit", "nav.audit"),
        Link("register.keep", "/registers", "nav.registers"),
        Link("webhook.manage", "/webhooks", "nav.webhooks"),
    )),
)  # fmt: skip
FEW = 6
"""So many links stand in the bar themselves."""


def places(may: Callable[[str], bool]) -> list[Place]:
    """What the bar of somebody with these rights shows, in order.

    What belongs together is under one name only where the bar would be too long otherwise, and never alone.
    """
    there = [
        Place(
            one.name, tuple(link for link in one.links if may(link.right) or (link.other and may(link.other)))
        )
        for one in PLACES
    ]
    links = [link for one in there for link in one.links]
    if len(links) <= FEW:
        return [Place(link.name, (link,)) for link in links]
    return [
        Place(one.links[0].name if len(one.links) == 1 else one.name, one.links) for one in there if one.links
    ]
