"""The register of contacts: everything that came in, newest first. A page is one audited look."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backoffice.api.asks import Asked, Cursor, Limit, Moment
from backoffice.api.door import look
from backoffice.api.pages import cursor_of, place_of
from backoffice.api.pages import moment as asked_moment
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.api.shapes import Phone
from backoffice.office import office
from schema.desk.contactlist import Wanted, page
from schema.desk.listpages import Place
from schema.rules.masking import masked


class Contacts(Asked, kw_only=True):
    """Which contacts. `since` and `until` are about when it came; `user` answered the call, or filed what came by
    none; `outcome` callback: a call-back was promised, received: it came by no call."""

    since: Moment | UnsetType = UNSET
    until: Moment | UnsetType = UNSET
    channel: Annotated[str, Meta(pattern="^[a-z0-9-]{1,20}$")] | UnsetType = UNSET
    number: Phone | UnsetType = UNSET
    user: UUID | UnsetType = UNSET
    outcome: Literal["live", "answered", "abandoned", "lost", "callback", "received"] | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class Contact(msgspec.Struct, kw_only=True):
    """Something that came in. `channel` is phone or a word of the dictionary; `number` is masked for a token without
    contact.read; `callback` is the state of a promised call-back, or ""; `cases` are numbers of cases."""

    contact: UUID
    at: datetime
    channel: str
    number: str
    language: str
    user: UUID | None
    agent: str
    outcome: str
    callback: str
    cases: list[str]


class ContactPage(msgspec.Struct, kw_only=True):
    """A page; `next` is the cursor of the following one."""

    items: list[Contact]
    next: str | None


def listing(ask: Ask) -> ContactPage:
    """A page of the register."""
    asked = ask.query
    whole = ask.who.may("contact.read")
    if asked.number is not UNSET and not whole:
        raise Problem("forbidden", "the token does not carry the right contact.read")
    wanted = Wanted(
        came=(asked_moment(asked.since), asked_moment(asked.until)),
        channel="" if asked.channel is UNSET else asked.channel,
        number="" if asked.number is UNSET else asked.number,
        taken_by=None if asked.user is UNSET else asked.user,
        outcome="" if asked.outcome is UNSET else asked.outcome,
    )
    if not ask.who.may("contact.all"):
        if wanted.taken_by not in (None, ask.who.user.id):
            raise Problem("forbidden", "the token does not carry the right contact.all")
        wanted = replace(wanted, taken_by=ask.who.user.id)
    place = None if asked.cursor is UNSET else Place(*place_of(asked.cursor))
    with office().store.read() as session:
        found = page(session, wanted, ask.who, place, asked.limit)
    look(ask, "contact.read", "contacts")
    return ContactPage(
        items=[
            Contact(
                contact=row.contact, at=row.at, channel=row.channel,
                number=row.number if whole else masked(row.number), language=row.language, user=row.user,
                agent=row.seat, outcome=row.outcome, callback=row.callback, cases=list(row.cases),
            )
            for row in found.rows
        ],
        next=cursor_of(found.after.at, found.after.id) if found.after else None,
    )  # fmt: skip


ROUTES = (
    Route(
        method="GET", path="/contacts", name="contacts", tag="citizens", right="contact.list", does=listing,
        query=Contacts, gives=ContactPage, summary="Everything that came in, by whatever channel, newest first",
        about="A token without contact.all sees what its user took; one without contact.read, numbers masked.",
    ),
)  # fmt: skip
