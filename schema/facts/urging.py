"""Facts about cases that are urged and supervised, and about words for people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact
from schema.facts.cases import CaseFact


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUrged(CaseFact):
    """Who has the case was told to hurry (催办). `rung` is of `schema.rules.lights.LADDER`; `text` by a person."""

    rung: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSupervised(CaseFact):
    """A supervision order was given (督办), to be answered by a time."""

    supervision: UUID
    text: str
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInstructed(CaseFact):
    """A leader gave a written instruction (批示), to be answered by a time; `person`: whom it is for, if anybody."""

    supervision: UUID
    text: str
    answer_by: datetime
    person: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionAnswered(CaseFact):
    """A supervision order or an instruction was answered."""

    supervision: UUID
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced(Fact):
    """Words are to be seen on every page, or no longer."""

    announcement: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Fact):
    """A platform message is in the inboxes of `to`."""

    message: UUID
    to: tuple[UUID, ...]
