"""Duplicates: earlier cases that one being typed is likely about, and the threshold that supervisors choose."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backoffice.cells import cell_code
from backoffice.errors import refusal_text
from backoffice.office import note, office, say, shown, visitor
from backoffice.rights import needs
from schema.desk.choices import duplicate_threshold, set_duplicate_threshold, threshold_history
from schema.desk.duplicates import Likely, likely_duplicates
from schema.desk.errors import Refused
from schema.desk.people import names_of
from schema.desk.scope import visible_cases
from schema.ids import as_id, uuid7
from schema.orders import SetDuplicateThreshold
from schema.rules.duplicates import HIGHEST, LOWEST, Part, Request
from schema.rules.plaintext import LONGEST

pages = Blueprint("duplicates", __name__)


@pages.post("/api/duplicates")
@needs("case.file")
def likely() -> ResponseReturnValue:
    """Earlier cases that what is typed is likely about, the likeliest first, each with its reasons in words."""
    typed = request.get_json(silent=True)
    if not isinstance(typed, dict):
        abort(400)
    now = office().store.clock()
    with office().store.read() as session:
        wanted = read_request(session, typed, now)
        found = likely_duplicates(
            session,
            wanted,
            _degrees(typed, "lon"),
            _degrees(typed, "lat"),
            seen=visible_cases(session, visitor()),
        )
        return jsonify([_row(one, (now - one.case.made_at).days) for one in found])


@pages.get("/duplicates")
@needs("duplicates.set")
def page() -> str:
    """The threshold, and who chose which when."""
    return _page()


@pages.post("/duplicates")
@needs("duplicates.set")
def choose() -> ResponseReturnValue:
    """Choose the threshold, in percent."""
    try:
        order = as_id(request.form.get("order", ""))
    except ValueError:
        abort(400)
    percent = _number(request.form.get("percent", ""))
    try:
        with office().store.work() as work:
            choice = set_duplicate_threshold(
                work, SetDuplicateThreshold(order=order, by=visitor().id, threshold=percent / 100)
            )
            note(work, "duplicates.set", f"{round(choice.value * 100)}%")
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        return _page(refusal_text(refused)), 400
    return redirect("/duplicates", 303)


def read_request(session: Session, typed: Mapping[str, Any], now: datetime) -> Request:
    """What is typed so far, as it is compared; fields that make no sense yet are left out."""

    def text(field: str, most: int) -> str:
        said = str(typed.get(field) or "")[:most]
        return "".join(letter for letter in said if letter.isprintable() or letter.isspace()).strip()

    try:
        contact = as_id(text("contact", 36))
    except ValueError:
        contact = None
    return Request(
        title=text("title", 120),
        text=text("text", LONGEST),
        at=now,
        cell=cell_code(session, text("cell", 100)),
        address=text("address", 200),
        phone=text("number", 32),
        contact=contact,
        class_=text("class_", 12),
        category=text("category", 6),
        kind=text("kind", 20),
    )


def _row(found: Likely, days: int) -> dict[str, Any]:
    case = found.case
    return {
        "case_no": case.case_no,
        "title": case.title,
        "state": say(f"state.{case.state}"),
        "made": shown(case.made_at, "minute"),
        "age": say("duplicate.days_ago", days=days) if days >= 1 else say("duplicate.today"),
        "away": "" if found.metres is None else say("duplicate.away", metres=round(found.metres)),
        "percent": round(100 * found.score.value),
        "reasons": [_reason(part) for part in found.score.parts if round(100 * part.share) >= 1],
    }


def _reason(part: Part) -> str:
    values: dict[str, object] = dict(part.values)
    if "matter" in values:
        values["matter"] = say(f"duplicate.matter.{values['matter']}")
    return say(
        "duplicate.share", why=say(f"duplicate.why.{part.why}", **values), percent=round(100 * part.share)
    )


def _page(trouble: str = "") -> str:
    with office().store.read() as session:
        rows = threshold_history(session)
        people = {row.by for row in rows}
        names = names_of(session, people)
        return render_template(
            "duplicates.html",
            threshold=duplicate_threshold(session),
            lowest=LOWEST,
            highest=HIGHEST,
            rows=rows,
            names=names,
            trouble=trouble,
            order=uuid7(),
        )


def _degrees(typed: Mapping[str, Any], field: str) -> float | None:
    degrees = _number(str(typed.get(field) or "")[:40])
    return degrees if math.isfinite(degrees) else None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
