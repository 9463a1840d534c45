"""The desk of return visits (回访): whom to call, the case beside it, two ratings by keyboard; handing out; figures."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backoffice.casework import form_id, form_text
from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import look, note, office, visitor
from backoffice.rights import may, needs
from schema.cases import Case, Citizen
from schema.desk.campaigns import reviews_of
from schema.desk.deadlines import newest_calendar
from schema.desk.errors import Refused
from schema.desk.rulebooks import visit_rules
from schema.desk.visitlists import (
    DONE,
    LATER,
    MINE,
    OPEN,
    VISIT,
    Row,
    count_to_visit,
    count_visits,
    figures,
    find_visit,
    open_by_agent,
    to_visit,
    tries_of,
    visits,
    what_was_done,
    who_visits,
)
from schema.desk.visits import GIVE, hand_out_visits, put_back_visit, record_try, skip_visit, take_visit
from schema.ids import CaseId, as_id, uuid7
from schema.orders import HandOutVisits, PutBackVisit, RecordTry, SkipVisit, TakeVisit
from schema.rules.visits import EARLIEST, LATEST, RESULTS, SCORES, SKIPS, may_call, share

pages = Blueprint("visits", __name__)
WAITING = "waiting"
LISTS = (MINE, LATER, WAITING, OPEN, DONE)
PERIOD = timedelta(days=30)
"""The figures are of visits handed out in so long."""
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a visit after it was refused: what is wrong, and what was typed."""

    trouble: str
    fields: dict[str, str]
    typed: dict[str, str]


@pages.get("/visits")
@needs(VISIT)
def page() -> str:
    """A list, and the first visit on it."""
    return _render(request.args.get("list", MINE))


@pages.get("/visits/rows")
@needs(VISIT)
def rows() -> str:
    """The list and how many are on each, for a page that renews itself."""
    with office().store.read() as session:
        return render_template(
            "visitrows.html", chosen=None, **_lists(session, request.args.get("list", MINE))
        )


@pages.get("/visits/<id>")
@needs(VISIT)
def one(id: str) -> str:
    """A visit beside the list it is on."""
    return _render(request.args.get("list", MINE), visit_id(id))


@pages.post("/visits/take")
@needs(VISIT)
def take() -> ResponseReturnValue:
    """Take the next case, or a certain one."""
    case = form_id("case")
    with office().store.work() as work:
        order = TakeVisit(order=_order(), by=visitor().id, case=CaseId(case) if case else None)
        visit = take_visit(work, order)
        note(work, "case.visit-take", str(work.session.get_one(Case, visit.case).case_no))
        id = visit.id
    return redirect(f"/visits/{id}", 303)


@pages.post("/visits/give")
@needs(GIVE)
def hand_out() -> ResponseReturnValue:
    """Hand so many out evenly."""
    agents = tuple(id for id in map(_maybe_id, request.form.getlist("agent")) if id is not None)
    text = request.form.get("count", "")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    order = HandOutVisits(order=_order(), by=visitor().id, agents=agents, count=count)
    try:
        with office().store.work() as work:
            done = len(hand_out_visits(work, order))
            note(work, "case.give-visits", str(done))
    except Refused as refused:
        if refused.code not in ("bad-field", "wrong-state"):
            raise
        return _render(WAITING, trouble=refusal_text(refused)), status_of(refused)
    return redirect(f"/visits?list={WAITING}&given={done}", 303)


@pages.post("/visits/<id>/back")
@needs(VISIT)
def put_back(id: str) -> ResponseReturnValue:
    """Put one back for others."""
    with office().store.work() as work:
        visit = put_back_visit(work, PutBackVisit(order=_order(), by=visitor().id, visit=visit_id(id)))
        note(work, "case.visit-back", work.session.get_one(Case, visit.case).case_no)
    return redirect(f"/visits?list={_list(request.form.get('list', MINE))}", 303)


@pages.post("/visits/<id>/tell")
@needs(VISIT)
def tell(id: str) -> ResponseReturnValue:
    """Write down what a try came to; what is refused is shown again as it was typed."""
    visit = visit_id(id)
    try:
        text = form_text("text")
        order = RecordTry(
            order=_order(), by=visitor().id, visit=visit, result=request.form.get("result", ""),
            reception=_score("reception"), rating=_score("rating"),
            solved=request.form.get("solved", "yes") != "no", text=text,
            block=request.form.get("block") == "yes",
        )  # fmt: skip
        with office().store.work() as work:
            row = record_try(work, order)
            case = work.session.get_one(Case, row.case)
            case_no = case.case_no
            note(work, "case.visit", case_no, reason=row.ended or order.result)
            if order.block:
                note(work, "call.block", case.number, reason=case_no)
    except Refused as refused:
        if refused.code not in ("bad-field", "wrong-state"):
            raise
        typed = {key: value for key, value in request.form.items() if key != "csrf"}
        form = Form(refusal_text(refused), field_texts(refused), typed)
        return _render(_list(request.form.get("list", MINE)), visit, form=form), status_of(refused)
    return redirect(f"/visits?told={case_no}", 303)


@pages.post("/visits/<id>/skip")
@needs(VISIT)
def skip(id: str) -> ResponseReturnValue:
    """Leave one for later, for a reason."""
    order = SkipVisit(
        order=_order(), by=visitor().id, visit=visit_id(id), reason=form_text("reason", needed=True)
    )
    with office().store.work() as work:
        visit = skip_visit(work, order)
        note(work, "case.visit-skip", work.session.get_one(Case, visit.case).case_no, reason=order.reason)
    return redirect(f"/visits?list={_list(request.form.get('list', MINE))}", 303)


def _lists(session: Session, name: str) -> dict[str, Any]:
    """A list and how many are on each."""
    who, now = visitor(), office().store.clock()
    rules, name, gives = visit_rules(session), _list(name), may(who, GIVE)
    after = request.args.get("after", "")[:90]
    everybody = gives and name in (OPEN, DONE)
    rows, more = ([], "") if name == WAITING else visits(session, who, name, who.id, everybody, now, after)
    counts = {one: count_visits(session, who, one, who.id, gives and one in (OPEN, DONE), now)
              for one in LISTS if one != WAITING}  # fmt: skip
    return {
        "lists": [one for one in LISTS if one != OPEN or gives], "list": name, "gives": gives, "rules": rules,
        "rows": rows, "more": more, "after": after, "order": uuid7,
        "counts": counts | {WAITING: count_to_visit(session, rules, now, who)},
        "waiting": to_visit(session, rules, now, who, SHOWN) if name == WAITING else [],
    }  # fmt: skip


def _render(name: str, id: UUID | None = None, *, form: Form | None = None, trouble: str = "") -> str:
    who, store, now = visitor(), office().store, office().store.clock()
    secret = ""
    with store.read() as session:
        shown = _lists(session, name)
        chosen = find_visit(session, who, id) if id is not None else next(iter(shown["rows"]), None)
        if id is not None and chosen is None:
            raise Refused("not-found", "there is no such return visit")
        if chosen is not None and chosen.case.confidential:
            secret = chosen.case.case_no
        hands_out = shown["list"] == WAITING and shown["gives"]
        page = render_template(
            "visits.html", **shown, **_beside(session, chosen), chosen=chosen, named=id is not None, form=form,
            trouble=trouble,
            agents=who_visits(session) if hands_out else [],
            has=open_by_agent(session) if hands_out else {},
            figures=figures(session, who, now - PERIOD), share=share, days=PERIOD.days,
            may_call=may_call(shown["rules"], now, newest_calendar(session, office().zone)[1]),
            hours=(EARLIEST, LATEST),
            results=RESULTS, scores=SCORES, skips=SKIPS, now=now,
            told=request.args.get("told", "")[:24], given=_counted("given"),
        )  # fmt: skip
    if secret:
        look("case.confidential", secret)
    return page


def _beside(session: Session, chosen: Row | None) -> dict[str, Any]:
    """What is shown beside a visit: who asked, what was done, what was tried."""
    if chosen is None:
        return {"citizen": None, "done": [], "tries": [], "reviews": []}
    citizen = session.get(Citizen, chosen.case.citizen) if chosen.case.citizen else None
    return {
        "citizen": citizen,
        "done": what_was_done(session, chosen.case.id),
        "tries": tries_of(session, chosen.visit.id),
        "reviews": reviews_of(session, chosen.visit.id),
    }


def _list(name: str) -> str:
    return name if name in LISTS and (name != OPEN or may(visitor(), GIVE)) else MINE


def _order() -> UUID:
    return form_id("order") or uuid7()


def _maybe_id(text: str) -> UUID | None:
    try:
        return as_id(text)
    except ValueError:
        return None


def visit_id(text: str) -> UUID:
    found = _maybe_id(text)
    if found is None:
        raise Refused("not-found", "there is no such return visit")
    return found


def _score(field: str) -> int:
    text = request.form.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else 0


def _counted(field: str) -> int:
    text = request.args.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
