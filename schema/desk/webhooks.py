"""The desk of webhooks: subscriptions, and what is to be sent to whom, each message under one id until it is there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session, aliased

from schema.desk.errors import Refused, bad_fields
from schema.ids import uuid7
from schema.rules.hooks import OVERLAP, over, pause, verdict
from schema.store import UnitOfWork
from schema.webhooks import Delivery, Webhook

KINDS, FORMS = ("webhook", "cti"), ("json", "form")
LEASE = timedelta(seconds=60)
"""So long a process that took a message has it for itself; one that died is followed by another after that."""
EXCERPT, LONGEST_URL, MOST_EVENTS = 500, 500, 60
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to be sent now by who claimed it."""

    delivery: UUID
    hook: UUID
    kind: str
    form: str
    url: str
    body: str
    generations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: the `status` (None: no answer), its time, the beginning of the answer, why not in words."""

    status: int | None
    ms: int
    excerpt: str = ""
    reason: str = ""
    retry_after: float | None = None


def add(
    work: UnitOfWork, *, id: UUID, name: str, kind: str, form: str, url: str, events: Iterable[str], by: UUID,
    known: Iterable[str],
) -> Webhook:  # fmt: skip
    """Make a subscription to `events`, each of them `known`. The same `id` again is the same one. Raises Refused."""
    if (row := work.session.get(Webhook, id)) is not None:
        return row
    wanted = list(dict.fromkeys(events))
    wrong = _faults(url, wanted, set(known))
    if not _NAME.fullmatch(name):
        wrong["name"] = "a name is 1 to 60 letters a-z, digits, dot, dash or underscore"
    elif work.session.scalar(select(Webhook.id).where(Webhook.name == name)):
        wrong["name"] = f"there is a webhook {name!r} already"
    if kind not in KINDS:
        wrong["kind"] = f"the kind is one of {', '.join(KINDS)}"
    if form not in FORMS or (kind == "webhook" and form != "json"):
        wrong["form"] = "a webhook is JSON; cti is json or form"
    if wrong:
        raise bad_fields(wrong)
    row = Webhook(
        id=id, name=name, kind=kind, form=form, url=url, events=wanted, made_by=by, made_at=work.now,
        held_until=work.now, claimed_until=work.now,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    return row


def change(work: UnitOfWork, hook: UUID, *, url: str, events: Iterable[str], known: Iterable[str]) -> Webhook:
    """Send elsewhere, or tell of other things, from now on. Raises Refused."""
    row, wanted = locked(work, hook), list(dict.fromkeys(events))
    if wrong := _faults(url, wanted, set(known)):
        raise bad_fields(wrong)
    row.url, row.events = url, wanted
    return row


def pause_hook(work: UnitOfWork, hook: UUID, why: str = "paused") -> Webhook:
    """Tell and send nothing more until it is resumed. Raises Refused."""
    row = locked(work, hook)
    row.active, row.why = False, why
    return row


def resume(work: UnitOfWork, hook: UUID) -> Webhook:
    """Go on, with what waits. Raises Refused."""
    row = locked(work, hook)
    row.active, row.why, row.failures, row.held_until = True, "", 0, work.now
    return row


def rotate(work: UnitOfWork, hook: UUID, generation: int | None = None) -> Webhook:
    """Give it a new secret; the old one signs beside it for a day. Nothing, if it is of `generation` already."""
    row = locked(work, hook)
    if generation is None or row.generation < generation:
        row.generation, row.old_until = row.generation + 1, work.now + OVERLAP
    return row


def remove(work: UnitOfWork, hook: UUID) -> str:
    """Forget a subscription and its log; gives its name. Raises Refused."""
    row = locked(work, hook)
    work.session.execute(delete(Delivery).where(Delivery.hook == hook))
    work.session.delete(row)
    return row.name


def find(session: Session, ref: str | UUID) -> Webhook:
    """The subscription with this id or name. Raises Refused."""
    by = Webhook.id == ref if isinstance(ref, UUID) else Webhook.name == ref
    row = session.scalar(select(Webhook).where(by))
    if row is None:
        raise Refused("not-found", "there is no such webhook")
    return row


def locked(work: UnitOfWork, hook: UUID) -> Webhook:
    """The subscription as it is now, for changing it. Raises Refused."""
    query = select(Webhook).where(Webhook.id == hook).with_for_update()
    row = work.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise Refused("not-found", "there is no such webhook")
    return row


def active(session: Session) -> list[Webhook]:
    """Who is told."""
    return list(session.scalars(select(Webhook).where(Webhook.active).order_by(Webhook.id)))


def put(work: UnitOfWork, hook: UUID, *, key: UUID, seq: int, name: str, body: str) -> Delivery | None:
    """Take a message down for a subscription, once per `key`; None when it is there already."""
    if work.session.scalar(select(exists().where(Delivery.hook == hook, Delivery.key == key))):
        return None
    row = Delivery(
        id=uuid7(), hook=hook, key=key, seq=seq, name=name, body=body, state="waiting", made_at=work.now,
        since=work.now, next_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    return row


def waits(session: Session, now: datetime) -> bool:
    """Whether there is something to send now."""
    return bool(session.scalar(select(_ready(now).exists())))


def claim(work: UnitOfWork) -> Claimed | None:
    """Take the next message of a subscription that nobody sends for; None when there is none.

    A subscription's messages go out one at a time, in the published order of what is due.
    """
    now = work.now
    hook = work.session.scalar(
        _ready(now).order_by(Webhook.claimed_until).limit(1).with_for_update(skip_locked=True, of=Webhook)
    )
    if hook is None:
        return None
    row = work.session.scalars(
        select(Delivery)
        .where(Delivery.hook == hook.id, Delivery.state == "waiting", Delivery.next_at <= now)
        .order_by(Delivery.seq, Delivery.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    hook.claimed_until = now + LEASE
    old = hook.old_until is not None and hook.old_until > now
    generations = (hook.generation, hook.generation - 1) if old else (hook.generation,)
    return Claimed(row.id, hook.id, hook.kind, hook.form, hook.url, row.body, generations)


def done(work: UnitOfWork, claimed: Claimed, outcome: Outcome, give_up: timedelta, chance: float) -> str:
    """Write down what came of a try; gives the verdict. One who is not there holds up what is behind, one who refuses
    a message does not."""
    found = verdict(outcome.status)
    try:
        hook = locked(work, claimed.hook)
    except Refused:
        return found  # it was removed meanwhile
    hook.claimed_until = work.now
    row = work.session.get(Delivery, claimed.delivery, with_for_update=True, populate_existing=True)
    if row is None:
        return found
    row.tries, row.tried_at = row.tries + 1, work.now
    row.status, row.ms = outcome.status, outcome.ms
    row.excerpt, row.reason = outcome.excerpt[:EXCERPT], outcome.reason[:200]
    if found == "delivered":
        row.state, hook.failures = "delivered", 0
        return found
    wait = pause(row.tries, chance, outcome.retry_after)
    if found == "away":
        hook.failures += 1
        wait = pause(hook.failures, chance, outcome.retry_after)
        hook.held_until = work.now + wait
    else:
        hook.failures = 0
    row.next_at = work.now + wait
    if found == "gone":
        hook.active, hook.why = False, "gone"
    elif over(row.since, row.next_at, give_up):
        row.state = "dead"
    return found


def send_again(work: UnitOfWork, delivery: UUID) -> Delivery:
    """Send a message once more, under its own id. Raises Refused."""
    row = work.session.get(Delivery, delivery, with_for_update=True)
    if row is None:
        raise Refused("not-found", "there is no such delivery")
    row.state, row.since, row.next_at, row.tries = "waiting", work.now, work.now, 0
    return row


def forget(work: UnitOfWork, before: datetime) -> int:
    """Forget old deliveries, waiting ones of who is not active too; gives how many."""
    sleeping = select(Webhook.id).where(Webhook.active.is_(False))
    old = delete(Delivery).where(
        Delivery.made_at < before, (Delivery.state != "waiting") | Delivery.hook.in_(sleeping)
    )
    return int(work.session.execute(old).rowcount)  # type: ignore[attr-defined]


def _ready(now: datetime) -> Select[Any]:
    due = aliased(Delivery)
    waiting = exists().where(due.hook == Webhook.id, due.state == "waiting", due.next_at <= now)
    free = (Webhook.held_until <= now, Webhook.claimed_until <= now)
    return select(Webhook).where(Webhook.active, *free, waiting)


def _faults(url: str, events: list[str], known: set[str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if why := url_fault(url):
        wrong["url"] = why
    if not 1 <= len(events) <= MOST_EVENTS:
        wrong["events"] = f"name 1 to {MOST_EVENTS} events"
    elif unknown := [one for one in events if one not in known]:
        wrong["events"] = f"there is no event {unknown[0]!r}"
    return wrong


def url_fault(url: str) -> str:
    """What is wrong with an address, in words; "" when nothing is. Whether it may be reached is asked at each try."""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return f"an address is up to {LONGEST_URL} characters of ASCII, without blanks"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "this is no address"
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return "an address begins with https:// or http:// and names a host"
    if parts.username is not None or parts.password is not None:
        return "an address has no user and no password in it"
    return "an address has no fragment" if parts.fragment else ""
