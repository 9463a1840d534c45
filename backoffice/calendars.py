"""Working calendars on a page: a year of days, each off, a workday, or with hours of its own; version by version."""

import json
from datetime import date

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.wrappers import Response

from backoffice.holidays import YearUnknown, holidays_of, known_years
from backoffice.office import note, office, say, visitor
from backoffice.rights import needs
from schema.clocks import CalendarVersion
from schema.desk.calendars import RIGHT, calendar_body, change_calendar
from schema.desk.errors import Refused, bad_fields
from schema.desk.people import names_of
from schema.ids import as_id
from schema.orders import ChangeCalendar
from schema.rules.limits import CITY, HOTLINE

pages = Blueprint("calendars", __name__)
YEARS = range(1990, 2100)


@pages.get("/rules/calendars")
@needs(RIGHT)
def first() -> Response:
    """The city's own."""
    return redirect(f"/rules/calendars/{CITY}")


@pages.get("/rules/calendars/<name>")
@needs(RIGHT)
def page(name: str) -> str:
    """A calendar's year; one that is not there yet begins as the bare one."""
    found = office()
    this_year = found.store.clock().astimezone(found.zone).year
    year = request.args.get("year", type=int) or this_year
    if name == HOTLINE or year not in YEARS:
        abort(404)
    with found.store.read() as session:
        version, body = calendar_body(session, found.zone, name)
        rows = (
            select(CalendarVersion)
            .where(CalendarVersion.name == name)
            .order_by(CalendarVersion.version.desc())
        )
        history = session.scalars(rows.limit(50)).all()
        return render_template(
            "calendar.html",
            name=name,
            calendars=sorted({CITY, name, *session.scalars(select(CalendarVersion.name).distinct())}),
            editing={"name": name, "version": version, "body": body, "year": year, "known": known_years()},
            history=history,
            names=names_of(session, (row.made_by for row in history)),
        )


@pages.get("/rules/calendars/<name>/<int:version>")
@needs(RIGHT)
def version(name: str, version: int) -> ResponseReturnValue:
    """What a version of a calendar says."""
    with office().store.read() as session:
        row = session.get(CalendarVersion, (name, version))
        if row is None:
            raise Refused("not-found", "there is no such version of the calendar")
        return jsonify(body=row.body)


@pages.get("/api/holidays/<int:year>")
@needs(RIGHT)
def holidays(year: int) -> ResponseReturnValue:
    """The days off and make-up workdays announced for a year, to be looked through before they are saved."""
    try:
        off, made_up = holidays_of(year)
    except YearUnknown:
        first, last = known_years()
        return jsonify(error="not-found", text=say("calendar.unknown_year", first=first, last=last)), 404
    return jsonify(days_off=_by_day(off), workdays=_by_day(made_up))


@pages.post("/rules/calendars/<name>")
@needs(RIGHT)
def change(name: str) -> ResponseReturnValue:
    """Store the next version."""
    typed = request.get_json(silent=True)
    if not isinstance(typed, dict) or not isinstance(typed.get("body"), dict):
        abort(400)
    seen = typed.get("version")
    if isinstance(seen, bool) or not isinstance(seen, int):
        raise bad_fields({"version": "this is a number"})
    try:
        order = as_id(str(typed.get("order", "")))
    except ValueError as error:
        raise bad_fields({"order": "an id is needed"}) from error
    with office().store.work() as work:
        made = change_calendar(
            work,
            ChangeCalendar(
                order=order, by=visitor().id, name=name, body=json.dumps(typed["body"]), version=seen
            ),
        )
        note(work, "rules.set", f"calendar {name} {made}")
        return jsonify(version=made)


def _by_day(days: dict[date, str]) -> dict[str, str]:
    return {day.isoformat(): name for day, name in sorted(days.items())}
