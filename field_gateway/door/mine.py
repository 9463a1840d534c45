"""What a worker reads about themselves: who they are here, their tasks, and what they have reported."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from field_gateway.door.answers import Problem, encode
from field_gateway.door.guard import WORKER, handset, needs, room, worker
from field_gateway.downs import as_message
from schema.cases import Case, Task
from schema.handsets import Duty, Media, Report
from schema.people import Department, User

PAGE = 50
pages = Blueprint("mine", __name__)


@pages.get("/field/v1/me")
@needs(WORKER)
def me() -> Response:
    """Who is logged in on this handset, until when, and since when they are on duty with it."""
    who = worker()
    with room().store.read() as session:
        user = session.get_one(User, who.worker)
        department = session.get(Department, user.department) if user.department else None
        duty = session.scalar(select(Duty).where(Duty.worker == who.worker, Duty.ended_at.is_(None)).limit(1))
    told = {
        "id": user.id,
        "login": user.login,
        "name": user.name,
        "post": user.post,
        "language": user.language,
        "mobile": user.mobile,
        "department": {"id": department.id, "name": department.name} if department else None,
        "device": handset().device,
        "number": who.number,
        "expires": who.ends_at,
        "on_duty_since": duty.started_at if duty else None,
        "on_duty_with": duty.device if duty else None,
    }
    return _json(told)


@pages.get("/field/v1/tasks")
@needs(WORKER)
def tasks() -> Response:
    """The worker's tasks, the newest first: as they go down, with their state and when they were shown and done."""
    with room().store.read() as session:
        query = select(Task, Case).join(Case, Case.id == Task.case).where(Task.worker == worker().worker)
        query = query.order_by(Task.made_at.desc(), Task.id.desc()).limit(PAGE)
        found = [
            {"task": as_message(task, case), "state": task.state, "shown_at": task.shown_at}
            for task, case in session.execute(query)
        ]
    return _json({"tasks": found})


@pages.get("/field/v1/history")
@needs(WORKER)
def history() -> Response:
    """The worker's reports, the newest first; `?before=` (a time of an answer before) gives those before it."""
    with room().store.read() as session:
        query = select(Report).where(Report.worker == worker().worker)
        if before := _time(request.args.get("before", "")):
            query = query.where(Report.at < before)
        reports = session.scalars(query.order_by(Report.at.desc(), Report.id.desc()).limit(PAGE)).all()
        told = [_report(session, one) for one in reports]
    return _json({"reports": told, "before": reports[-1].at if len(reports) == PAGE else None})


def _report(session: Session, one: Report) -> dict[str, Any]:
    case = session.get(Case, one.case) if one.case else None
    media = session.scalars(select(Media).where(Media.report == one.id).order_by(Media.id))
    return {
        "id": one.id,
        "text": one.text,
        "task": one.task,
        "case": one.case,
        "case_no": case.case_no if case else "",
        "case_state": case.state if case else "",
        "lon": one.lon,
        "lat": one.lat,
        "made": one.made_at,
        "at": one.at,
        "media": [
            {"id": m.id, "type": m.type, "size": m.size, "received": m.received, "state": m.state}
            for m in media
        ],
    }


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Problem(400, "bad-field", "before is no time with a zone")
    return found


def _json(told: Any) -> Response:
    return Response(encode(told), mimetype="application/json")
