"""Facts about cases that are urged and supervised, and about words for people."""

from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact
from schema.facts.cases import CaseFact


class CaseUrged(CaseFact, frozen=True, kw_only=True):
    """Who has the case was told to hurry (催办). `rung` is of `schema.rules.lights.LADDER`; `text` by a person."""

    rung: str
    text: str = ""


class CaseSupervised(CaseFact, frozen=True, kw_only=True):
    """A supervision order was given (督办), to be answered by a time."""

    supervision: UUID
    text: str
    answer_by: datetime


class CaseInstructed(CaseFact, frozen=True, kw_only=True):
    """A leader gave a written instruction (批示), to be answered by a time; `person`: whom it is for, if anybody."""

    supervision: UUID
    text: str
    answer_by: datetime
    person: UUID | None = None


class SupervisionAnswered(CaseFact, frozen=True, kw_only=True):
    """A supervision order or an instruction was answered."""

    supervision: UUID
    text: str


class Announced(Fact, frozen=True, kw_only=True):
    """Words are to be seen on every page, or no longer."""

    announcement: UUID


class MessageSent(Fact, frozen=True, kw_only=True):
    """A platform message is in the inboxes of `to`."""

    message: UUID
    to: tuple[UUID, ...]
