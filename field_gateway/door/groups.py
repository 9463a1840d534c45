"""A worker on duty calls a group: everybody of a department who is on duty is rung into one voice call."""

from uuid import UUID

import msgspec
from flask import Blueprint, Response, request

from field_gateway.door.answers import Problem, encode
from field_gateway.door.guard import WORKER, needs, room, worker
from schema.desk.errors import Refused
from schema.desk.groupcalls import call_group

pages = Blueprint("groups", __name__)


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to call."""

    department: UUID


@pages.post("/field/v1/groupcall")
@needs(WORKER)
def group_call() -> Response:
    """Ring them; their names, who asked first."""
    try:
        asked = msgspec.json.decode(request.get_data(), type=Asked)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad-field", str(error)[:200]) from None
    here = room()
    hotline, ip = here.settings.site.hotline, request.remote_addr or ""
    try:
        with here.store.work() as work:
            names = call_group(work, worker().worker, asked.department, hotline=hotline, ip=ip)
    except Refused as refused:
        if refused.code == "wrong-state":  # what is in the way, for the words of the app
            raise Problem(409, refused.field, refused.text) from None
        raise
    return Response(encode({"people": names}), 202, mimetype="application/json")
