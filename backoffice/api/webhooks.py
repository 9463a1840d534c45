"""Webhooks: subscriptions made, changed and removed, and the log of what was delivered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import select

from backoffice.api import hookshapes
from backoffice.api.asks import Asked, Nothing
from backoffice.api.atonce import AtOnce
from backoffice.api.pages import page
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.hooks.teller import CTI, KNOWN
from backoffice.office import office
from schema.desk import webhooks
from schema.desk.errors import Refused
from schema.rules.hooks import secret_of
from schema.store import UnitOfWork
from schema.tokens import ApiOrder
from schema.webhooks import Delivery, Webhook

RIGHT = "webhook.manage"
TELLS = ("AddWebhook", "RotateWebhook")


def listing(_ask: Ask) -> hookshapes.WebhookList:
    """Every subscription."""
    with office().store.read() as session:
        rows = session.scalars(select(Webhook).order_by(Webhook.name)).all()
    return hookshapes.WebhookList(items=[shown(row) for row in rows])


def one(ask: Ask) -> hookshapes.Webhook:
    """One subscription."""
    with office().store.read() as session:
        return shown(webhooks.find(session, ask.path["webhook"]))


def deliveries(ask: Ask) -> hookshapes.DeliveryPage:
    """What was delivered, and what waits."""
    with office().store.read() as session:
        hook = webhooks.find(session, ask.path["webhook"])
        query = select(Delivery).where(Delivery.hook == hook.id)
        if ask.query.state is not UNSET:
            query = query.where(Delivery.state == ask.query.state)
        rows, following = page(session, query, Delivery.made_at, Delivery.id, ask.query)
    return hookshapes.DeliveryPage(items=[delivered(row) for row in rows], next=following)


def add(ask: Ask) -> AtOnce:
    """Make a subscription; its id is the order's."""
    body = ask.body
    if not office().settings.hooks.secret:
        raise Problem("wrong-state", "the site has no hooks.secret to sign with")
    events = body.events if body.events is not UNSET else list(CTI) if body.kind == "cti" else []

    def carry_out(work: UnitOfWork, order: UUID) -> str:
        row = webhooks.add(
            work, id=order, name=body.name, kind=body.kind, form=body.form, url=body.url, events=events,
            by=ask.who.user.id, known=KNOWN,
        )  # fmt: skip
        return str(row.id)

    return AtOnce(name="AddWebhook", what="webhook.add", carry_out=carry_out)


def change(ask: Ask) -> AtOnce:
    """Send elsewhere, or tell of other things."""

    def carry_out(work: UnitOfWork, _order: UUID) -> str:
        row = webhooks.locked(work, ask.path["webhook"])
        url = row.url if ask.body.url is UNSET else ask.body.url
        events = row.events if ask.body.events is UNSET else ask.body.events
        return str(webhooks.change(work, row.id, url=url, events=events, known=KNOWN).id)

    return AtOnce(name="ChangeWebhook", what="webhook.change", carry_out=carry_out)


def again(ask: Ask) -> AtOnce:
    """Send a message once more."""

    def carry_out(work: UnitOfWork, _order: UUID) -> str:
        hook = webhooks.find(work.session, ask.path["webhook"])
        row = work.session.get(Delivery, ask.path["delivery"])
        if row is None or row.hook != hook.id:
            raise Refused("not-found", "there is no such delivery")
        return str(webhooks.send_again(work, row.id).hook)

    return AtOnce(name="ResendDelivery", what="webhook.resend", carry_out=carry_out)


def told(ask: Ask, row: ApiOrder) -> hookshapes.HookOrder:
    """What became of an order, with the secret that was made by it and is still in force."""
    with office().store.read() as session:
        hook = session.get(Webhook, UUID(row.target.partition(" ")[0]))
    secret = None
    if hook is not None and hook.kind == "webhook" and row.name in TELLS:
        generation = int(row.target.partition(" ")[2] or 1)
        secret = secret_of(office().settings.hooks.secret, hook.id, generation)
    return hookshapes.HookOrder(
        id=row.order, name=row.name, made_at=row.made_at, webhook=shown(hook) if hook else None, secret=secret
    )


def shown(row: Webhook) -> hookshapes.Webhook:
    """A subscription as it is shown."""
    plain: dict[str, Any] = {name: getattr(row, name) for name in hookshapes.Webhook.__struct_fields__}
    return hookshapes.Webhook(**plain)


def delivered(row: Delivery) -> hookshapes.Delivery:
    """A delivery as it is shown."""
    same = (name for name in hookshapes.Delivery.__struct_fields__ if name not in ("message", "event"))
    plain: dict[str, Any] = {name: getattr(row, name) for name in same}
    return hookshapes.Delivery(message=f"msg_{row.id.hex}", event=row.name, **plain)


def _simply(name: str, desk: Callable[[UnitOfWork, UUID], str]) -> Callable[[Ask], AtOnce]:
    def does(ask: Ask) -> AtOnce:
        what = f"webhook.{name}"
        order = f"{name.capitalize()}Webhook"
        return AtOnce(name=order, what=what, carry_out=lambda work, _order: desk(work, ask.path["webhook"]))

    return does


def _rotate(work: UnitOfWork, hook: UUID) -> str:
    row = webhooks.rotate(work, hook)
    return f"{row.id} {row.generation}"


def _remove(work: UnitOfWork, hook: UUID) -> str:
    webhooks.remove(work, hook)
    return str(hook)


def _order(
    path: str, name: str, summary: str, does: Callable[[Ask], AtOnce], body: type[Asked] = Nothing, status: int = 200,
    *fails: str, about: str = "",
) -> Route:  # fmt: skip
    return Route(
        method="POST", path=f"/webhooks{path}", name=name, tag="webhooks", summary=summary, right=RIGHT, does=does,
        told=told, body=body, gives=hookshapes.HookOrder, status=status, fails=fails, about=about,
    )  # fmt: skip


_ONE = "/{webhook}"
ROUTES = (
    Route(
        method="GET", path="/webhooks", name="webhooks", tag="webhooks", right=RIGHT, does=listing,
        summary="Subscriptions", gives=hookshapes.WebhookList,
    ),
    _order("", "webhook-add", "Subscribe", add, hookshapes.NewHook, 201, "wrong-state",
           about="The answer has the secret that messages are signed with; it is shown nowhere else."),
    Route(
        method="GET", path="/webhooks/{webhook}", name="webhook", tag="webhooks", right=RIGHT, does=one,
        summary="One subscription", gives=hookshapes.Webhook,
    ),
    Route(
        method="GET", path="/webhooks/{webhook}/deliveries", name="deliveries", tag="webhooks", right=RIGHT,
        does=deliveries, summary="What was delivered, and what waits; newest first", query=hookshapes.Hooks,
        gives=hookshapes.DeliveryPage,
    ),
    _order(f"{_ONE}/change", "webhook-change", "Send elsewhere, or tell of other things", change,
           hookshapes.ChangedHook),
    _order(f"{_ONE}/pause", "webhook-pause", "Send nothing more",
           _simply("pause", lambda work, hook: str(webhooks.pause_hook(work, hook).id))),
    _order(f"{_ONE}/resume", "webhook-resume", "Go on, with what waits",
           _simply("resume", lambda work, hook: str(webhooks.resume(work, hook).id))),
    _order(f"{_ONE}/rotate", "webhook-rotate", "Make a new secret", _simply("rotate", _rotate),
           about="The old one signs beside it for 24 hours."),
    _order(f"{_ONE}/remove", "webhook-remove", "Forget the subscription and its log", _simply("remove", _remove)),
    _order(f"{_ONE}/deliveries/{{delivery}}/resend", "delivery-resend", "Send a message once more, under its id",
           again),
)  # fmt: skip
