"""The register of citizens: looked up by number or name, what they asked before, and a name or language put right.

A citizen is a number, the name and the language they gave. There is no list of everybody: one looks for somebody. Each
look is written down.
"""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from backoffice.contactlist import agents, channel_names, number
from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import look, note, office, visitor
from backoffice.rights import may, needs
from schema.cases import Citizen, CitizenStep
from schema.desk import caselist, contactlist
from schema.desk.citizens import FEWEST, MOST, find_citizens
from schema.desk.correcting import correct_citizen
from schema.desk.errors import Refused
from schema.desk.scope import visible_cases
from schema.ids import as_id, uuid7
from schema.orders import CorrectCitizen
from schema.rules.languages import LANGUAGES

pages = Blueprint("citizens", __name__)
SHOWN = 20
CORRECTIONS = 20


@pages.get("/cases/citizens")
@needs("contact.read")
def listing() -> str:
    """Those who are looked for."""
    words = request.args.get("q", "").strip()[:100]
    found: list[Citizen] = []
    if words:
        with office().store.read() as session:
            found = find_citizens(session, words)
        look("contact.read", "citizens")
    return render_template("citizens.html", words=words, found=found, most=MOST, fewest=FEWEST)


@pages.get("/cases/citizens/<citizen>")
@needs("contact.read")
def one(citizen: str) -> ResponseReturnValue:
    """A citizen: what they gave, and what they asked before."""
    id = _id(citizen)
    html = _page(id)
    look("contact.read", str(id))
    return html


@pages.post("/cases/citizens/<citizen>")
@needs("contact.correct")
def correct(citizen: str) -> ResponseReturnValue:
    """Put a name or a language right."""
    id, typed = _id(citizen), request.form
    try:
        order = CorrectCitizen(
            order=as_id(typed.get("order", "")), by=visitor().id, citizen=id, name=typed.get("name", ""),
            language=typed.get("language", ""), was_name=typed.get("was_name", ""),
            was_language=typed.get("was_language", ""),
        )  # fmt: skip
    except ValueError:
        abort(400)
    try:
        with office().store.work() as work:
            _, fields = correct_citizen(work, order)
            if fields:
                note(work, "contact.correct", str(id), reason=fields)
    except Refused as refused:
        if refused.code not in ("bad-field", "stale"):
            raise
        texts = {"": refusal_text(refused)} if refused.code == "stale" else field_texts(refused)
        return _page(id, texts), status_of(refused)
    return redirect(f"/cases/citizens/{id}", 303)


def _page(id: UUID, wrong: dict[str, str] | None = None) -> str:
    who = visitor()
    with office().store.read() as session:
        found = session.get(Citizen, id)
        if found is None:
            abort(404)
        asked = caselist.Wanted(number=found.number, may_see=visible_cases(session, who))
        corrections = session.scalars(
            select(CitizenStep)
            .where(CitizenStep.citizen == id)
            .order_by(CitizenStep.at.desc())
            .limit(CORRECTIONS)
        ).all()
        return render_template(
            "citizen.html", citizen=found, wrong=wrong or {}, languages_of=LANGUAGES, order=uuid7(),
            cases=caselist.page(session, asked, office().store.clock(), None, SHOWN) if may(who, "case.read") else None,
            contacts=contactlist.page(session, contactlist.Wanted(number=found.number), who, None, SHOWN),
            corrections=corrections, channels=channel_names(session), people=agents(session, whole=True),
            number=number,
        )  # fmt: skip


def _id(text: str) -> UUID:
    try:
        return as_id(text)
    except ValueError:
        abort(404)
