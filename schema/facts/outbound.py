"""Facts about calls that we place: the do-not-call list (免打扰), which says its number itself, and campaigns."""

from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact
from schema.facts.cases import CaseFact


class NumberBlocked(Fact, frozen=True, kw_only=True):
    """A number is on the do-not-call list from now on."""

    entry: UUID
    until: datetime | None = None
    by: UUID | None = None


class NumberLifted(Fact, frozen=True, kw_only=True):
    """An entry was taken off the do-not-call list."""

    entry: UUID
    by: UUID | None = None


class CampaignMade(Fact, frozen=True, kw_only=True):
    """A campaign of return visits picked its cases."""

    campaign: UUID
    picked: int
    by: UUID | None = None


class CampaignClosed(Fact, frozen=True, kw_only=True):
    """A campaign is over; `unfinished` visits went back among those to be handed out."""

    campaign: UUID
    unfinished: int
    by: UUID | None = None


class VisitReviewed(CaseFact, frozen=True, kw_only=True):
    """A supervisor read what a visit came to; `again`: it is to be called once more."""

    visit: UUID
    again: bool = False
