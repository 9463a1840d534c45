"""Filing a case from the form: what was typed becomes a FileCase order, or each wrong field is named."""

import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backoffice.cells import cell_code, cell_map, search_cells, workers
from backoffice.office import language, note, office, visitor
from backoffice.rights import needs
from schema.calls import CallRow
from schema.desk.cases import file_case
from schema.desk.drafts import drop_draft, find_draft, open_drafts
from schema.desk.errors import Refused, bad_fields
from schema.desk.rulebooks import dictionary
from schema.desk.scope import may_see
from schema.ids import CallId, ContactId, as_id, uuid7
from schema.orders import FileCase
from schema.rules.categories import CLASSES, KINDS

pages = Blueprint("filing", __name__)


@pages.get("/cases/new")
@needs("case.file")
def new_case() -> str:
    """File a request that did not come by telephone, or finish a draft (``?contact=``)."""
    contact = _id_or_none(request.args.get("contact", "")) or uuid7()
    with office().store.read() as session:
        draft = find_draft(session, visitor().id, contact)
        drafts = [row for row in open_drafts(session, visitor().id) if row.contact != contact]
        return render_template(
            "new_case.html",
            contact=contact,
            draft=draft.body if draft else {},
            drafts=drafts,
            kinds=KINDS,
            classes=CLASSES,
            map=cell_map(session),
            channels=[
                (word.code, word.name(language()))
                for word in dictionary(session)["channel"]
                if word.open and word.code != "phone"
            ],
        )


@pages.get("/api/cells")
@needs("case.file")
def cells() -> ResponseReturnValue:
    """Cells by the beginning of a code or a part of a name."""
    with office().store.read() as session:
        return jsonify(search_cells(session, request.args.get("q", "")))


@pages.post("/api/cases")
@needs("case.file")
def file() -> ResponseReturnValue:
    """File a case. The same `order` again answers the same case."""
    body = request.get_json(silent=True)
    typed = body if isinstance(body, dict) else {}
    found, who = office(), visitor()
    with found.store.work() as work:
        order, wrong = read_form(work.session, typed, who.id, language())
        try:
            case = file_case(work, order)
        except Refused as refused:
            if refused.code != "bad-field":
                raise
            raise bad_fields({**wrong, **refused.fields}) from refused
        if wrong:
            raise bad_fields(wrong)
        drop_draft(work, who.id, case.contact)
        note(work, "case.file", case.case_no)
        chosen = workers(work.session, case.cell)
        # Who takes a confidential request down need not be one who may read such cases.
        seen = may_see(work.session, who, case)
    return jsonify(
        case=str(case.id),
        case_no=case.case_no,
        contact=str(case.contact),
        state=case.state,
        version=case.version,
        workers=chosen,
        seen=seen,
    )


def read_form(
    session: Session, typed: Mapping[str, Any], by: UUID, language: str
) -> tuple[FileCase, dict[str, str]]:
    """The order meant by a form, and what in it could not be read. Raises Refused when its ids are missing."""

    def text(field: str) -> str:
        return str(typed.get(field) or "").strip()

    order, contact = _id_or_none(text("order")), _id_or_none(text("contact"))
    missing = [field for field, value in (("order", order), ("contact", contact)) if value is None]
    if order is None or contact is None:
        raise bad_fields(dict.fromkeys(missing, "an id is needed"))
    wrong: dict[str, str] = {}
    lon, lat = _degrees(text("lon"), "lon", wrong), _degrees(text("lat"), "lat", wrong)
    call = session.get(CallRow, contact)
    return (
        FileCase(
            order=order,
            by=by,
            contact=ContactId(contact),
            class_=text("class_"),
            kind=text("kind"),
            title=text("title"),
            text=text("text"),
            cell=cell_code(session, text("cell")),
            address=text("address"),
            lon=lon,
            lat=lat,
            number=text("number") or (call.number if call else ""),
            citizen=text("citizen"),
            language=text("language") or (call.language if call else "") or language,
            call=CallId(call.id) if call else None,
            category=text("category"),
            channel=text("channel"),
            confidential=text("confidential") == "yes",
        ),
        wrong,
    )


def _degrees(text: str, field: str, wrong: dict[str, str]) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        wrong[field] = "degrees are a number"
        return None
    return number


def _id_or_none(text: str) -> UUID | None:
    try:
        return as_id(text)
    except ValueError:
        return None
