"""Call reports: the form, the table and its charts, and the same as a workbook or on paper."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import structlog
from flask import Blueprint, Response, abort, render_template, request, stream_with_context
from sqlalchemy import select

from backoffice import reportcharts, reportform, reportpaper, reporttable
from backoffice.office import language, note, office, say, shown
from backoffice.reportform import Form
from backoffice.reporttable import Table
from backoffice.rights import needs
from backoffice.wallboard import queue_names
from backoffice.words import direction
from schema.desk.callstats import Asked, Key, count
from schema.people import User
from schema.rules.access import RIGHTS
from schema.rules.callstats import Counts, Value
from schema.rules.intervals import EVERY, MOST, steps
from schema.rules.languages import LANGUAGES
from schema.store import StoreUnreachable

pages = Blueprint("reports", __name__)
log = structlog.get_logger()
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TILES = ("offered", "answered", "connect", "in_15", "level", "asa", "aht", "occupancy")


@pages.get("/reports")
@needs("report.read")
def page() -> Response:
    """The report that the address asks for; one over a long time is fetched by the page, with its progress."""
    form, agents = _form()
    now = office().store.clock()
    wait = not form.wrong and form.is_long and request.args.get("now") != "1"
    body = "" if form.wrong or wait else _body(form, now)
    html = render_template(
        "reports.html", form=form, body=body, wait=wait, agents=agents, queues=queue_names(office()), every=EVERY,
        most=MOST, years=reportform.YEARS, choices=LANGUAGES,
    )  # fmt: skip
    return Response(html, 400 if form.wrong else 200)


@pages.get("/reports/counted")
@needs("report.read")
def counted() -> Response:
    """The same table as lines of JSON: how far the count is, then the HTML, or that it failed."""
    form, _ = _form()
    if form.wrong:
        abort(400)

    def told() -> Iterator[str]:
        now = office().store.clock()
        asked = form.asked(office().zone, now)
        found: dict[Key, Counts] = {}
        try:
            for done, all in _count(asked, now, found):
                yield json.dumps({"done": done, "all": all}) + "\n"
            yield json.dumps({"html": _shown(form, asked, found, now)}) + "\n"
        except StoreUnreachable:
            yield json.dumps({"failed": say("error.store")}) + "\n"

    return Response(stream_with_context(told()), mimetype="application/x-ndjson")


@pages.get("/reports/report.xlsx")
@needs("report.read")
def excel() -> Response:
    """The workbook."""
    form, now, table = _asked_for()
    from backoffice import reportsheet  # Excel is imported where it is asked for

    made = reportsheet.workbook(
        table, say, _conditions(form, table, now), timed=form.every != "whole",
        right_to_left=direction(language()) == "rtl",
    )  # fmt: skip
    return _file(form, "excel", made, EXCEL, "xlsx")


@pages.get("/reports/report.pdf")
@needs("report.read")
def pdf() -> Response:
    """The report on paper."""
    form, now, table = _asked_for()
    html = render_template(
        "reports_paper.html", form=form, table=table, blocks=_blocks(table), cell=reporttable.text,
        charts=_charts(form, table, now), conditions=_conditions(form, table, now), most=reportpaper.ROWS,
        shown_rows=reportcharts.shown(table),
    )  # fmt: skip
    try:
        made = reportpaper.pdf(html)
    except reportpaper.PaperTrouble as trouble:
        log.error("a report could not be put on paper", reason=str(trouble))
        abort(500)
    return _file(form, "pdf", made, "application/pdf", "pdf")


# -- counting ------------------------------------------------------------------------------------------------------


def _form() -> tuple[Form, list[User]]:
    found = office()
    with found.store.read() as session:
        agents = list(
            session.scalars(select(User).where(User.post.in_(RIGHTS["seat.work"])).order_by(User.name))
        )
    today = found.store.clock().astimezone(found.zone).date()
    return reportform.read(request.args, today, queue_names(found), len(agents)), agents


def _asked_for() -> tuple[Form, datetime, Table]:
    form, _ = _form()
    if form.wrong:
        abort(400)
    now = office().store.clock()
    asked = form.asked(office().zone, now)
    found: dict[Key, Counts] = {}
    for _ in _count(asked, now, found):
        pass
    return form, now, _table(form, asked, found)


def _count(asked: Asked, now: datetime, found: dict[Key, Counts]) -> Iterator[tuple[int, int]]:
    """Count into `found`, month by month; says before each how many are done, of how many."""
    if not asked.edges:
        return
    pieces = list(steps(asked.edges))
    for done, (edges, of) in enumerate(pieces):
        yield done, len(pieces)
        part = Asked(edges, asked.by, asked.queue, asked.agent, asked.language, asked.within)
        with office().store.read() as session:
            for (i, key), counts in count(session, part, now).items():
                found.setdefault((of[i], key), Counts()).add(counts)


def _table(form: Form, asked: Asked, found: dict[Key, Counts]) -> Table:
    names = dict(queue_names(office()))
    if form.by == "agent":
        with office().store.read() as session:
            names = {str(id): name for id, name in session.execute(select(User.id, User.name))}
    if form.by == "language":
        names = {code: say(f"language.{code}") for code in LANGUAGES}
    return reporttable.make(found, asked, say, office().zone, form.every, names)


# -- showing -------------------------------------------------------------------------------------------------------


def _body(form: Form, now: datetime) -> str:
    asked = form.asked(office().zone, now)
    found: dict[Key, Counts] = {}
    for _ in _count(asked, now, found):
        pass
    return _shown(form, asked, found, now)


def _shown(form: Form, asked: Asked, found: dict[Key, Counts], now: datetime) -> str:
    table = _table(form, asked, found)
    return render_template(
        "reports_table.html", form=form, table=table, cell=reporttable.text, of=_parts, tiles=TILES,
        charts=_charts(form, table, now), made=shown(now), future=not asked.edges,
        shown_rows=reportcharts.shown(table),
    )  # fmt: skip


def _charts(form: Form, table: Table, now: datetime) -> list[reportcharts.Chart]:
    return reportcharts.draw(table, form.every != "whole", form.asked(office().zone, now).of_agents)


def _parts(value: Value) -> str:
    return reporttable.parts(value, say)


def _blocks(table: Table) -> list[list[reporttable.Column]]:
    """The columns in as many tables as a page is too narrow for one."""
    sides = ({"waits", "speed"}, {"handling", "promises"}, {"seats"})
    named = [{say(f"figure.group.{name}") for name in side} for side in sides]
    blocks = [[column for column in table.columns if column.group in names] for names in named]
    return [block for block in blocks if block]


def _conditions(form: Form, table: Table, now: datetime) -> list[tuple[str, str]]:
    """What was asked for and when, in words, and whether it adds up."""
    agent = ""
    if form.agent is not None:
        with office().store.read() as session:
            agent = session.scalar(select(User.name).where(User.id == form.agent)) or say("report.nobody")
    every = say("report.all")
    found = [
        (say("report.from"), form.first.isoformat()),
        (say("report.to"), form.last.isoformat()),
        (say("report.every"), say(f"report.{form.every}")),
        (say("report.by"), say(f"report.{form.by or 'by_none'}")),
        (say("report.queue"), queue_names(office()).get(form.queue, form.queue) or every),
        (say("report.agent"), agent or every),
        (say("report.language"), say(f"language.{form.language}") if form.language else every),
        (say("report.within"), str(form.within)),
        (say("report.title"), say("report.zone", zone=office().settings.site.zone, at=shown(now))),
    ]
    if not (form.agent or form.by == "agent"):
        found.append((say("report.check"), sums(table.whole)))
    return found


@pages.app_template_global("report_sums")
def sums(whole: Counts) -> str:
    """The line that says whether everybody is accounted for."""
    names = ("offered", "answered", "abandoned", "overflowed", "called_back", "waiting")
    numbers: dict[str, Any] = {name: f"{getattr(whole, name):,}" for name in names}
    if whole.adds_up:
        return say("report.adds_up", **numbers)
    return say(
        "report.adds_up_not", offered=numbers["offered"], sum=sum(getattr(whole, name) for name in names[1:])
    )


def _file(form: Form, kind: str, body: bytes, mimetype: str, ending: str) -> Response:
    """A file to keep; that somebody took it is written down."""
    with office().store.work() as work:
        note(work, f"report.{kind}", form.address[:200])
    name = f"calls-{form.first}-{form.last}.{ending}"
    return Response(
        body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@pages.app_template_filter("report_choice")
def _choice(every: str) -> tuple[str, str]:
    return every, say(f"report.{every}")


@pages.app_template_filter("report_language")
def _language(code: str) -> tuple[str, str]:
    return code, say(f"language.{code}")
