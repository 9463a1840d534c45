"""The audit log as its readers see it: who did or tried what, filtered, page by page, and as CSV."""

from collections.abc import Iterator

from flask import Blueprint, Response, abort, render_template, request, stream_with_context

from backoffice import auditform
from backoffice.office import note, office, say
from backoffice.rights import needs
from schema.desk import audit
from schema.people import AuditRow
from schema.rules.csvsafe import BOM, line

pages = Blueprint("auditlog", __name__)
PER_PAGE = 100
MOST = 200_000
"""Rows of one CSV file: what a spreadsheet still opens. Longer times are asked for piece by piece."""


@pages.get("/audit")
@needs("audit.read")
def page() -> tuple[str, int]:
    """Log-ins, refusals, sensitive looks and acts, newest first."""
    form = auditform.read(request.args)
    rows: list[AuditRow] = []
    with office().store.read() as session:
        head = audit.head(session)
        if not form.wrong:
            rows = audit.find(session, form.asked(office().zone), before=form.before, limit=PER_PAGE + 1)
    more = rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else 0
    html = render_template(
        "audit.html", form=form, rows=rows[:PER_PAGE], more=more, head=head, views=auditform.VIEWS, known=known(),
        most=f"{MOST:,}",
    )  # fmt: skip
    return html, 400 if form.wrong else 200


@pages.get("/audit.csv")
@needs("audit.read")
def csv() -> Response:
    """What is shown, as a file; that somebody took it is written down."""
    form = auditform.read(request.args)
    if form.wrong:
        abort(400)
    with office().store.work() as work:
        note(work, "audit.csv", form.address())
    asked = form.asked(office().zone)

    def lines() -> Iterator[str]:
        yield BOM + line(say(f"audit.{name}") for name in ("number", "at", "who", "address", "what", "subject",
                                                           "allowed", "reason", "hash"))  # fmt: skip
        left, before = MOST, 0
        while left > 0:
            with office().store.read() as session:
                rows = audit.find(session, asked, before=before, limit=min(1000, left))
            if not rows:
                return
            yield "".join(
                line((row.id, row.at.astimezone(office().zone).isoformat(), row.login, row.ip, row.what, row.subject,
                      say("audit.yes" if row.allowed else "audit.no"), row.reason, row.hash))
                for row in rows
            )  # fmt: skip
            left -= len(rows)
            before = rows[-1].id

    return Response(
        stream_with_context(lines()),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )


def known() -> list[tuple[str, str]]:
    """What can be looked for, as people call it, in the order of its name."""
    start = "audit_what."
    found = ((key.removeprefix(start), say(key)) for key in office().words.messages if key.startswith(start))
    return sorted(found, key=lambda pair: pair[1])
