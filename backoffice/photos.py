"""Photos and voice notes from the field, to those who may read the case; each look is written down."""

from uuid import UUID

from flask import Blueprint, abort, send_file
from flask.typing import ResponseReturnValue

from backoffice.office import note, office, refused_look, visitor
from backoffice.rights import needs
from schema.cases import Case
from schema.desk.scope import may_see
from schema.handsets import Media
from schema.ids import as_id

pages = Blueprint("photos", __name__)
SHOWN = {
    type: type for type in ("image/jpeg", "image/png", "image/webp", "audio/webm", "audio/ogg", "audio/mp4")
}


@pages.get("/media/<media>")
@needs("case.read")
def show(media: str) -> ResponseReturnValue:
    """One whole file out of the vault; only kinds a browser shows safely are named as what they are."""
    try:
        wanted: UUID = as_id(media)
    except ValueError:
        abort(404)
    found = office()
    with found.store.read() as session:
        row = session.get(Media, wanted)
        case = session.get(Case, row.case) if row is not None and row.case else None
        seen = case is not None and may_see(session, visitor(), case)
    if row is None or row.state != "whole" or case is None:
        abort(404)
    if not seen:
        refused_look("media", wanted)
        abort(404)
    vault = found.settings.vault.resolve()
    file = (vault / row.path).resolve()
    if not file.is_relative_to(vault) or not file.is_file():
        abort(404)
    with found.store.work() as work:
        note(work, "media.see", str(row.id))
    answer = send_file(
        file,
        mimetype=SHOWN.get(row.type, "application/octet-stream"),
        as_attachment=row.type not in SHOWN,
        download_name=f"{row.id}",
        etag=row.sha256,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
