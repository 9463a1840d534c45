"""The register of contacts (受理登记): one list of everything that came in, and each contact with its calls and cases.

Numbers are masked for who may not read contacts; without contact.all one sees what one took oneself. Every opening of
a contact is an audited look.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.contactform import ContactForm, read_form
from backoffice.office import language, look, office, refused_look, say, visitor
from backoffice.rights import may, needs
from schema.desk.contact import open_contact
from schema.desk.contactlist import OUTCOMES, PHONE, page
from schema.desk.listpages import write_place
from schema.desk.rulebooks import dictionary
from schema.ids import as_id
from schema.patience import patient
from schema.people import User
from schema.rules.masking import masked

pages = Blueprint("contactlist", __name__)
log = structlog.get_logger()
PATIENCE = 4.0
"""Seconds that a page may take: rare things of a huge store are better asked for more narrowly."""
MOST_AGENTS = 1_000


@pages.get("/cases/contacts")
@needs("contact.list")
def listing() -> ResponseReturnValue:
    """The register that the address asks for, newest first."""
    shown = None
    with office().store.read() as session:
        channels = channel_names(session)
        people = agents(session)
        form = asked_form(channels)
        if not form.wrong:
            with patient(session, PATIENCE) as gave_up:
                shown = page(session, form.wanted, visitor(), form.place)
            if gave_up:
                log.warning("the register took too long", asked=form.query())
    look("contact.read", "contacts")
    html = render_template(
        "contactlist.html", form=form, page=shown, channels=channels, people=people, outcomes=OUTCOMES,
        number=number, place=write_place, slow=not form.wrong and shown is None,
    )  # fmt: skip
    return html, 400 if form.wrong else 200


@pages.get("/cases/contacts/<contact>")
@needs("contact.list")
def one(contact: str) -> ResponseReturnValue:
    """A contact: its calls leg by leg, its recordings to those who may hear them, its cases."""
    try:
        id = as_id(contact)
    except ValueError:
        abort(404)
    with office().store.read() as session:
        found = open_contact(session, id, visitor(), only())
        channels, people = channel_names(session), agents(session, whole=True)
    if found is None:
        refused_look("contact", id)
        abort(404)
    look("contact.read", str(id))
    return render_template(
        "contact.html", contact=found, id=id, channels=channels, people=people, number=number, other=other
    )


def asked_form(channels: Mapping[str, str]) -> ContactForm:
    """What this request asks of the register, as far as its visitor may."""
    return read_form(
        request.args, office().zone, numbers=may(visitor(), "contact.read"), only=only(), channels=channels
    )


def only() -> UUID | None:
    """Whose contacts alone the visitor sees; None: everybody's."""
    return None if may(visitor(), "contact.all") else visitor().id


def number(text: str) -> str:
    """A number as the visitor may see it."""
    return text if may(visitor(), "contact.read") else masked(text)


def other(text: str) -> str:
    """Another leg of a segment ("kind:seat-or-number"), in words."""
    kind, _, name = text.partition(":")
    return f"{say(f'contact.leg.{kind}')} {name if kind in ('seat', 'watcher') else number(name)}".strip()


def channel_names(session: Session) -> dict[str, str]:
    """The ways for a request to come, by code, the telephone first."""
    words = {word.code: word.name(language()) for word in dictionary(session)["channel"]}
    return {PHONE: words.pop(PHONE, say("contactlist.phone")), **words}


def agents(session: Session, whole: bool = False) -> dict[UUID, str]:
    """Those who take contacts, by id: with a seat or at the desk (`whole`: everybody who works here)."""
    query = select(User.id, User.name).order_by(User.name)
    if not whole:
        query = query.where(User.post.in_(("agent", "supervisor", "clerk"))).limit(MOST_AGENTS)
    rows: Any = session.execute(query)
    return {row.id: row.name for row in rows}
