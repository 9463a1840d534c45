"""The desk of text messages to citizens: the number of a case that was filed, and how far one is, when they ask for it.

A text is a notice without a receiver among the users. What it says is written when it leaves (`backoffice.notices`).
Of confidential cases nothing is sent, and only mobile telephones are.
"""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from schema.cases import Case
from schema.facts import CaseFiled
from schema.notices import Notice
from schema.orders import TextStatus
from schema.rules.notices import FILED_TEXT, STATUS_TEXT, is_mobile
from schema.statusasks import StatusAsk
from schema.store import UnitOfWork


def text_filed(work: UnitOfWork, key: UUID, fact: CaseFiled) -> bool:
    """Send the number of a case that was filed, once for this `key`; whether it will go."""
    case = work.session.get(Case, fact.case)
    return case is not None and _text(work, key, FILED_TEXT, case, fact.at)


def text_status(work: UnitOfWork, order: TextStatus) -> bool:
    """Send how far a case is to the telephone it was filed from, if it was proved in the same call; whether it will."""
    proved = select(StatusAsk.id).where(
        StatusAsk.contact == order.contact, StatusAsk.case == order.case, StatusAsk.result == "right"
    )
    case = work.session.get(Case, order.case)
    if case is None or work.session.scalar(proved.limit(1)) is None:
        return False
    return _text(work, order.order, STATUS_TEXT, case, work.now)


def _text(work: UnitOfWork, key: UUID, kind: str, case: Case, at: datetime) -> bool:
    if case.confidential or not is_mobile(case.number):
        return False
    id = uuid5(key, "citizen")
    if work.session.get(Notice, id) is None:
        work.session.add(
            Notice(
                id=id, fact=key, kind=kind, case=case.id, receiver=None, way="sms", address=case.number,
                language=case.language, subject="", text="", state="waiting", at=at, made_at=work.now,
                next_try=work.now,
            )
        )  # fmt: skip
        work.session.flush()
    return True
