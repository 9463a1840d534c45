"""The list of cases: chosen by any field, a page at a time, its rows and its count alone for what renews itself."""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from backoffice.listform import MANY, ONE, SORTS, SPANS, ListForm, read_form
from backoffice.office import language, office, say, visitor
from backoffice.rights import may, needs
from schema.desk.caselist import COUNTED, count, light_of_row, page, write_place
from schema.desk.casemarks import followed
from schema.desk.rulebooks import categories, dictionary
from schema.desk.scope import visible_cases
from schema.desk.views import first_view, views_of
from schema.ids import as_id, uuid7
from schema.people import Department, User
from schema.rules.languages import LANGUAGES
from schema.rules.lights import COLOURS
from schema.store import patient

pages = Blueprint("caselist", __name__)
log = structlog.get_logger()
MOST_WORKERS = 1_000
BULK = ("case.dispatch", "case.check", "case.close", "case.send-back", "case.suspend")
"""Rights over what can be done to many cases at once; each case is asked for again when it is done."""
PATIENCE = 4.0
"""Seconds that a list, and a count, may take: rare things of a huge store are better asked for more narrowly."""


@pages.get("/cases")
@needs("case.read")
def listing() -> ResponseReturnValue:
    """The list that the address asks for; without one, the view somebody begins with."""
    if not request.query_string:
        with office().store.read() as session:
            first = first_view(session, visitor().id)
        if first is not None:
            return redirect(f"/cases?{first.query or 'all=1'}")
    return _listing("cases.html")


@pages.get("/cases/rows")
@needs("case.read")
def rows() -> ResponseReturnValue:
    """The rows of the list alone."""
    return _listing("case_rows.html")


@pages.get("/cases/count")
@needs("case.read")
def counted() -> ResponseReturnValue:
    """How many the list has: exact up to a limit; "" when that takes too long."""
    form = read_form(request.args, office().zone, office().store.numbering)
    if form.wrong:
        return jsonify(count=None, text="")
    now = office().store.clock()
    with office().store.read() as session, patient(session, PATIENCE) as gave_up:
        found = count(session, form.seen_by(visible_cases(session, visitor())), now)
    if gave_up:
        return jsonify(count=None, text=say("list.count_not"))
    if found > COUNTED:
        return jsonify(count=None, text=say("list.count_more", most=f"{COUNTED:,}"))
    return jsonify(count=found, text=say("list.count", count=f"{found:,}"))


def _listing(template: str) -> ResponseReturnValue:
    found = office()
    form = read_form(request.args, found.zone, found.store.numbering)
    now = found.store.clock()
    shown = None
    with found.store.read() as session:
        workers = session.execute(
            select(User.id, User.name).where(User.post == "worker").order_by(User.name).limit(MOST_WORKERS)
        ).all()
        if not form.wrong:
            with patient(session, PATIENCE) as gave_up:
                shown = page(session, form.seen_by(visible_cases(session, visitor())), now, form.place)
            if gave_up:
                log.warning("a list took too long", asked=form.query())
        names = {str(row.id): row.name for row in workers}
    with found.store.read() as session:
        books = {"categories": categories(session).rows, "channels": dictionary(session)["channel"]}
        departments = session.execute(select(Department.id, Department.name).order_by(Department.code)).all()
        mine = frozenset(followed(session, visitor().id)) if may(visitor(), "case.follow") else frozenset()
        views, first = views_of(session, visitor().id), first_view(session, visitor().id)
    dropped = request.args.get("dropped", "")
    html = render_template(
        template, form=form, page=shown, workers=names, many=MANY, one=ONE, sorts=SORTS, spans=SPANS,
        languages_of=LANGUAGES, place=write_place, light=lambda case: light_of_row(case, now), colours=COLOURS,
        chips=chips(form, {**names, **{str(row.id): row.name for row in departments}}, books),
        slow=not form.wrong and shown is None,
        departments=departments, bulk=any(may(visitor(), right) for right in BULK),
        followed=mine,
        views=views, first=first.id if first else None, order=uuid7, dropped=dropped if is_id(dropped) else "",
        **books,
    )  # fmt: skip
    return html, 400 if form.wrong else 200


def chips(form: ListForm, names: Mapping[str, str], books: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the list is chosen by, in words, each with the address of the list without it.

    `names` are people by their id, `books` the site's "categories" and "channels".
    """
    names = {**names, **{row.code: row.name(language()) for some in books.values() for row in some}}
    return [(f"{say(f'list.field.{name}')}: {_value(name, value, names)}", form.without(name, value))
            for name, value in form.chosen]  # fmt: skip


def is_id(text: str) -> bool:
    """Whether it is an id."""
    try:
        return bool(as_id(text))
    except ValueError:
        return False


def _value(name: str, value: str, names: Mapping[str, str]) -> str:
    if name in ("state", "kind", "class", "language", "rating"):
        return say(f"{name}.{value}")
    if name in ("light", "confidential"):
        return say(f"list.{name}.{value}")
    if name in ("worker", "department", "category", "channel"):
        return names.get(value, value)
    if name == "by":
        return say("list.by_me") if value == str(visitor().id) else value
    return value
