"""Trends of quality inspection on pages: by week, agent, team and item, with charts; and all of it to take along."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select

from backoffice.office import language, look, note, office, say, visitor
from backoffice.qualityform import clock
from backoffice.qualitylists import EXPORT, SEE, maybe_id, tabs
from backoffice.reportcharts import Chart, Series, columns
from backoffice.rights import needs
from backoffice.takeaway import EXCEL, MOST_EXCEL, Takeaway
from backoffice.wallboard import queue_names
from backoffice.words import direction
from schema.desk.qualitytrends import (
    Asked,
    Figures,
    ItemLine,
    Line,
    by_agent,
    by_item,
    by_team,
    by_week,
    reviews,
    whole,
)
from schema.desk.rulebooks import quality_book
from schema.people import Department, User
from schema.quality import QualityReview
from schema.rules.bookparts import name_in
from schema.rules.sampling import week_of

pages = Blueprint("qualitytrends", __name__)
USUAL, MOST = timedelta(weeks=7), timedelta(weeks=104)
MEAN = (Series("quality", "#0072b2"),)
COLUMNS = ("scored", "mean", "good", "fatal", "appealed", "changed")


@dataclass(frozen=True, slots=True)
class Form:
    """What the address asks for; `wrong`: its weeks are none."""

    asked: Asked
    wrong: bool = False

    @property
    def address(self) -> str:
        """The same as a query."""
        one = self.asked
        found = {
            "from": one.first,
            "to": one.last,
            "agent": one.agent,
            "team": one.department,
            "sheet": one.sheet,
        }
        return urlencode({name: str(value) for name, value in found.items() if value})


@dataclass(frozen=True, slots=True)
class Trends:
    """Everything that is counted of what was asked for."""

    whole: Figures
    weeks: Sequence[Line]
    agents: Sequence[Line]
    teams: Sequence[Line]
    items: Sequence[ItemLine]


@pages.get("/reports/quality")
@needs(SEE)
def page() -> Response:
    """The trends."""
    form = _form()
    found = _counted(form)
    with office().store.read() as session:
        html = render_template(
            "qualitytrends.html", list="trends", form=form, asked=form.asked, trends=found, columns=COLUMNS,
            charts=_charts(found), item_name=item_name, lang=language(),
            agents=list(session.scalars(select(User).where(
                User.id.in_(select(QualityReview.agent))).order_by(User.name))),
            teams=list(session.scalars(select(Department).order_by(Department.code))),
            sheets=quality_book(session).sheets, **tabs(session),
        )  # fmt: skip
    look("quality.trends", form.address[:200])
    return Response(html, 400 if form.wrong else 200)


@pages.get("/reports/quality/trends.xlsx")
@needs(EXPORT)
def excel() -> Response:
    """The trends as a workbook."""
    form = _form()
    from backoffice import qualitysheet  # Excel is imported where it is asked for

    made = qualitysheet.workbook(_counted(form), COLUMNS, say, language(), _conditions(form),
                                 right_to_left=direction(language()) == "rtl")  # fmt: skip
    with office().store.work() as work:
        note(work, "quality.trends.excel", form.address[:200])
    name = f"quality-{form.asked.first}-{form.asked.last}.xlsx"
    return Response(made, mimetype=EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@pages.get("/reports/quality/reviews.csv")
@needs(EXPORT)
def csv() -> Response:
    """The reviews one by one, as CSV."""
    return _takeaway(_form()).csv()


@pages.get("/reports/quality/reviews.xlsx")
@needs(EXPORT)
def reviews_excel() -> Response:
    """The reviews one by one, as a workbook."""
    return _takeaway(_form()).excel()


def item_name(line: ItemLine) -> str:
    """What an item is called, in the reader's language."""
    return name_in(line.names, language())


def _counted(form: Form) -> Trends:
    with office().store.read() as session:
        one = form.asked
        return Trends(
            whole(session, one), by_week(session, one), by_agent(session, one), by_team(session, one),
            by_item(session, one),
        )  # fmt: skip


def _charts(found: Trends) -> list[Chart]:
    weeks = [(line.name, line.figures.mean or 0.0) for line in found.weeks]
    items = [
        (f"{n}", round(100 * line.mean, 1)) for n, line in enumerate(found.items, 1) if line.mean is not None
    ]
    titles = (("quality.trend.chart_weeks", weeks), ("quality.trend.chart_items", items))
    return [Chart(title, MEAN, columns(rows, MEAN[0])) for title, rows in titles if rows]


def _form() -> Form:
    today = office().store.clock().astimezone(office().zone).date()
    last = week_of(today)
    usual = (last - USUAL, last)
    wrong = False
    try:
        first, until = (
            week_of(date.fromisoformat(text)) if text else day
            for text, day in zip((request.args.get(name, "") for name in ("from", "to")), usual, strict=True)
        )
    except ValueError:
        (first, until), wrong = usual, True
    if first > until or until - first > MOST:
        (first, until), wrong = usual, True
    agent, team = maybe_id(request.args.get("agent", "")), maybe_id(request.args.get("team", ""))
    return Form(Asked(first, until, agent, team, request.args.get("sheet", "")[:20]), wrong)


def _conditions(form: Form) -> list[tuple[str, str]]:
    one, every = form.asked, say("quality.trend.all")
    with office().store.read() as session:
        agent = session.scalar(select(User.name).where(User.id == one.agent)) if one.agent else None
        team = (
            session.scalar(select(Department.name).where(Department.id == one.department))
            if one.department
            else None
        )
    return [
        (say("quality.trend.from"), one.first.isoformat()),
        (say("quality.trend.to"), one.last.isoformat()),
        (say("quality.trend.agent"), agent or every),
        (say("quality.trend.team"), team or every),
        (say("quality.sheet"), one.sheet or every),
    ]


def _takeaway(form: Form) -> Takeaway:
    heads = [say(f"quality.{name}") for name in ("call_at", "agent", "team", "inspector", "queue", "length", "sheet",
                                                 "score", "good", "fatal", "status")]  # fmt: skip
    heads += [say(f"quality.trend.{name}") for name in ("item", "share")] + [
        say("quality.second"),
        say("quality.remark"),
    ]
    return Takeaway(
        "quality", form.address, heads, (18, 16, 16, 16, 16, 10, 18, 9, 9, 9, 14, 28, 10, 10, 40),
        lambda: _lines(form.asked), say("quality.title"), say("quality.trend.excel_more", most=f"{MOST_EXCEL:,}"),
    )  # fmt: skip


def _lines(asked: Asked) -> Iterator[Sequence[list[Any]]]:
    """A line for every item of every review, some reviews at a time."""
    with office().store.read() as session:
        teams = {id: name for id, name in session.execute(select(Department.id, Department.name))}
        queues = queue_names(office())
        for some in reviews(session, visitor(), asked):
            lines = []
            for row, marks, sheet in some:
                one = row.review
                own: list[Any] = [
                    one.call_at, row.agent, teams.get(one.department, "") if one.department else "", row.inspector,
                    queues.get(one.queue, one.queue), clock(one.seconds), sheet.name(language()), one.percent,
                    say("quality.yes" if one.good else "quality.no"), say("quality.yes" if one.fatal else "quality.no"),
                    say(f"quality.state.{one.state}"),
                ]  # fmt: skip
                for item in sheet.items():
                    if mark := marks.get(item.code):
                        share: Any = say("quality.skip") if mark.share is None else mark.share
                        second = "" if mark.second is None else clock(mark.second)
                        lines.append([*own, item.name(language()), share, second, mark.remark])
            yield lines
