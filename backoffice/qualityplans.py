"""Plans of samples on pages: written, drawn by, and what each draw came to."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.casework import form_id
from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import language, note, office, say, visitor
from backoffice.quality import order_id, review_id
from backoffice.qualityform import clock
from backoffice.qualitylists import PATHS, maybe_id, tabs
from backoffice.rights import needs
from backoffice.wallboard import queue_names
from schema.desk.errors import Refused
from schema.desk.people import names_of
from schema.desk.qualitylists import TODO, draws, of_draw, plans
from schema.desk.qualityplans import PLAN, draw_sample, inspectors, save_plan
from schema.desk.rulebooks import quality_book
from schema.ids import uuid7
from schema.orders import DrawSample, SavePlan
from schema.quality import QualityDraw, QualityPlan
from schema.rules.sampling import RATINGS, WHY_NOT, Rule, read_rule

pages = Blueprint("qualityplans", __name__)
PATH = "/quality/plans"
PURPOSES = ("hotline", "call-back", "call-out")


@dataclass(frozen=True, slots=True)
class Form:
    """A form after it was refused: what is wrong, by field too, and the plan as it was typed."""

    trouble: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    plan: dict[str, Any] | None = None


@pages.get("/quality/plans")
@needs(PLAN)
def page() -> str:
    """The plans, the draws, and the form of one plan or a new one."""
    return _render(maybe_id(request.args.get("plan", "")))


@pages.post("/quality/plans")
@needs(PLAN)
def save() -> ResponseReturnValue:
    """Write a plan; what is refused is shown again as it was typed."""
    typed = _typed()
    try:
        order = SavePlan(
            order=order_id(), by=visitor().id, plan=typed["id"], name=typed["name"], rule=json.dumps(typed["rule"]),
            sheet=typed["sheet"], inspectors=tuple(map(UUID, typed["inspectors"])), open=typed["open"],
            version=typed["version"],
        )  # fmt: skip
        with office().store.work() as work:
            save_plan(work, order)
            note(work, "quality.plan", typed["name"][:60])
    except Refused as refused:
        if refused.code not in ("bad-field", "stale"):
            raise
        return _render(None, Form(refusal_text(refused), field_texts(refused), typed)), status_of(refused)
    return redirect(f"{PATH}?saved=1", 303)


@pages.post("/quality/plans/<id>/draw")
@needs(PLAN)
def draw(id: str) -> ResponseReturnValue:
    """Draw by a plan from a week."""
    plan = review_id(id)
    try:
        with office().store.work() as work:
            order = DrawSample(order=order_id(), by=visitor().id, plan=plan, week=request.form.get("week", ""),
                               seed=request.form.get("seed", "").strip())  # fmt: skip
            row = draw_sample(work, order)
            note(work, "quality.draw", f"{plan} {row.week}", reason=f"{row.drawn}")
    except Refused as refused:
        if refused.code not in ("bad-field", "wrong-state"):
            raise
        return _render(None, Form(refusal_text(refused), field_texts(refused))), status_of(refused)
    return redirect(f"/quality/draws/{row.order}?drawn=1", 303)


@pages.get("/quality/draws/<id>")
@needs(PLAN)
def told(id: str) -> str:
    """What a draw came to: of every agent how many calls there were, and why they were not drawn."""
    with office().store.read() as session:
        row = session.get(QualityDraw, review_id(id))
        if row is None:
            raise Refused("not-found", "there is no such draw")
        agents = names_of(session, [UUID(agent) for agent in row.told])
        lines = sorted(((agents.get(UUID(agent), ""), counts) for agent, counts in row.told.items()),
                       key=lambda line: line[0])  # fmt: skip
        return render_template(
            "qualitydraw.html", list="plans", draw=row, plan=session.get_one(QualityPlan, row.plan), lines=lines,
            names=("all", "drawn", *WHY_NOT), rows=of_draw(session, visitor(), row.order), rule=rule_text(row.rule),
            base=PATHS[TODO], clock=clock, queues=queue_names(office()), drawn=request.args.get("drawn") == "1",
            **tabs(session),
        )  # fmt: skip


def rule_text(body: dict[str, Any]) -> str:
    """A rule in words."""
    rule = read_rule(body)
    length = "any_length"
    if rule.least or rule.most:
        length = "between_length" if rule.most else "from_length"
    parts = [say("quality.plan.rule_is", each=rule.each,
                 length=say(f"quality.plan.{length}", least=rule.least, most=rule.most))]  # fmt: skip
    parts += [say(f"rating.{one}") for one in rule.ratings]
    parts += [queue_names(office()).get(one, one) for one in rule.queues]
    parts += [say(f"quality.purpose.{one}") for one in rule.purposes]
    return " · ".join(parts)


def _render(chosen: UUID | None, form: Form | None = None) -> str:
    form = form or Form()
    today = office().store.clock().astimezone(office().zone).date()
    with office().store.read() as session:
        row = session.get(QualityPlan, chosen) if chosen is not None else None
        editing = form.plan or (_body(row) if row is not None else _fresh())
        book = quality_book(session)
        return render_template(
            "qualityplans.html", list="plans", plans=plans(session), draws=draws(session), form=form,
            editing=editing, people=inspectors(session), sheets=[one for one in book.sheets if one.open],
            queues=queue_names(office()), purposes=PURPOSES, ratings=RATINGS, rule_text=rule_text, order=uuid7,
            week=(today - timedelta(days=7)).isoformat(), today=today.isoformat(), language=language(),
            saved=request.args.get("saved") == "1", **tabs(session),
        )  # fmt: skip


def _fresh() -> dict[str, Any]:
    return {"id": uuid7(), "name": "", "sheet": "", "rule": Rule(least=30).body(), "inspectors": [], "open": True,
            "version": 0}  # fmt: skip


def _body(row: QualityPlan) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "sheet": row.sheet, "rule": row.rule, "inspectors": row.inspectors,
            "open": row.open, "version": row.version}  # fmt: skip


def _typed() -> dict[str, Any]:
    form = request.form
    return {
        "id": form_id("plan") or uuid7(),
        "name": form.get("name", "").strip(),
        "sheet": form.get("sheet", ""),
        "rule": {
            **{name: _number(form.get(name, "")) for name in ("each", "least", "most")},
            "ratings": [_number(one) for one in form.getlist("rating")],
            "queues": form.getlist("queue"),
            "purposes": form.getlist("purpose"),
        },
        "inspectors": [str(id) for id in map(maybe_id, form.getlist("inspector")) if id is not None],
        "open": form.get("open") == "yes",
        "version": max(0, _number(form.get("version", "0"))),
    }


def _number(text: str) -> int:
    text = text.strip() or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
