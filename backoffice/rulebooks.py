"""The rule books on pages: edited whole, version by version."""

import json
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from backoffice.assessment import formula_fault
from backoffice.office import language, note, office, say, visitor
from backoffice.pinyin import letters
from backoffice.rights import needs
from schema.clocks import CalendarVersion
from schema.desk.counts import COUNTS
from schema.desk.errors import Refused, bad_fields
from schema.desk.people import names_of
from schema.desk.rulebooks import BOOKS, book_body, book_history, categories, newest_book
from schema.desk.rulechanges import RIGHT, change_rulebook
from schema.desk.voicebooks import voice_now
from schema.ids import as_id
from schema.orders import ChangeRulebook
from schema.people import Department
from schema.rules.access import POSTS
from schema.rules.calendar import UNITS
from schema.rules.categories import CLASSES, KINDS
from schema.rules.dialrules import INTERNAL
from schema.rules.dialrules import LISTS as DIAL_LISTS
from schema.rules.languages import LANGUAGES
from schema.rules.limits import CITY, HOTLINE
from schema.rules.voicebook import RATING

pages = Blueprint("rulebooks", __name__)
SCRIPTS = {
    "assessment": "assessmentbook",
    "visits": "visitsbook",
    "voice": "voicebook",
    "quality": "qualitybook",
}
"""The editors of books that are no plain tables."""


@pages.get("/rules")
@needs(RIGHT)
def first() -> Response:
    """The first book."""
    return redirect("/rules/categories")


@pages.get("/rules/<name>")
@needs(RIGHT)
def page(name: str) -> str:
    """A book, to be read and edited."""
    if name not in BOOKS:
        abort(404)
    with office().store.read() as session:
        version = newest_book(session, name)
        history = book_history(session, name)
        return render_template(
            "rulebook.html",
            name=name,
            script=f"js/{SCRIPTS.get(name, 'rulebook')}.js",
            version=version,
            editing={"name": name, "version": version, "body": book_body(session, name, version)}
            | _choices(session),
            history=history,
            counts=voice_now(session, office().store.clock(), office().zone)[0]
            if name == "voice"
            else version,
            names=names_of(session, (row.made_by for row in history)),
            books=tuple(BOOKS),
        )


@pages.get("/rules/<name>/<int:version>")
@needs(RIGHT)
def version(name: str, version: int) -> ResponseReturnValue:
    """What a version of a book says."""
    with office().store.read() as session:
        return jsonify(body=book_body(session, name, version))


@pages.post("/rules/<name>")
@needs(RIGHT)
def change(name: str) -> ResponseReturnValue:
    """Write the next version. The same `order` again answers the same version."""
    typed = request.get_json(silent=True)
    if not isinstance(typed, dict) or not isinstance(typed.get("body"), dict):
        abort(400)
    try:
        order = as_id(str(typed.get("order", "")))
    except ValueError as error:
        raise bad_fields({"order": "an id is needed"}) from error
    seen = typed.get("version")
    if isinstance(seen, bool) or not isinstance(seen, int):
        raise bad_fields({"version": "this is a number"})
    wanted = ChangeRulebook(order=order, by=visitor().id, name=name, body=json.dumps(typed["body"]), version=seen,
                            why=str(typed.get("why") or ""))  # fmt: skip
    try:
        with office().store.work() as work:
            row = change_rulebook(work, wanted)
            note(work, "rules.set", f"{row.name} {row.version}")
            return jsonify(version=row.version)
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        faults = {where: fault(where, text) for where, text in refused.fields.items()}
        return jsonify(error=refused.code, text=say("rules.faulty"), fields=faults), 400


@pages.get("/api/categories")
@needs("case.file")
def choices() -> ResponseReturnValue:
    """The categories that take new cases, in order: what is typed for them, and what they say of class and kind."""
    with office().store.read() as session:
        book = categories(session)
    rows = [
        {
            "code": row.code,
            "name": book.name(row.code, language()),
            "typed": _typed(book.name(row.code, "zh"), row.names.values()),
            "class_": book.said(row.code, "class_"),
            "kind": book.said(row.code, "kind"),
        }
        for row in book.leaves()
    ]
    return jsonify(rows)


def fault(where: str, text: str) -> str:
    """What is wrong at a place of a book, in the reader's language: the rule's own words are English."""
    field = where.rpartition(".")[2]
    if field == "formula":
        return formula_fault(text)
    if language() == "en":
        return text
    if where.startswith("sheets") or field == "appeal_days":
        return say(
            f"quality.fault.{field}" if office().words.has(f"quality.fault.{field}") else "quality.fault.list"
        )
    if where.partition(".")[0] in DIAL_LISTS:
        return say(f"rules.fault.dial-{'pattern' if where.startswith(INTERNAL) else 'number'}")
    if field in LANGUAGES or len(field) == 1:  # what a voice menu says, or a key of it
        return say("rules.fault.text" if field in LANGUAGES else "rules.fault.way")
    if where.partition(".")[0] in ("items", "grades", "within"):
        return say("assessment.fault.field")
    kind = field if office().words.has(f"rules.fault.{field}") else "used" if where.isdigit() else ""
    return say(f"rules.fault.{kind or ('limit' if '/' in where else 'word')}")


def _typed(name: str, names: Any) -> str:
    """Everything a category is found by besides its code, folded: its names and the letters of the Chinese one."""
    own = name.rpartition(" / ")[2]
    return " ".join((*names, *letters(own))).casefold()


def _choices(session: Session) -> dict[str, Any]:
    """What the fields of a book may say."""
    calendars = sorted({CITY, HOTLINE, *session.scalars(select(CalendarVersion.name).distinct())})
    departments = session.execute(select(Department.code, Department.name).order_by(Department.code))
    return {
        "classes": CLASSES,
        "kinds": KINDS,
        "units": UNITS,
        "calendars": calendars,
        "departments": [[code, name] for code, name in departments],
        "posts": POSTS,
        "counts": {name: named.about for name, named in COUNTS.items()},
        "services": [[one.name, one.label(language())] for one in office().settings.services],
        "languages": LANGUAGES,
        "rating": RATING,
        "day": office().store.clock().astimezone(office().zone).date().isoformat(),
    }
