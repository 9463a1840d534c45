"""The daily brief (每日要情): a day's page, the same on paper, and the days that are kept, month by month."""

from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import select

from backoffice import reportcharts, reportpaper
from backoffice.office import language, note, office, say, visitor
from backoffice.reportcharts import Series
from backoffice.reporttable import NOTHING, parts, text
from backoffice.rights import needs
from schema.cases import Case
from schema.desk.briefs import brief_of, days_kept
from schema.desk.errors import Refused
from schema.desk.scope import visible_cases
from schema.rules.brief import FIGURES, GROUPS, Bar, Brief, Counts, Figure, Move, move
from schema.rules.hot import reasons, score

pages = Blueprint("briefs", __name__)
log = structlog.get_logger()
TAKEN = Series("answered", "#0072b2")


@pages.get("/brief")
@needs("leader.see")
def listing() -> str:
    """The days of a month whose brief is kept."""
    today = office().store.clock().astimezone(office().zone).date()
    asked = request.args.get("month", "")
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = today.replace(day=1)
    if not 1970 <= first.year <= 9000:
        first = today.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    before = date.fromordinal(first.toordinal() - 1)
    after = date.fromordinal(last.toordinal() + 1)
    with office().store.read() as session:
        days = days_kept(session, first, last)
    return render_template(
        "briefs.html", days=days, month=f"{first:%Y-%m}", today=today, before=f"{before:%Y-%m}",
        after=f"{after:%Y-%m}" if after <= today else "", is_now=first <= today <= last,
    )  # fmt: skip


@pages.get("/brief/<day>")
@needs("leader.see")
def page(day: str) -> str:
    """A day's brief; today's as it stands now."""
    return render_template("brief.html", **shown_brief(_read(day)))


@pages.get("/brief/<day>.pdf")
@needs("leader.see")
def pdf(day: str) -> Response:
    """The same on paper."""
    brief = _read(day)
    html = render_template("brief_paper.html", **shown_brief(brief))
    try:
        made = reportpaper.pdf(html)
    except reportpaper.PaperTrouble as trouble:
        log.error("a brief could not be put on paper", reason=str(trouble))
        abort(500)
    with office().store.work() as work:
        note(work, "brief.pdf", brief.day)
    return Response(
        made,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="brief-{brief.day}.pdf"'},
    )


def _read(text_of_day: str) -> Brief:
    try:
        day = date.fromisoformat(text_of_day)
    except ValueError:
        abort(404)
    if day.isoformat() != text_of_day:
        abort(404)
    try:
        return brief_of(office().store, day)
    except Refused:
        abort(404)


def shown_brief(brief: Brief) -> dict[str, Any]:
    """What the templates need of a brief, in the language of this request."""
    return {
        "brief": brief,
        "groups": [(group, [one for one in FIGURES if one.group == group]) for group in GROUPS],
        "value": lambda figure, counts: text(figure.of(counts), figure.kind),
        "parts": lambda figure, counts: parts(figure.of(counts), say),
        "moved": moved,
        "charts": [
            ("categories", brief.categories, True),
            ("areas", brief.areas, True),
            ("units", brief.units, False),
        ],
        "hours": reportcharts.columns([(bar.key, bar.part) for bar in brief.hours], TAKEN),
        "bar_name": bar_name,
        "bar_width": bar_width,
        "hot": _hot(brief),
    }


def moved(figure: Figure, now: Counts, other: Counts) -> tuple[Move, str]:
    """How a figure moved, and that in words: +12, −1.5."""
    found = move(figure, now, other)
    if found.by is None:
        return found, NOTHING
    number = f"{found.by:+,.1f}" if figure.kind == "share" else f"{found.by:+,.0f}"
    number = number.replace("-", "\u2212") if found.by else "±0"
    return found, say("brief.points", number=number) if figure.kind == "share" else number


def bar_name(bar: Bar) -> str:
    """What a bar is of."""
    return bar.name(language()) or say("brief.not_said")


def bar_width(bar: Bar, bars: list[Bar]) -> float:
    """A bar's length, 0 to 100: of what it is a part of, or beside the longest."""
    whole = bar.whole or max(1, *(one.part for one in bars))
    return round(100 * bar.part / whole, 1)


def _hot(brief: Brief) -> list[dict[str, Any]]:
    """The brief's hot cases that this person may see, with the reasons as they were."""
    with office().store.read() as session:
        ids = [UUID(one.case) for one in brief.hot]
        seen = {
            str(id)
            for id in session.scalars(
                select(Case.id).where(Case.id.in_(ids), visible_cases(session, visitor()))
            )
        }
    found = []
    for one in brief.hot:
        if one.case in seen:
            why = reasons(one.counts)
            found.append({"case_no": one.case_no, "title": one.title, "why": why, "score": score(why)})
    return found
