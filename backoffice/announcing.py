"""Announcements (公告): what stands at the top of every page, from when until when; each reader puts it away."""

from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.caseurging import local_time, tomorrow
from backoffice.errors import refusal_text
from backoffice.office import note, office, visitor
from backoffice.rights import LOGGED_IN, needs
from schema.desk import announcements
from schema.desk.errors import Refused
from schema.desk.people import names_of
from schema.ids import as_id, uuid7
from schema.orders import Announce, EndAnnouncement

pages = Blueprint("announcing", __name__)


@pages.get("/announcements")
@needs("announce")
def page() -> str:
    """All there were, and a form for one more."""
    return _page()


@pages.post("/announcements")
@needs("announce")
def announce() -> ResponseReturnValue:
    """Show one to everybody."""
    try:
        with office().store.work() as work:
            order = Announce(
                order=as_id(request.form.get("order", "")),
                by=visitor().id,
                text=request.form.get("text", "").replace("\r\n", "\n"),
                begin=local_time("begin"),
                end=local_time("end"),
            )
            announcements.announce(work, order)
            note(work, "announce", order.text[:100])
    except ValueError:
        abort(400)
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        return _page(refusal_text(refused)), 400
    return redirect("/announcements", 303)


@pages.post("/announcements/<id>/end")
@needs("announce")
def end(id: str) -> ResponseReturnValue:
    """Show it no longer."""
    with office().store.work() as work:
        row = announcements.end_announcement(work, EndAnnouncement(by=visitor().id, announcement=_id(id)))
        note(work, "announce", row.text[:100], reason="ended")
    return redirect("/announcements", 303)


@pages.post("/api/announcements/<id>/read")
@needs(LOGGED_IN)
def read(id: str) -> ResponseReturnValue:
    """I have read it."""
    with office().store.work() as work:
        announcements.read_announcement(work, visitor().id, _id(id))
    return jsonify(read=True)


def _page(trouble: str = "") -> str:
    now = office().store.clock()
    with office().store.read() as session:
        rows = announcements.announcements(session)
        people = {row.made_by for row in rows}
        names = names_of(session, people)
    begin = now.astimezone(office().zone).strftime("%Y-%m-%dT%H:%M")
    return render_template(
        "announcements.html", rows=rows, names=names, now=now, begin=begin, end=tomorrow(), trouble=trouble,
        typed=request.form, order=uuid7(),
    )  # fmt: skip


def _id(text: str) -> UUID:
    try:
        return as_id(text)
    except ValueError:
        abort(404)
