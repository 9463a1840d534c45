"""The table: what integrators know is there under the names they know."""

from backoffice.api.events import ROUTES as EVENTS
from backoffice.api.table import TABLE

WANTED = """
GET /calls; GET /calls/{call}; GET /calls/{call}/events; POST /calls; POST /calls/{call}/hold/start
POST /calls/{call}/hold/stop; POST /calls/{call}/hangup; POST /calls/{call}/transfer; POST /calls/{call}/listen
POST /calls/{call}/whisper; POST /calls/{call}/barge; POST /calls/{call}/take-over; POST /calls/{call}/force-hangup
POST /calls/{call}/force-transfer; POST /transfers; GET /transfers/{transfer}; POST /transfers/{transfer}/complete
POST /transfers/{transfer}/cancel; POST /transfers/{transfer}/swap; POST /transfers/{transfer}/join; GET /agents
GET /agents/{agent}; GET /agents/by-number/{number}; POST /agents/by-number/{number}/login
POST /agents/by-number/{number}/logout; POST /agents/by-number/{number}/ready; POST /agents/by-number/{number}/pause
POST /agents/by-number/{number}/wrap-up/extend; POST /agents/by-number/{number}/force-pause; GET /queues
GET /queues/{queue}; GET /queues/{queue}/waiting; GET /recordings; GET /recordings/{recording}/audio; GET /callbacks
GET /cases; POST /cases; GET /cases/{case}; GET /cases/{case}/history; POST /cases/{case}/dispatch
POST /cases/{case}/extensions; POST /cases/{case}/reopen; POST /cases/{case}/merge; POST /cases/{case}/suspend
GET /tasks; GET /tasks/{task}; GET /citizens/by-number/{phone}; GET /citizens/{citizen}/history
GET /contacts/{contact}; GET /calendars; GET /calendars/{calendar}/versions/{version}
GET /calendars/{calendar}/working; GET /calendars/{calendar}/deadline
GET /visits; POST /visits/{visit}/tries; GET /orders/{order}; GET /events; GET /openapi.json; GET /docs
"""


def test_what_integrators_know_is_there() -> None:
    wanted = {one.strip() for line in WANTED.strip().splitlines() for one in line.split(";")}
    assert wanted <= {f"{route.method} {route.path}" for route in TABLE}


def test_the_stream_alone_is_served_beside_the_pages() -> None:
    assert [route for route in TABLE if route.native] == list(EVENTS)
