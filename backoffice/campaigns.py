"""Campaigns of return visits (回访任务): previewed, made by one click; progress, results, review, export."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backoffice.casework import form_id
from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.office import language, note, office, say, visitor
from backoffice.reportcharts import Series, stacked
from backoffice.rights import needs
from backoffice.takeaway import MOST_EXCEL, Takeaway, heads
from schema.campaigns import Campaign
from schema.desk import campaignlists
from schema.desk.campaigns import MOST, close_campaign, make_campaign, pick_of, preview, review_visit
from schema.desk.departments import tree
from schema.desk.errors import Refused
from schema.desk.rulebooks import categories
from schema.desk.visitlists import Row, who_visits
from schema.desk.visits import GIVE
from schema.ids import as_id, uuid7
from schema.orders import CloseCampaign, MakeCampaign, ReviewVisit
from schema.rules.campaigns import AGAIN, AT_ONCE, PER_MINUTE, WAYS
from schema.rules.categories import CLASSES
from schema.rules.visits import BY_KEYS

pages = Blueprint("campaigns", __name__)
PATH = "/visits/campaigns"
FIRST_ROWS = 20
SERIES = (
    Series("todo", "#999999"), Series("later", "#56b4e9"), Series("reached", "#009e73"), Series("declined", "#f0e442"),
    Series("not-reached", "#e69f00"), Series("wrong-number", "#d55e00"), Series("overtaken", "#cc79a7"),
)  # fmt: skip
COLUMNS = (
    "no",
    "title",
    "number",
    "agent",
    "result",
    "reception",
    "rating",
    "solved",
    "text",
    "tries",
    "ended",
    "review",
)
WIDTHS = {"no": 20, "title": 36, "text": 40, "ended": 17, "number": 16}


@pages.get(PATH)
@needs(GIVE)
def listing() -> str:
    """The campaigns there are."""
    with office().store.read() as session:
        return render_template("campaigns.html", rows=campaignlists.campaigns(session))


@pages.get(f"{PATH}/new")
@needs(GIVE)
def new() -> ResponseReturnValue:
    """The rule of a new one, and what it picks."""
    return _new()


@pages.post(PATH)
@needs(GIVE)
def make() -> ResponseReturnValue:
    """Make it."""
    try:
        order = _order(request.form)
        with office().store.work() as work:
            campaign = make_campaign(work, order, visitor())
            note(work, "campaign.make", campaign.name, reason=str(campaign.picked))
            id = campaign.id
    except Refused as refused:
        if refused.code not in ("bad-field", "wrong-state"):
            raise
        return _new(refused)
    return redirect(f"{PATH}/{id}", 303)


@pages.get(f"{PATH}/<id>")
@needs(GIVE)
def one(id: str) -> str:
    """A campaign: how far it is, and its results."""
    return _page(_id(id))


@pages.get(f"{PATH}/<id>/progress")
@needs(GIVE)
def progress(id: str) -> str:
    """How far it is, for a page that renews itself."""
    with office().store.read() as session:
        return render_template("campaign_progress.html", **_progress(session, _found(session, _id(id))))


@pages.post(f"{PATH}/<id>/close")
@needs(GIVE)
def close(id: str) -> ResponseReturnValue:
    """End it."""
    order = CloseCampaign(order=form_id("order") or uuid7(), by=visitor().id, campaign=_id(id))
    with office().store.work() as work:
        campaign = close_campaign(work, order)
        note(work, "campaign.close", campaign.name, reason=str(campaign.unfinished))
    return redirect(f"{PATH}/{campaign.id}", 303)


@pages.post(f"{PATH}/<id>/review")
@needs(GIVE)
def review(id: str) -> ResponseReturnValue:
    """Let a result pass, or have the citizen called again."""
    campaign, visit = _id(id), form_id("visit")
    if visit is None:
        abort(404)
    again = request.form.get("again") == "yes"
    order = ReviewVisit(order=form_id("order") or uuid7(), by=visitor().id, visit=visit, again=again,
                        text=request.form.get("text", ""))  # fmt: skip
    try:
        with office().store.work() as work:
            review_visit(work, order)
            note(work, "campaign.review", str(visit), reason="again" if again else "passed")
    except Refused as refused:
        if refused.code not in ("bad-field", "wrong-state"):
            raise
        return _page(campaign, refusal_text(refused), visit), status_of(refused)
    return redirect(f"{PATH}/{campaign}?filter={_filter(request.form.get('filter', ''))}#results", 303)


@pages.get(f"{PATH}/<id>/results.csv")
@needs(GIVE)
def csv(id: str) -> Response:
    """The results as CSV."""
    return _takeaway(_id(id)).csv()


@pages.get(f"{PATH}/<id>/results.xlsx")
@needs(GIVE)
def excel(id: str) -> Response:
    """The results as a workbook."""
    return _takeaway(_id(id)).excel()


def _new(refused: Refused | None = None) -> ResponseReturnValue:
    typed, store, wrong, found = request.values, office().store, {}, None
    now = store.clock()
    with store.read() as session:
        if refused is not None:
            wrong = field_texts(refused)
        elif typed.get("first"):
            try:
                found = preview(
                    session, visitor(), pick_of(_order(typed)), typed.get("seed", ""), now, office().zone
                )
            except Refused as bad:
                refused, wrong = bad, field_texts(bad)
        page = render_template(
            "campaign_new.html", typed=typed, wrong=wrong, found=found, agents=who_visits(session),
            chosen=set(typed.getlist("agent")), classes=CLASSES, ways=WAYS, most=MOST, first_rows=FIRST_ROWS,
            categories=[row for row in categories(session).rows if row.open],
            departments=[branch.department for branch in tree(session)], services=office().settings.services,
            order=typed.get("order") or uuid7(), seed=typed.get("seed") or str(uuid7())[-12:], lang=language(),
            today=now.astimezone(office().zone).date(), bounds={"at_once": AT_ONCE, "per_minute": PER_MINUTE},
            trouble=refusal_text(refused) if refused is not None else "",
        )  # fmt: skip
    return (page, status_of(refused)) if refused is not None else page


def _order(typed: Any) -> MakeCampaign:
    def number(name: str, otherwise: int) -> int:
        text = typed.get(name, "").strip()
        if not text:
            return otherwise
        return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0

    def id(text: str) -> UUID | None:
        try:
            return as_id(text)
        except ValueError:
            return None

    return MakeCampaign(
        order=id(typed.get("order", "")) or uuid7(), by=visitor().id, name=typed.get("name", ""),
        first=typed.get("first", ""), last=typed.get("last", ""), seed=typed.get("seed", ""), way=typed.get("way", ""),
        class_=typed.get("class", ""), category=typed.get("category", ""), department=id(typed.get("department", "")),
        late=typed.get("late", ""), share=number("share", 100), service=typed.get("service", "")[:40],
        agents=tuple(one for one in map(id, typed.getlist("agent")) if one is not None),
        at_once=number("at_once", 2), per_minute=number("per_minute", 6),
    )  # fmt: skip


def _page(id: UUID, trouble: str = "", at: UUID | None = None) -> str:
    asked = request.values
    name = _filter(asked.get("filter", ""))
    try:
        after = as_id(asked.get("after", ""))
    except ValueError:
        after = None
    with office().store.read() as session:
        campaign = _found(session, id)
        rows, more = campaignlists.results(session, visitor(), id, name, after)
        return render_template(
            "campaign.html", **_progress(session, campaign), rows=rows, more=more, filter=name, trouble=trouble, at=at,
            filters=campaignlists.FILTERS, order=uuid7, can_again=AGAIN,
        )  # fmt: skip


def _progress(session: Session, campaign: Campaign) -> dict[str, Any]:
    rows = campaignlists.progress(session, campaign.id, office().store.clock())
    named = [(row.name or say("campaign.nobody"), row) for row in rows]
    chart = stacked(named, SERIES, lambda row, series: row.parts[series.name]) if rows else ""
    return {"campaign": campaign, "agents": named, "all": campaignlists.whole(rows), "chart": chart,
            "parts": SERIES}  # fmt: skip


def _takeaway(id: UUID) -> Takeaway:
    name, who = _filter(request.args.get("filter", "")), visitor()
    with office().store.read() as session:
        campaign = _found(session, id)

    def lines() -> Iterator[Sequence[Sequence[Any]]]:
        with office().store.read() as session:
            for rows in campaignlists.walk(session, who, id, name):
                yield [_line(row) for row in rows]

    return Takeaway(
        "campaign", f"{campaign.name} {name}".strip(), heads([f"campaign.column.{one}" for one in COLUMNS]),
        [WIDTHS.get(one, 14) for one in COLUMNS], lines, campaign.name, say("list.excel_more", most=f"{MOST_EXCEL:,}"),
    )  # fmt: skip


def _line(row: Row) -> list[Any]:
    visit, case = row.visit, row.case
    text = say("visits.by_keys") if visit.text == BY_KEYS else visit.text
    solved = "" if visit.solved is None else say("visits.solved" if visit.solved else "visits.unsolved")
    return [
        case.case_no, case.title, case.number, row.agent, say(f"visits.result.{visit.ended}") if visit.ended else "",
        visit.reception or "", visit.department or "", solved, text, visit.tries, visit.ended_at,
        say(f"campaign.reviewed.{visit.reviewed}") if visit.reviewed else "",
    ]  # fmt: skip


def _filter(text: str) -> str:
    return text if text in campaignlists.FILTERS else ""


def _found(session: Session, id: UUID) -> Campaign:
    campaign = session.get(Campaign, id)
    if campaign is None:
        abort(404)
    return campaign


def _id(text: str) -> UUID:
    try:
        return as_id(text)
    except ValueError:
        abort(404)
