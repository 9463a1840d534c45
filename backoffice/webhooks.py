"""The page of webhooks: who is told what, the log of deliveries, and sending again by hand."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from backoffice.api import seen
from backoffice.casework import form_id, form_text
from backoffice.errors import status_of
from backoffice.hooks.teller import CTI, EVENTS, KNOWN
from backoffice.office import note, office, say, visitor
from backoffice.rights import needs
from schema.desk import webhooks
from schema.desk.errors import Refused
from schema.ids import as_id, uuid7
from schema.rules.hooks import secret_of
from schema.webhooks import Delivery, Webhook

pages = Blueprint("webhooks", __name__)
ROWS = 100
FAMILIES = tuple(family for family in seen.FAMILIES if family in EVENTS.values())
STATES = ("waiting", "delivered", "dead")


@pages.get("/webhooks")
@needs("webhook.manage")
def listing() -> str:
    """Every subscription, and the form for a new one."""
    return _listing()


@pages.post("/webhooks")
@needs("webhook.manage")
def add() -> ResponseReturnValue:
    """Make a subscription; its secret is shown once."""
    kind = request.form.get("kind", "webhook")
    events = list(CTI) if kind == "cti" else request.form.getlist("events")
    try:
        with office().store.work() as work:
            row = webhooks.add(
                work, id=form_id("order") or uuid7(), name=form_text("name"), kind=kind,
                form=request.form.get("form", "json") if kind == "cti" else "json", url=form_text("url"),
                events=events, by=visitor().id, known=KNOWN,
            )  # fmt: skip
            note(work, "webhook.add", row.name)
    except Refused as refused:
        return _listing(_wrong(refused)), status_of(refused)
    return _page(row.id, secret=_secret(row))


@pages.get("/webhooks/<hook>")
@needs("webhook.manage")
def page(hook: str) -> str:
    """One subscription with its log."""
    return _page(_id(hook))


@pages.post("/webhooks/<hook>/<what>")
@needs("webhook.manage")
def act(hook: str, what: str) -> ResponseReturnValue:
    """Pause, resume, change, remove, or make a new secret."""
    id = _id(hook)
    try:
        with office().store.work() as work:
            row = webhooks.locked(work, id)
            name = row.name
            if what == "pause":
                webhooks.pause_hook(work, id)
            elif what == "resume":
                webhooks.resume(work, id)
            elif what == "rotate":
                webhooks.rotate(work, id, _generation())
            elif what == "change":
                events = row.events if row.kind == "cti" else request.form.getlist("events")
                webhooks.change(work, id, url=form_text("url"), events=events, known=KNOWN)
            elif what == "remove":
                webhooks.remove(work, id)
            else:
                abort(404)
            note(work, f"webhook.{what}", name)
    except Refused as refused:
        if refused.code == "not-found":
            raise
        return _page(id, wrong=_wrong(refused)), status_of(refused)
    if what == "rotate":
        return _page(id, secret=_secret(row))
    return redirect("/webhooks" if what == "remove" else f"/webhooks/{id}", 303)


@pages.post("/deliveries/<delivery>/resend")
@needs("webhook.manage")
def resend(delivery: str) -> ResponseReturnValue:
    """Send a message once more."""
    with office().store.work() as work:
        row = webhooks.send_again(work, _id(delivery))
        note(work, "webhook.resend", str(row.id))
    return redirect(f"/webhooks/{row.hook}", 303)


def _listing(wrong: dict[str, str] | None = None) -> str:
    with office().store.read() as session:
        rows = session.scalars(select(Webhook).order_by(Webhook.name)).all()
        counts: dict[UUID, dict[str, int]] = {}
        for hook, state, count in session.execute(
            select(Delivery.hook, Delivery.state, func.count()).group_by(Delivery.hook, Delivery.state)
        ):
            counts.setdefault(hook, {})[state] = count
    return render_template(
        "webhooks.html", rows=rows, counts=counts, families=FAMILIES, wrong=wrong or {}, typed=request.form,
        chosen=request.form.getlist("events"), order=uuid7(), ready=bool(office().settings.hooks.secret),
    )  # fmt: skip


def _page(id: UUID, secret: str = "", wrong: dict[str, str] | None = None) -> str:
    state = request.args.get("state", "")
    with office().store.read() as session:
        row = webhooks.find(session, id)
        query = select(Delivery).where(Delivery.hook == id)
        if state in STATES:
            query = query.where(Delivery.state == state)
        log = session.scalars(query.order_by(Delivery.made_at.desc(), Delivery.id.desc()).limit(ROWS)).all()
    return render_template(
        "webhook.html", row=row, log=log, secret=secret, wrong=wrong or {}, families=FAMILIES, states=STATES,
        state=state, now=office().store.clock(), others=[one for one in row.events if one not in FAMILIES],
    )  # fmt: skip


def _wrong(refused: Refused) -> dict[str, str]:
    return {field: say(f"hook_wrong.{field}") for field in refused.fields}


def _secret(row: Webhook) -> str:
    return secret_of(office().settings.hooks.secret, row.id, row.generation) if row.kind == "webhook" else ""


def _generation() -> int:
    text = request.form.get("generation", "")
    return int(text) + 1 if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _id(text: str) -> UUID:
    try:
        return as_id(text)
    except ValueError:
        abort(404)
