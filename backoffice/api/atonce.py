"""Orders that are carried out at once, once under their key: what they change, the key and the audit are one commit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from backoffice.api.giving import Hands, before, fingerprint, noted, same
from backoffice.api.problems import Problem
from backoffice.api.route import Ask
from backoffice.office import office
from schema.desk import tokens
from schema.ids import uuid7
from schema.store import UnitOfWork
from schema.tokens import ApiOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """What a request comes to: `carry_out` with the order's id gives what it is about (a case's number, an id).

    `name` is the order's, `what` the audit's word for it.
    """

    name: str
    what: str
    carry_out: Callable[[UnitOfWork, UUID], str]
    reason: str = ""


def settle(ask: Ask, hands: Hands) -> Any:
    """Carry the order of this request out, now or before under the same key, and tell. Raises Problem, Refused."""
    assert ask.route.told is not None
    with hands.on(ask.who.token, ask.key):
        row = before(ask) or _now(ask)
    return ask.route.told(ask, row)


def _now(ask: Ask) -> ApiOrder:
    wanted: AtOnce = ask.route.does(ask)
    row = ApiOrder(
        token=ask.who.token, key=ask.key, fingerprint=fingerprint(ask), order=uuid7(), name=wanted.name
    )
    try:
        with office().store.work() as work:
            if not tokens.mine(work, ask.who.token, ask.key):
                raise Problem("in-progress")
            if (found := same(ask, tokens.taken(work.session, ask.who.token, ask.key))) is not None:
                return found
            row.made_at, row.target = work.now, wanted.carry_out(work, row.order)
            tokens.take(work, row)
            noted(work, ask, wanted.what, row.target, wanted.reason)
    except IntegrityError:
        found = before(ask)
        if found is None:
            raise
        return found
    return row
