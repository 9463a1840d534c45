"""The event stream as the table knows it. It is served natively, beside the pages (see `stream`)."""

from typing import Any

from backoffice.api import asks
from backoffice.api.problems import Problem
from backoffice.api.route import ANY, Ask, Route


def elsewhere(_ask: Ask) -> Any:
    """Nothing: a page of this application holds a thread, a stream would hold it for ever."""
    raise Problem("not-found", "the stream is not served here")


ROUTES = (
    Route(
        method="GET", path="/events", name="events", tag="events", right=ANY, does=elsewhere, native=True,
        summary="What happens, as it is committed (server-sent events)", query=asks.Events, media="text/event-stream",
        fails=("malformed", "gone", "wrong-state"),
        about=(
            "Each event has its place as id. Send the last one as Last-Event-ID (or ?after=), and the stream goes on "
            "behind it: nothing is left out, nothing comes twice. Without either it begins now; ?after=0 begins at the "
            "beginning. A token sees what its rights cover; without board.see, what concerns its own agent."
        ),
    ),
)  # fmt: skip
