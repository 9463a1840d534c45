"""Orders to the case desk that press for a case to be done."""

from dataclasses import dataclass
from datetime import datetime

from schema.orders.cases import CaseOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgeCase(CaseOrder):
    """Tell who has the case to hurry (催办); the second time it is a second urging (二次催办)."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseCase(CaseOrder):
    """Order what is to be done, and to say by `answer_by` (aware) what was (督办)."""

    text: str
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSupervision(CaseOrder):
    """Answer the oldest supervision order that is open."""

    text: str
