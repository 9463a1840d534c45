"""The shapes of webhooks: what is asked, and what is told. See docs/webhooks.md."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backoffice.api.asks import Asked, Cursor, Limit, Texts

Url = Annotated[
    str, Meta(min_length=8, max_length=500, description="https or http, without user and fragment")
]
Events = Annotated[
    list[Annotated[str, Meta(pattern="^[A-Za-z]{1,40}$")]],
    Meta(min_length=1, max_length=60, description="families (calls, agents, cases …) and names of facts"),
]


class Hooks(Asked, kw_only=True):
    """Which deliveries."""

    state: Literal["waiting", "delivered", "dead"] | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class NewHook(Texts, kw_only=True):
    """Where to, and what. `kind` cti is Zammad's generic CTI (its `events` are fixed: leave them out); `form`: json, or
    form for cti."""

    name: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9._-]{0,59}$")]
    url: Url
    events: Events | UnsetType = UNSET
    kind: Literal["webhook", "cti"] = "webhook"
    form: Literal["json", "form"] = "json"


class ChangedHook(Texts, kw_only=True):
    """Where to, and what, from now on."""

    url: Url | UnsetType = UNSET
    events: Events | UnsetType = UNSET


class Webhook(msgspec.Struct, kw_only=True):
    """A subscription. `why` says why it is not active: paused, or gone (the receiver answered 410). `failures` in a row
    nobody answered; nothing is sent before `held_until`."""

    id: UUID
    name: str
    kind: str
    form: str
    url: str
    events: list[str]
    active: bool
    why: str
    failures: int
    held_until: datetime
    made_at: datetime


class WebhookList(msgspec.Struct, kw_only=True):
    """By name."""

    items: list[Webhook]


class Delivery(msgspec.Struct, kw_only=True):
    """A message. `state`: waiting (until `next_at`), delivered or dead. `message` is its webhook-id; `status` (null: no
    answer), `ms`, `excerpt` and `reason` are of the last of its `tries`."""

    id: UUID
    message: str
    event: str
    seq: int
    state: str
    made_at: datetime
    next_at: datetime
    tries: int
    tried_at: datetime | None
    status: int | None
    ms: int | None
    excerpt: str
    reason: str


class DeliveryPage(msgspec.Struct, kw_only=True):
    """Newest first. `next` is the cursor of the following page, null after the last."""

    items: list[Delivery]
    next: str | None


class HookOrder(msgspec.Struct, kw_only=True):
    """An order about webhooks that was carried out. `secret` is told where one was made; the same request with the same
    token and key tells it again. `webhook` is null once it is removed."""

    id: UUID
    name: str
    made_at: datetime
    webhook: Webhook | None
    secret: str | None = None
