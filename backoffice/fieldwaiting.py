"""What waits from the street: versions that exclude each other, messages set aside, reports without a case."""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.fieldtabs import id_of, tabs
from backoffice.office import look, note, office, visitor
from backoffice.rights import may, needs
from schema.desk import settling
from schema.desk.drafts import save_draft
from schema.desk.errors import Refused
from schema.handsets import Report

pages = Blueprint("fieldwaiting", __name__)
SHOWN = 2000
"""Bytes of a message set aside that are shown."""


@pages.get("/field/conflicts")
@needs("field.settle")
def conflicts() -> str:
    """Both versions side by side, edits first."""
    with office().store.read() as session:
        return render_template(
            "field_conflicts.html", edits=settling.edit_pairs(session, visitor()),
            reused=settling.reused_pairs(session, visitor()), done=request.args.get("done", ""), **tabs(session),
        )  # fmt: skip


@pages.post("/field/conflicts/<kind>/<key>")
@needs("field.settle")
def settle(kind: str, key: str) -> ResponseReturnValue:
    """Take one: "other", or "now", which leaves things as they are."""
    choice = request.form.get("take", "")
    if kind not in ("edit", "reused") or choice not in ("now", "other"):
        abort(404)
    take, who = choice == "other", visitor()
    with office().store.work() as work:
        if kind == "edit":
            row = settling.take_or_leave(work, id_of(key), who, who.id, take=take)
            subject = str(row.report)
        else:
            subject = str(settling.settle_reused(work, id_of(key, int), who, who.id, take=take).id)
        note(work, "field.settle", subject, reason=f"{kind} {choice}")
    return redirect(f"/field/conflicts?done={choice}", 303)


@pages.get("/field/aside")
@needs("field.see")
def aside() -> str:
    """Messages nobody could take, whole, with the reason; and what was refused, counted."""
    bodies = may(visitor(), "field.manage")  # they may hold anything: whoever looks is written down
    with office().store.read() as session:
        rows = settling.aside(session)
        html = render_template(
            "field_aside.html", rows=[(row, readable(row.body) if bodies else None) for row in rows],
            refusals=settling.refusals(session), done=request.args.get("done", ""), **tabs(session),
        )  # fmt: skip
    if bodies and rows:
        look("field.aside-see", "list")
    return html


@pages.post("/field/aside/<key>")
@needs("field.settle")
def settle_aside(key: str) -> ResponseReturnValue:
    """Somebody saw to it."""
    with office().store.work() as work:
        row = settling.settle_aside(work, id_of(key, int), visitor().id)
        note(work, "field.aside", f"{row.device} {row.topic}", reason=row.reason)
    return redirect("/field/aside?done=aside", 303)


@pages.get("/field/reports")
@needs("field.settle")
def loose() -> str:
    """Reports without a case, newest first."""
    before = None
    try:
        before = datetime.fromisoformat(request.args.get("before", ""))
        before = before if before.tzinfo else None
    except ValueError:
        pass  # a broken link shows the first page
    with office().store.read() as session:
        rows = settling.without_case(session, before)
        more = rows[-1][0].at.isoformat() if len(rows) == settling.MOST else ""
        return render_template("field_reports.html", rows=rows, more=more, **tabs(session))


@pages.post("/field/reports/<report>/file")
@needs("field.settle")
def to_case(report: str) -> ResponseReturnValue:
    """Begin a case with what the report says: a draft of whoever asks, under the report's own contact."""
    wanted = id_of(report)
    with office().store.work() as work:
        row = work.session.get(Report, wanted)
        if row is None or row.case is not None or row.contact is None:
            raise Refused("not-found", "there is no such report without a case")
        said = {"text": row.text, "cell": row.cell, "lon": row.lon, "lat": row.lat, "channel": "handset"}
        save_draft(work, visitor().id, row.contact, said | {"title": " ".join(row.text.split())[:40]})
        note(work, "field.file", str(row.id))
        contact = row.contact
    return redirect(f"/cases/new?contact={contact}", 303)


def readable(body: bytes) -> tuple[str, bool]:
    """A message for people: as text, else in hexadecimal; and whether it was cut."""
    part = body[:SHOWN]
    try:
        text = part.decode("utf-8")
    except UnicodeDecodeError:
        text = part.hex(" ")
    return "".join(
        one if one.isprintable() or one in "\n\t" else "\N{REPLACEMENT CHARACTER}" for one in text
    ), len(body) > SHOWN
