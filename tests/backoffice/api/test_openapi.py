"""The OpenAPI document: valid, made of the table, and true of the application under generated requests."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished
from sqlalchemy import select
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from backoffice.api.app import MOUNT, make_api
from backoffice.api.asks import Nothing
from backoffice.api.decode import KEY
from backoffice.api.openapi import document
from backoffice.api.problems import STATUS
from backoffice.api.route import OPEN
from backoffice.api.table import TABLE
from conf.hooks import Hooks
from schema.calls import CallBackRow, CallStep, LegRow, QueueEntryRow, SegmentRow, TransferRow
from schema.cases import Task
from schema.desk import tokens, webhooks
from schema.desk.deadlines import keep_calendar
from schema.ids import uuid7
from schema.recordings import Recording
from schema.rules import access
from schema.rules.calendar import Calendar, Span
from schema.tokens import ApiOrder
from schema.visits import Visit
from tests.backoffice.api.conftest import CALL, busy, program
from tests.backoffice.api.roads import ALLOWS, brought
from tests.backoffice.conftest import Town

DOC = json.loads(json.dumps(document(TABLE)))
KNOWN = "01960000-0000-7000-8000-0000000000aa"
EXAMPLES = 2
GROUPS = {
    "calls": ("calls", "transfers", "supervision"), "agents": ("agents", "queues", "recordings", "callbacks", "orders"),
    "cases": ("cases", "tasks", "citizens", "calendars"), "casework": ("casework", "visits"),
    "others": ("webhooks", "documentation"),
}  # fmt: skip
"""Tags that are tried together: each group takes its share of the time."""
NOT_SERVED = {"events", "pick", "transfer", "stop-watching"}


def test_the_document_is_valid() -> None:
    OpenAPIV31SpecValidator(DOC).validate()


def test_no_two_shapes_have_one_name() -> None:
    named = {
        line.rpartition("/")[2] for line in json.dumps(DOC).split('"') if line.startswith("#/components/")
    }
    assert named <= set(DOC["components"]["schemas"])


def test_every_route_is_in_it_with_its_answers() -> None:
    for route in TABLE:
        told = DOC["paths"][route.path][route.method.lower()]
        assert told["operationId"] == route.name and told["summary"]
        assert {str(STATUS[code]) for code in route.codes} <= set(told["responses"])
        assert ("202" if route.orders and route.told is None else str(route.status)) in told["responses"]
        assert (told.get("security") == []) is (route.right == OPEN)
        names = {one["name"] for one in told.get("parameters", [])}
        assert ("Idempotency-Key" in names) is route.orders and set(route.names) <= names
        assert ("If-Match" in names) is route.versioned
        assert ("requestBody" in told) is (route.orders and route.body is not Nothing)
    assert sum(len(methods) for methods in DOC["paths"].values()) == len(TABLE)


def test_everybody_may_read_it(town: Town) -> None:
    client = town.app.test_client()
    assert client.get("/api/v1/openapi.json").json == DOC
    page = client.get("/api/v1/docs").get_data(as_text=True)
    assert "<script" not in page and "http://" not in page and "https://" not in page
    for route in TABLE:
        assert f'id="{route.name}"' in page
    for code in STATUS:
        assert f'id="problem-{code}"' in page


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing."""


@schemathesis.hook("before_call")
def own_key(_context: Any, case: Any, _kwargs: Any) -> None:
    """A good key is made one of its own: generated ones are all alike, and an order's key is for one request."""
    given = (case.headers or {}).get("Idempotency-Key")
    if isinstance(given, str) and KEY.fullmatch(given):
        case.headers["Idempotency-Key"] = str(uuid7())


@pytest.fixture
def api(town: Town, group: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The schema over an application with a row of everything, and nobody who waits. Ids of rows are examples."""
    busy(town)
    monkeypatch.setitem(access.RIGHTS, "webhook.manage", frozenset({"supervisor"}))
    client = program(town)
    fill(town, client.secret)
    web, hooks = replace(town.settings.web, api_rate=10**6), Hooks(secret="x")
    fast = replace(town.settings, web=web, hooks=hooks)
    office = replace(town.app.extensions["gridline"], settings=fast)
    config = SchemathesisConfig.from_dict(
        {
            "generation": {"deterministic": True, "max-examples": EXAMPLES},
            "request-timeout": 60,
            "phases": {"stateful": {"enabled": False}},
            "auth": {"openapi": {"token": {"bearer": client.secret}}},
            # What is well formed and still cannot be is 422: the own hotline as target, a reason of blanks.
            "checks": {
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422"]
                },
                # A text may be so much too long that nobody looks at it.
                "negative_data_rejection": {
                    "expected-statuses": ["400", "401", "403", "404", "409", "413", "415", "422"]
                },
            },
        }
    )
    doc = deepcopy(DOC)
    filed = brought(town, "filed")
    there: dict[str, Any] = {
        "call": CALL, "number": "101", "queue": "hotline", "agent": str(town.users["agent"].id),
        "case": filed.case_no, "contact": str(filed.contact), "citizen": str(filed.citizen), "phone": filed.number,
        "calendar": "city", "version": 1,
    }  # fmt: skip
    for methods in doc["paths"].values():
        for operation in methods.values():
            state = ALLOWS.get(operation["operationId"].removeprefix("case-"))
            own = {"case": brought(town, state).case_no} if state else subscribed(town, operation)
            if operation["tags"] == ["visits"]:
                own = {"visit": to_be_called(town)}
            for one in operation.get("parameters", []):
                if one["in"] == "path":
                    one["example"] = {**there, **own}.get(one["name"], KNOWN)
                if one["name"] == "If-Match":
                    one["example"] = "*"
    shapes = doc["components"]["schemas"]
    shapes["Assigned"]["properties"]["worker"]["example"] = "worker"
    for name, field in (("Checked", "passed"), ("Found", "found"), ("Decided", "granted")):
        shapes[name]["example"] = {field: True}
    shapes["Tried"]["example"] = {"result": "busy"}
    shapes["Supervised"]["example"] = {"text": "尽快", "answer_by": "2026-11-26T08:00:00+08:00"}
    shapes["CheckAsked"]["example"] = {"worker": "worker", "answer_by": "2026-11-26T08:00:00+08:00"}
    shapes["Dispatched"]["example"] = {"worker": "worker"}
    shapes["Delegated"]["properties"]["department"]["example"] = "section"
    shapes["Merged"]["properties"]["into"]["example"] = filed.case_no
    shapes["MoreTime"]["properties"]["units"]["example"] = 1
    shapes["NewHook"]["example"] = {"name": "crm", "url": "https://example.org/hook", "events": ["cases"]}
    shapes["NewCase"]["example"] = {
        "class": "social", "kind": "service", "title": "井盖", "text": "井盖坏了", "cell": filed.cell
    }  # fmt: skip
    mounted = DispatcherMiddleware(Flask("nothing"), {MOUNT: make_api(office, waiting=0)})
    server = make_server("127.0.0.1", 0, mounted, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        config.projects.override.base_url = f"http://127.0.0.1:{server.server_port}{MOUNT}"
        found = schemathesis.openapi.from_dict(doc, config=config).exclude(operation_id="events")
        yield found.include(tag=list(GROUPS[group]))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told(check: Any, case: Any, exchange: Any) -> str:
    """What a check found, in one line."""
    answer = exchange.response
    said = (answer.status_code, answer.content) if answer else None
    return f"{check.name} {case.as_curl_command()}: {check.failure_info.failure.message} {said}"


def test_every_route_is_in_a_group() -> None:
    assert sorted(tag for tags in GROUPS.values() for tag in tags) == sorted(
        {route.tag for route in TABLE} - {"events"}
    )


@pytest.mark.parametrize("group", GROUPS)
def test_generated_requests_find_nothing(api: Any, group: str) -> None:
    answers: Counter[tuple[str, int]] = Counter()
    trouble: list[str] = []
    for event in from_schema(api).execute():
        match event:
            case ScenarioFinished(recorder=recorder):
                for id, exchange in recorder.interactions.items():
                    operation = recorder.cases[id].value.operation.label
                    trouble += [
                        told(one, recorder.cases[id].value, exchange)
                        for one in recorder.checks.get(id, ())
                        if one.failure_info
                    ]
                    answers[operation, exchange.response.status_code if exchange.response else 0] += 1
            case NonFatalError(value=error, label=label):
                trouble.append(f"{label}: {error}")
    assert not trouble, "\n".join(trouble)
    served = {operation for operation, status in answers if 200 <= status < 300}
    tried = [route for route in TABLE if route.tag in GROUPS[group]]
    assert {operation for operation, _ in answers} == {f"{route.method} {route.path}" for route in tried}
    # Only what needs two things that fit each other (a caller who waits, somebody who listens) came to no good end.
    assert {route.name for route in tried if f"{route.method} {route.path}" not in served} <= NOT_SERVED


def subscribed(town: Town, operation: Any) -> dict[str, str]:
    """A subscription of an operation's own, with a delivery; {} for one that is about none."""
    if operation["tags"] != ["webhooks"]:
        return {}
    with town.store.work() as work:
        hook = webhooks.add(
            work, id=uuid7(), name=operation["operationId"], kind="webhook", form="json", url="https://example.org/",
            events=["calls"], by=town.users["admin"].id, known=["calls"],
        )  # fmt: skip
        row = webhooks.put(work, hook.id, key=uuid7(), seq=1, name="CallEnded", body="{}")
        assert row is not None
        return {"webhook": str(hook.id), "delivery": str(row.id)}


def to_be_called(town: Town) -> str:
    """A return visit that the supervisor has."""
    case = brought(town, "closed")
    assert case.closed_at is not None
    row = Visit(case=case.id, contact=case.contact, closed_at=case.closed_at, agent=town.users["supervisor"].id,
                given_at=case.closed_at, next_at=case.closed_at)  # fmt: skip
    with town.store.work() as work:
        work.session.add(row)
    return str(row.id)


def fill(town: Town, secret: str) -> None:
    """A row of everything; the supervisor's program began a transfer in CALL, and the supervisor listens to it."""
    with town.store.read() as session:
        holder = tokens.find(session, secret, town.clock())
    assert holder is not None
    now, id = town.clock(), UUID(KNOWN)
    town.call(id=UUID(CALL), contact=UUID(CALL), seat="101")
    with town.store.work() as work:
        work.session.get_one(type(town.users["agent"]), town.users["agent"].id).languages = "zh:10"
        work.session.add_all(
            [
                LegRow(node="pbx1", leg="1", call=UUID(CALL), kind="seat", seat="101", started_at=now),
                SegmentRow(node="pbx1", leg="1", n=1, call=UUID(CALL), leg_kind="seat", kind="talk", started_at=now),
                QueueEntryRow(call=UUID(CALL), n=1, node="pbx1", queue="hotline", entered_at=now),
                TransferRow(call=UUID(CALL), at=now, target="queue:tax", how="blind"),
                CallStep(contact=UUID(CALL), call=UUID(CALL), key="a", hop="call.answered", at=now),
                ApiOrder(
                    token=holder.token, key="begun", fingerprint="x", order=id, name="Consult", seat="101",
                    call=UUID(CALL), transfer=id, target="seat:102", made_at=now,
                ),
                CallBackRow(
                    id=id, contact=uuid7(), call=uuid7(), node="pbx1", queue="hotline", number="110", place=now,
                    promised_at=now, expires_at=now,
                ),
                Recording(
                    id=id, contact=uuid7(), call=uuid7(), node="pbx1", leg="1", name="x", state="kept", started_at=now,
                ),
            ]
        )  # fmt: skip
    task = brought(town, "dispatched")
    with town.store.work() as work:
        keep_calendar(work, Calendar(town.store.zone, (Span(540, 1020),), now.date()))
        work.session.scalars(select(Task).where(Task.case == task.id)).one().id = id
    for side in ("mix", "citizen", "seat"):
        town.player.sounds[id, side] = b"RIFF" + bytes(40)
