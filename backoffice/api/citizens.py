"""Citizens: who asks from a number, and what they asked before; and the whole way of a contact. Each look is noted."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.api import caseshapes
from backoffice.api.door import look
from backoffice.api.insight import seen
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.office import office
from schema.calls import CallRow
from schema.cases import Case, Citizen
from schema.desk.citizens import find_citizen
from schema.desk.timeline import timeline
from schema.ids import ContactId
from schema.speaking import about

MOST = 100


def by_number(ask: Ask) -> caseshapes.Citizen:
    """Who asks from a number."""
    with office().store.read() as session:
        row = find_citizen(session, ask.path["phone"])
    return _told(ask, row)


def one(ask: Ask) -> caseshapes.Citizen:
    """One citizen."""
    with office().store.read() as session:
        row = session.get(Citizen, ask.path["citizen"])
    return _told(ask, row)


def history(ask: Ask) -> caseshapes.PastList:
    """What a citizen asked before, and their calls."""
    with office().store.read() as session:
        row = session.get(Citizen, ask.path["citizen"])
        if row is None:
            raise Problem("not-found", "there is no such citizen")
        found = _calls(session, row.number)
        if ask.who.may("case.read"):
            found += _cases(session, ask, row.number)
    look(ask, "contact.read", str(row.id))
    return caseshapes.PastList(items=sorted(found, key=lambda past: past.at, reverse=True))


def way(ask: Ask) -> caseshapes.HopList:
    """Everything that happened to a contact, without the cases that this token does not see."""
    contact = ask.path["contact"]
    about(contact)
    ask.need("case.read")
    with office().store.read() as session:
        hops = timeline(session, ContactId(contact))
        open_to = set(
            session.scalars(seen(session, ask).with_only_columns(Case.id).where(Case.contact == contact))
        )
        shut = set(session.scalars(select(Case.id).where(Case.contact == contact))) - open_to
    if not hops or (shut and not open_to):
        raise Problem("not-found", "there is no such contact")
    hidden = {str(id) for id in shut}
    look(ask, "contact.read", str(contact))
    return caseshapes.HopList(
        items=[
            caseshapes.Hop(at=hop.at, what=hop.hop, ms=hop.ms, who=hop.who, text=hop.text, detail=hop.detail)
            for hop in hops
            if hop.detail.get("case") not in hidden
        ]
    )


def _told(ask: Ask, row: Citizen | None) -> caseshapes.Citizen:
    if row is None:
        raise Problem("not-found", "there is no such citizen")
    look(ask, "contact.read", str(row.id))
    plain: dict[str, Any] = {name: getattr(row, name) for name in caseshapes.Citizen.__struct_fields__}
    return caseshapes.Citizen(**plain)


def _cases(session: Session, ask: Ask, number: str) -> list[caseshapes.Past]:
    query = (
        seen(session, ask)
        .where(Case.number == number)
        .order_by(Case.made_at.desc(), Case.id.desc())
        .limit(MOST)
    )
    return [
        caseshapes.Past(
            what="case", at=row.made_at, id=row.id, contact=row.contact, number=row.case_no, title=row.title,
            state=row.state,
        )
        for row in session.scalars(query)
    ]  # fmt: skip


def _calls(session: Session, number: str) -> list[caseshapes.Past]:
    query = select(CallRow).where(CallRow.number == number).order_by(CallRow.entered_at.desc()).limit(MOST)
    return [
        caseshapes.Past(
            what="call", at=row.entered_at, id=row.id, contact=row.contact, state=row.outcome or "live",
            direction=row.direction,
        )
        for row in session.scalars(query)
    ]  # fmt: skip


ROUTES = (
    Route(
        method="GET", path="/citizens/by-number/{phone}", name="citizen-by-number", tag="citizens",
        right="contact.read", does=by_number, summary="Who asks from a number", gives=caseshapes.Citizen,
    ),
    Route(
        method="GET", path="/citizens/{citizen}", name="citizen", tag="citizens", right="contact.read", does=one,
        summary="One citizen", gives=caseshapes.Citizen,
    ),
    Route(
        method="GET", path="/citizens/{citizen}/history", name="citizen-history", tag="citizens", right="contact.read",
        does=history, summary="What a citizen asked before, and their calls", gives=caseshapes.PastList,
    ),
    Route(
        method="GET", path="/contacts/{contact}", name="contact", tag="citizens", right="contact.read", does=way,
        summary="The whole way of a contact: call, recording, case, task, report, rating", gives=caseshapes.HopList,
    ),
)  # fmt: skip
