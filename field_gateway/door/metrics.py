"""The figures of this gateway at ``GET /field/v1/metrics``, for who may have them (see `schema.rules.figures`)."""

from flask import Blueprint, Response, current_app, request
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from field_gateway.door.answers import Problem
from field_gateway.door.guard import ANYBODY, needs, room
from field_gateway.figures import Figures
from schema.rules.figures import may_ask

pages = Blueprint("metrics", __name__)


@pages.get("/field/v1/metrics")
@needs(ANYBODY)
def metrics() -> Response:
    """The figures, in Prometheus' text form."""
    if not may_ask(room().settings.web.metrics_token, request.remote_addr, request.headers.get):
        raise Problem(403, "not-allowed", "these figures are not for everybody")
    figures: Figures = current_app.extensions["gridline-figures"]
    return Response(generate_latest(figures.registry), content_type=CONTENT_TYPE_LATEST)
