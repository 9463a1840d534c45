"""The shapes of return visits: what is asked and told of them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backoffice.api.asks import Asked, Cursor, Limit, Texts
from backoffice.api.caseshapes import Who
from backoffice.api.shapes import CaseRef
from schema.rules.visits import RESULTS

Result = Annotated[str, Meta(pattern=f"^({'|'.join(RESULTS)})$")]
Score = Annotated[int, Meta(ge=0, le=5, description="1 very satisfied to 5 very dissatisfied; 0 not said")]


class Visits(Asked, kw_only=True):
    """Which return visits. `open`: not ended, though the case may have been rated or opened again meanwhile."""

    case: CaseRef | UnsetType = UNSET
    agent: UUID | UnsetType = UNSET
    state: Literal["open", "ended"] | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class Visit(msgspec.Struct, kw_only=True):
    """A return visit. `agent` has it, null when it waits to be handed out. `ended`: "" while it goes on, else reached,
    not-reached, wrong-number or declined. `reception` rates how the hotline received the citizen, `rating` what the
    department did, 1 (very satisfied) to 5."""

    id: UUID
    case: str
    agent: Who | None
    given_at: datetime
    closed_at: datetime
    tries: int
    next_at: datetime
    ended: str
    ended_at: datetime | None
    reception: int | None
    rating: int | None
    solved: bool | None
    text: str


class VisitPage(msgspec.Struct, kw_only=True):
    """The last handed out first. `next` is the cursor of the following page, null after the last."""

    items: list[Visit]
    next: str | None


class Tried(Texts, kw_only=True):
    """What a call came to. A citizen who was reached rates how the hotline received them (`reception`) and what the
    department did (`rating`); `solved` false opens the case again, and `text` says why."""

    result: Result
    reception: Score = 0
    rating: Score = 0
    solved: bool = True
    text: Annotated[str, Meta(max_length=4000)] = ""
