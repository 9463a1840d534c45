"""The assessment (绩效考核) on pages: how units and persons did, what scores come of, the cases behind each count."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backoffice.casework import form_id
from backoffice.office import language, look, note, office, say, visitor
from backoffice.rights import LOGGED_IN, needs
from backoffice.words import direction
from schema.desk.assessing import (
    GIVE,
    Assessed,
    Score,
    asked,
    assess,
    assessed,
    give_points,
    one_assessed,
    result_of,
)
from schema.desk.counts import listed, names, numbers
from schema.desk.errors import bad_fields
from schema.desk.formulas import BadFormula, read_formula
from schema.desk.people import names_of
from schema.desk.rulebooks import assessment
from schema.desk.scope import visible_cases
from schema.ids import as_id, uuid7
from schema.orders import GivePoints
from schema.rules.access import ASSESS, may
from schema.rules.assessment import ABOUT, BETTER, MORE, PERSON, UNIT, Item
from schema.rules.periods import BadPeriod, Period, days_between, month_of, quarter_of, read_period

pages = Blueprint("assessment", __name__)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PREVIEWED = 8


@dataclass(frozen=True, slots=True)
class Asking:
    """What the address asks for: units or persons, and the period; `wrong` when it names none."""

    about: str
    period: Period
    today: date
    wrong: bool = False

    def near(self, what: str) -> str:
        """The key of a period near this one: the one before or after, this month, this quarter."""
        if what in ("before", "after"):
            return self.period.beside(-1 if what == "before" else 1).key
        return (month_of if what == "month" else quarter_of)(self.today).key


@pages.get("/assessment")
@needs(ASSESS)
def page() -> Response:
    """Everybody one may see, with what their points come to."""
    asking = _asking()
    with office().store.read() as session:
        scores = _scores(session, asking, assessed(session, visitor(), asking.about))
    scores.sort(key=lambda score: -1.0 if score.percent is None else score.percent, reverse=True)
    items = {result.item.code: result.item for score in scores for result in score.results}
    html = render_template("assessment.html", asking=asking, scores=scores, items=items.values(), about=ABOUT,
                           points_of=_points_of)  # fmt: skip
    return Response(html, 400 if asking.wrong else 200)


@pages.get("/assessment/report.xlsx")
@needs(ASSESS)
def excel() -> Response:
    """The same as a workbook, with what went into each score."""
    asking = _asking()
    with office().store.read() as session:
        scores = _scores(session, asking, assessed(session, visitor(), asking.about))
    from backoffice.assessmentsheet import workbook  # Excel is imported where it is asked for

    made = workbook(scores, asking.period.key, say, language(), right_to_left=direction(language()) == "rtl")
    with office().store.work() as work:
        note(work, "assessment.excel", f"{asking.about} {asking.period.key}")
    name = f"assessment-{asking.about}-{asking.period.key}.xlsx"
    return Response(made, mimetype=EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@pages.get("/assessment/me")
@needs(LOGGED_IN)
def me() -> ResponseReturnValue:
    """How one does oneself."""
    return _one(PERSON, visitor().id)


@pages.get("/assessment/me/<name>")
@needs(LOGGED_IN)
def my_cases(name: str) -> ResponseReturnValue:
    """The cases behind a count of one's own."""
    return _cases(PERSON, visitor().id, name)


@pages.get("/assessment/<kind>/<id>")
@needs(ASSESS)
def one(kind: str, id: str) -> ResponseReturnValue:
    """What the score of one comes of."""
    return _one(kind, _id(kind, id))


@pages.get("/assessment/<kind>/<id>/<name>")
@needs(ASSESS)
def cases(kind: str, id: str, name: str) -> ResponseReturnValue:
    """The cases behind a count."""
    return _cases(kind, _id(kind, id), name)


@pages.post("/assessment/<kind>/<id>")
@needs(GIVE)
def give(kind: str, id: str) -> ResponseReturnValue:
    """Give points for an item that people judge."""
    about, form = _id(kind, id), request.form
    try:
        points = float(form.get("points", ""))
    except ValueError as error:
        raise bad_fields({"points": "this is a number"}) from error
    order = GivePoints(order=form_id("order") or uuid7(), by=visitor().id, kind=kind, about=about,
                       period=form.get("period", ""), item=form.get("item", ""), points=points,
                       remark=form.get("remark", ""))  # fmt: skip
    with office().store.work() as work:
        row = give_points(work, order)
        note(work, "assessment.give", f"{kind} {about} {row.period} {row.item}")
    return redirect(f"/assessment/{kind}/{about}?period={row.period}", 303)


@pages.post("/assessment/preview")
@needs("rules.set")
def preview() -> ResponseReturnValue:
    """What a formula that is not saved yet comes to in this month, for some of those it is about."""
    typed = request.get_json(silent=True)
    typed = typed if isinstance(typed, dict) else {}
    about, better = typed.get("about"), typed.get("better", MORE)
    if about not in ABOUT or better not in BETTER:
        abort(400)
    try:
        formula = read_formula(str(typed.get("formula", "")), names(about))
        most = min(1000.0, max(0.0, float(typed.get("most") or 0)))
    except BadFormula as fault:
        return jsonify(fault=formula_fault(str(fault)), rows=[])
    except (TypeError, ValueError):
        most = 0.0
    item = Item("preview", {"zh": ""}, about, most, formula.text, better)
    asking = _asking(about)
    with office().store.read() as session:
        whom = assessed(session, visitor(), about)
        ask = asked(session, office().zone, asking.period, about, office().store.clock(), assessment(session))
        found = {name: numbers(ask, name, {one.id for one in whom}) for name in formula.names}
    rows: list[list[str]] = []
    for each in whom:
        counted = {name: found[name].get(each.id, 0) for name in formula.names}
        if any(counted.values()) and len(rows) < PREVIEWED:
            result = result_of(item, formula, counted)
            told = "".join(str(counted[name]) if name else text for text, name in formula.parts())
            points = say("assessment.none") if result.points is None else f"{result.points:.1f}"
            rows.append([each.name, told, "" if result.value is None else f"{result.value:.3f}", points])
    return jsonify(fault="", rows=rows, period=asking.period.key)


def formula_fault(text: str) -> str:
    """What is wrong with a formula, in the reader's language."""
    kind, _, what = text.partition(": ")
    return say(f"assessment.fault.{kind}", what=what)


# -- showing -------------------------------------------------------------------------------------------------------


def _asking(about: str = "") -> Asking:
    today = office().store.clock().astimezone(office().zone).date()
    about = about or request.args.get("about", UNIT)
    text, days = request.args.get("period", ""), [request.args.get(name, "") for name in ("from", "to")]
    wrong = about not in ABOUT
    try:
        if any(days):
            period = days_between(*(date.fromisoformat(day) for day in days))
        else:
            period = read_period(text) if text else month_of(today)
    except (BadPeriod, ValueError):
        period, wrong = month_of(today), True
    return Asking(about if about in ABOUT else UNIT, period, today, wrong)


def _scores(session: Session, asking: Asking, whom: list[Assessed]) -> list[Score]:
    book = assessment(session)
    ask = asked(session, office().zone, asking.period, asking.about, office().store.clock(), book)
    return assess(ask, book, asking.period, whom)


def _id(kind: str, text: str) -> UUID:
    if kind not in ABOUT:
        abort(404)
    try:
        return as_id(text)
    except ValueError:
        abort(404)


def _one(kind: str, id: UUID) -> ResponseReturnValue:
    asking = _asking(kind)
    mine = kind == PERSON and id == visitor().id
    with office().store.read() as session:
        whom = one_assessed(session, visitor(), kind, id)
        score = _scores(session, asking, [whom])[0]
        wanted = {row.by for result in score.results for row in result.given}
        givers = names_of(session, wanted)
    if kind == PERSON and not mine:
        look("assessment.look", str(id))
    can_give = not mine and may(visitor().actor, GIVE, whom.subject)
    html = render_template("assessment_one.html", asking=asking, score=score, mine=mine, can_give=can_give,
                           base="/assessment/me" if mine else f"/assessment/{kind}/{id}", givers=givers,
                           order=uuid7)  # fmt: skip
    return Response(html, 400 if asking.wrong else 200)


def _cases(kind: str, id: UUID, name: str) -> ResponseReturnValue:
    asking = _asking(kind)
    if name not in names(kind):
        abort(404)
    mine = kind == PERSON and id == visitor().id
    with office().store.read() as session:
        whom = one_assessed(session, visitor(), kind, id)
        ask = asked(session, office().zone, asking.period, kind, office().store.clock(), assessment(session))
        found = listed(ask, name, id, visible_cases(session, visitor()), request.args.get("after", "")[:90])
    return render_template("assessment_cases.html", asking=asking, whom=whom, name=name, found=found,
                           base="/assessment/me" if mine else f"/assessment/{kind}/{id}")  # fmt: skip


def _points_of(score: Score, item: Item) -> Any:
    """The result of an item in a row of the table; None when it is not one of theirs."""
    return next((result for result in score.results if result.item.code == item.code), None)
