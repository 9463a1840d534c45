"""A program with a token, in the town of the back office's tests."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from schema.desk import tokens
from schema.facts import Fact
from schema.ids import uuid7
from schema.orders import Order
from schema.outbox import OutboxRow
from schema.store import Store
from schema.wire import from_body
from tests.backoffice.conftest import Town

API = "/api/v1"
CALL = "01960000-0000-7000-8000-000000000001"


@dataclass
class Program:
    """A client of the API with the token of one post. Every POST has a key of its own unless one is given."""

    town: Town
    secret: str
    name: str
    sent: list[str] = field(default_factory=list)

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.town.app.test_client().get(
            API + path, headers=self._headers(headers), buffered=True, query_string=query
        )

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> Any:
        more = {"json": body} if body is not None else {}
        wanted = {"Idempotency-Key": key or str(uuid7()), **self._headers(headers)}
        return self.town.app.test_client().post(API + path, headers=wanted, **more)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", **{k.replace("_", "-"): v for k, v in more.items()}}


def program(town: Town, post: str = "supervisor", *rights: str, days: int = 30) -> Program:
    """A program that acts for the one with this post, by default with all of the post's rights."""
    name = f"{post}-{uuid7().hex[-8:]}"
    with town.store.work() as work:
        secret = tokens.add(work, name=name, login=post, rights=rights or ["*"], lasts=timedelta(days=days))
    return Program(town, secret, name)


def said(store: Store) -> list[Fact | Order]:
    """Every order and fact in the outbox, in order."""
    with store.read() as session:
        return [
            from_body(row.name, row.body) for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        ]


@pytest.fixture
def crm(town: Town) -> Program:
    """A program with all rights of a supervisor; agent 101 talks in CALL."""
    busy(town)
    return program(town)


def busy(town: Town) -> None:
    """Agent 101 talks with a citizen in CALL; the supervisor at 102 is ready."""
    town.seen(
        seats={
            "101": {"seat": "101", "state": "talking", "call": CALL, "citizen": "talking", "since": NOW},
            "102": {"seat": "102", "state": "ready", "call": None, "since": NOW},
        },
        calls={
            CALL: {"call": CALL, "contact": CALL, "number": "13800000001", "stage": "talking", "seat": "101"}
        },
    )


NOW = "2026-11-24T08:00:00+00:00"
