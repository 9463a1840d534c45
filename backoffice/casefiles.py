"""The files of a case (附件): brought to it, looked at by those who may read the case, and taken back."""

import hashlib
import os
from pathlib import Path
from uuid import UUID

from flask import Blueprint, abort, jsonify, request, send_file
from flask.typing import ResponseReturnValue

from backoffice.caseview import find_case
from backoffice.casework import common, do, form_text
from backoffice.filekinds import ENDINGS, MOST_BYTES, SHOWN, kind_of
from backoffice.filetext import clean, text_of
from backoffice.office import note, office
from backoffice.rights import needs
from schema.cases import Case
from schema.desk.casefiles import LONGEST_NAME, attach_file, detach_file, find_file
from schema.desk.errors import Refused
from schema.ids import as_id
from schema.orders import AttachFile, DetachFile

pages = Blueprint("casefiles", __name__)


@pages.post("/cases/<ref>/files")
@needs("case.attach")
def attach(ref: str) -> ResponseReturnValue:
    """A file comes: its bytes are the body; `name` and `order`, made by the page, stand in the address."""
    request.max_content_length = MOST_BYTES
    with office().store.read() as session:
        find_case(session, ref)  # nobody sends bytes for nothing
    order, name = _id("order"), clean(request.args.get("name", ""))
    data = request.get_data(cache=False)
    type = kind_of(data)
    if not type:
        raise Refused("bad-field", "such files are not taken", "file")
    sha256 = hashlib.sha256(data).hexdigest()
    path = f"files/{order.hex[-2:]}/{order}.{sha256[:16]}.{ENDINGS[type]}"
    text = text_of(data, type)
    is_new = _keep(path, data)
    try:
        with office().store.work() as work:
            case = find_case(work.session, ref)
            wanted = AttachFile(
                **(common(case) | {"order": order}),
                file=order,
                name=_short(name) or f"{order}.{ENDINGS[type]}",
                type=type,
                size=len(data),
                sha256=sha256,
                path=path,
                text=text,
            )
            file = attach_file(work, wanted)
            note(work, "case.attach", case.case_no)
            answer = {"file": str(file.id), "name": file.name, "type": file.type, "words": file.words}
    except Refused:
        if is_new:
            (office().settings.vault / path).unlink(missing_ok=True)
        raise
    return jsonify(answer), 201


@pages.get("/cases/<ref>/files/<file>")
@needs("case.read")
def show(ref: str, file: str) -> ResponseReturnValue:
    """The bytes of a file; each look is written down."""
    found = office()
    with found.store.work() as work:
        case = find_case(work.session, ref)
        row = find_file(work.session, case, _as_id(file))
        if row.back_at is not None:
            abort(404)
        note(work, "case.see-file", case.case_no, reason=row.name)
        name, type, path, sha256 = row.name, row.type, row.path, row.sha256
    vault = found.settings.vault.resolve()
    place = (vault / path).resolve()
    if not place.is_relative_to(vault) or not place.is_file():
        abort(404)
    answer = send_file(
        place,
        mimetype=type,
        as_attachment=type not in SHOWN or "save" in request.args,
        download_name=name,
        etag=sha256,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.post("/cases/<ref>/files/<file>/back")
@needs("case.attach")
def back(ref: str, file: str) -> ResponseReturnValue:
    """It does not belong to the case after all."""

    def make(case: Case) -> DetachFile:
        return DetachFile(**common(case), file=_as_id(file), reason=form_text("reason", needed=True))

    return do(ref, "detach", make, detach_file)


def _keep(path: str, data: bytes) -> bool:
    """Put the bytes into the vault, synced, before the case hears of them; whether they were not there yet."""
    place: Path = office().settings.vault / path
    if place.exists():  # the same order again
        return False
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(place.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(place)
    return True


def _short(name: str) -> str:
    """The name as people know the file, without a folder; its ending stays when it is too long."""
    name = name.replace("\\", "/").rpartition("/")[2].strip()
    if len(name) <= LONGEST_NAME:
        return name
    start, dot, ending = name.rpartition(".")
    return (
        start[: LONGEST_NAME - len(ending) - 2] + "…" + dot + ending
        if len(ending) < 8
        else name[:LONGEST_NAME]
    )


def _id(field: str) -> UUID:
    try:
        return as_id(request.args.get(field, ""))
    except ValueError:
        raise Refused("bad-field", f"{field} is missing", field) from None


def _as_id(text: str) -> UUID:
    try:
        return as_id(text)
    except ValueError:
        abort(404)
