"""The table of the API: every route there is. Pages, rights, the OpenAPI document and the tests are made from it."""

from typing import Any

from flask import Response, render_template

from backoffice.api import (
    agents,
    calendars,
    callbacks,
    calls,
    cases,
    casework,
    citizens,
    contacts,
    events,
    orders,
    queues,
    recordings,
    tasks,
    transfers,
    visits,
    watching,
    webhooks,
)  # fmt: skip
from backoffice.api.openapi import document
from backoffice.api.problems import STATUS
from backoffice.api.route import OPEN, Ask, Route


def openapi(_ask: Ask) -> dict[str, Any]:
    """The document."""
    return document(TABLE)


def docs(_ask: Ask) -> Response:
    """The document for people."""
    made = document(TABLE)
    page = render_template("api_docs.html", doc=made, codes=STATUS, schemas=made["components"]["schemas"])
    return Response(page, mimetype="text/html")


TABLE: tuple[Route, ...] = (
    *calls.ROUTES,
    *transfers.ROUTES,
    *agents.ROUTES,
    *watching.ROUTES,
    *queues.ROUTES,
    *recordings.ROUTES,
    *callbacks.ROUTES,
    *cases.ROUTES,
    *casework.ROUTES,
    *tasks.ROUTES,
    *visits.ROUTES,
    *citizens.ROUTES,
    *contacts.ROUTES,
    *calendars.ROUTES,
    *webhooks.ROUTES,
    *orders.ROUTES,
    *events.ROUTES,
    Route(
        method="GET", path="/openapi.json", name="openapi", tag="documentation", right=OPEN, does=openapi,
        summary="This document", gives=dict[str, Any],
    ),
    Route(
        method="GET", path="/docs", name="docs", tag="documentation", right=OPEN, does=docs,
        summary="This document for people", media="text/html",
    ),
)  # fmt: skip
