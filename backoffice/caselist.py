"""The list of cases: chosen by any field, a page at a time, its rows and its count alone for what renews itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.listform import MANY, ONE, SORTS, SPANS, ListForm, read_form
from backoffice.office import language, office, say, visitor
from backoffice.rights import may, needs
from schema.desk.casecount import COUNTED, count
from schema.desk.caselist import Page, light_of_row, page
from schema.desk.casemarks import followed
from schema.desk.listpages import write_place
from schema.desk.rulebooks import categories, dictionary
from schema.desk.scope import visible_cases
from schema.desk.views import first_view, views_of
from schema.ids import as_id, uuid7
from schema.patience import patient
from schema.people import Department, User
from schema.rules.languages import LANGUAGES
from schema.rules.lights import COLOURS

pages = Blueprint("caselist", __name__)
log = structlog.get_logger()
MOST_WORKERS = 1_000
BULK = ("case.dispatch", "case.check", "case.close", "case.send-back", "case.suspend")
"""Rights over what can be done to many cases at once; each case is asked for again when it is done."""
PATIENCE = 4.0
"""Seconds that a list may take: rare things of a huge store are better asked for more narrowly."""


@pages.get("/cases")
@needs("case.read")
def listing() -> ResponseReturnValue:
    """The list that the address asks for; without one, the view somebody begins with."""
    if not request.query_string:
        with office().store.read() as session:
            first = first_view(session, visitor().id)
        if first is not None:
            return redirect(f"/cases?{first.query or 'all=1'}")
    return _whole()


@pages.get("/cases/rows")
@needs("case.read")
def rows() -> ResponseReturnValue:
    """The rows of the list alone."""
    with office().store.read() as session:
        read = _read(session)
    return render_template("case_rows.html", **read.shown()), 400 if read.form.wrong else 200


@pages.get("/cases/count")
@needs("case.read")
def counted() -> ResponseReturnValue:
    """How many the list has: exact up to a limit, and "at least" so many when counting further takes too long."""
    form = read_form(request.args, office().zone, office().store.numbering)
    if form.wrong:
        return jsonify(count=None, text="")
    now = office().store.clock()
    with office().store.read() as session:
        counted = count(session, form.seen_by(visible_cases(session, visitor())), now)
    if counted.found > COUNTED:
        return jsonify(count=None, text=say("list.count_more", most=f"{COUNTED:,}"))
    if not counted.whole:
        words = "list.count_least" if counted.found else "list.count_not"
        return jsonify(count=None, text=say(words, count=f"{counted.found:,}"))
    return jsonify(count=counted.found, text=say("list.count", count=f"{counted.found:,}"))


@dataclass(frozen=True, slots=True)
class Read:
    """What the rows of a list show: the form that chose them, its page (None: wrong, or too slow), cases followed."""

    form: ListForm
    page: Page | None
    now: datetime
    followed: frozenset[UUID]

    def shown(self) -> dict[str, Any]:
        """What the template of the rows wants."""
        return {
            "form": self.form, "page": self.page, "place": write_place, "colours": COLOURS, "followed": self.followed,
            "light": lambda case: light_of_row(case, self.now), "slow": not self.form.wrong and self.page is None,
            "bulk": any(may(visitor(), right) for right in BULK),
        }  # fmt: skip


def _read(session: Session) -> Read:
    """Read the rows that the address asks for. Last in the session: one that takes too long ends it."""
    found = office()
    form, now, shown = read_form(request.args, found.zone, found.store.numbering), found.store.clock(), None
    mine = frozenset(followed(session, visitor().id)) if may(visitor(), "case.follow") else frozenset()
    if not form.wrong:
        with patient(session, PATIENCE) as gave_up:
            shown = page(session, form.seen_by(visible_cases(session, visitor())), now, form.place)
        if gave_up:
            log.warning("a list took too long", asked=form.query())
    return Read(form, shown, now, mine)


def _whole() -> ResponseReturnValue:
    """The page around the rows: its form, what can be chosen in it, and the views that are kept."""
    with office().store.read() as session:
        workers = session.execute(
            select(User.id, User.name).where(User.post == "worker").order_by(User.name).limit(MOST_WORKERS)
        ).all()
        departments = session.execute(select(Department.id, Department.name).order_by(Department.code)).all()
        books = {"categories": categories(session).rows, "channels": dictionary(session)["channel"]}
        views, first = views_of(session, visitor().id), first_view(session, visitor().id)
        read = _read(session)
    names = {str(row.id): row.name for row in (*workers, *departments)}
    dropped = request.args.get("dropped", "")
    html = render_template(
        "cases.html", **read.shown(), workers={str(row.id): row.name for row in workers}, many=MANY, one=ONE,
        sorts=SORTS, spans=SPANS, languages_of=LANGUAGES, chips=chips(read.form, names, books),
        departments=departments, views=views, first=first.id if first else None, order=uuid7,
        dropped=dropped if is_id(dropped) else "", **books,
    )  # fmt: skip
    return html, 400 if read.form.wrong else 200


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
