"""Orders to the case desk that press for a case to be done."""

from datetime import datetime
from uuid import UUID

from schema.orders.cases import CaseOrder


class UrgeCase(CaseOrder, frozen=True, kw_only=True):
    """Tell who has the case to hurry (催办); the second time it is a second urging (二次催办)."""

    text: str = ""


class SuperviseCase(CaseOrder, frozen=True, kw_only=True):
    """Order what is to be done, and to say by `answer_by` (aware) what was (督办)."""

    text: str
    answer_by: datetime


class InstructCase(CaseOrder, frozen=True, kw_only=True):
    """A leader's written instruction (批示) to who has the case, to be answered by `answer_by` (aware).

    `person`: whom of them it is for; None: any of them.
    """

    text: str
    answer_by: datetime
    person: UUID | None = None


class AnswerSupervision(CaseOrder, frozen=True, kw_only=True):
    """Answer a `supervision` order or instruction that is open; None: the oldest."""

    text: str
    supervision: UUID | None = None
