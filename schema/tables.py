"""Every table, imported once, so that `Base.metadata` is whole wherever it is needed."""

from schema import (  # noqa: F401
    assessment,
    briefs,
    calls,
    campaigns,
    casefiles,
    casemarks,
    cases,
    casewords,
    choices,
    clocks,
    dictations,
    doors,
    fieldaccess,
    fieldmessages,
    handsets,
    notices,
    outbound,
    outbox,
    people,
    phrases,
    places,
    positions,
    quality,
    recordings,
    registers,
    rulebooks,
    spacealarms,
    statusasks,
    tokens,
    views,
    visits,
    webhooks,
)
from schema.base import Base

metadata = Base.metadata
