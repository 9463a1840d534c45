"""Enrolling a handset (登记终端): for whom, then a code to be scanned or typed, shown once."""

from datetime import timedelta
from typing import Any

import segno
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.errors import field_texts, refusal_text, status_of
from backoffice.fieldtabs import tabs
from backoffice.office import office, visitor
from backoffice.rights import needs
from schema.desk.enrolling import make_code
from schema.desk.errors import Refused
from schema.people import Department, User

pages = Blueprint("fieldenrol", __name__)


@pages.get("/field/enrol")
@needs("field.manage")
def form() -> str:
    """Whom the handset is for; ?device= names one that is to be enrolled anew."""
    return _page(dict(request.args))


@pages.post("/field/enrol")
@needs("field.manage")
def enrol() -> ResponseReturnValue:
    """Make a code and show it. It is kept nowhere in the clear: whoever loses it makes another."""
    found, typed = office(), dict(request.form)
    lasts = timedelta(minutes=found.settings.field.code_minutes)
    try:
        with found.store.work() as work:
            worker = _worker(work.session, request.form.get("worker", ""))
            code = make_code(
                work, worker=worker.id, by=visitor().id, lasts=lasts,
                device=request.form.get("device", "").strip(), ip=request.remote_addr or "",
            )  # fmt: skip
    except Refused as refused:
        if refused.code not in ("bad-field", "not-found"):
            raise
        return _page(typed, refusal_text(refused), field_texts(refused)), status_of(refused)
    address = door_address()
    with found.store.read() as session:
        return render_template(
            "field_code.html", code=code, worker=worker, address=address, qr=drawn(f"{address}#{code}"),
            is_local=not found.settings.field.address,
            ends=found.store.clock() + lasts, **tabs(session),
        )  # fmt: skip


def door_address() -> str:
    """Where handsets find their app and the door: as the settings say, else on this machine."""
    field = office().settings.field
    return f"{(field.address or f'http://{field.host}:{field.port}').rstrip('/')}/"


def drawn(text: str) -> Markup:
    """A QR code as SVG: dark on light in the dark scheme too, for not every camera reads it the other way round."""
    code = segno.make(text, error="m")
    return Markup(code.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr", omitsize=True))


def _worker(session: Session, typed: str) -> User:
    """The grid worker of this log-in (or "name (log-in)", as the list offers it). Raises Refused."""
    login = typed.strip().removesuffix(")").rpartition("(")[2].strip()
    found = session.scalar(select(User).where(User.login == login, User.active, User.post == "worker"))
    if found is None:
        raise Refused("bad-field", "there is no such grid worker", "field_worker")
    return found


def _page(typed: dict[str, Any], trouble: str = "", wrong: dict[str, str] | None = None) -> str:
    query = (
        select(User.login, User.name, Department.name.label("unit"))
        .outerjoin(Department, Department.id == User.department)
        .where(User.active, User.post == "worker")
        .order_by(User.name)
    )
    with office().store.read() as session:
        return render_template(
            "field_enrol.html", workers=session.execute(query).all(), typed=typed, trouble=trouble,
            wrong=wrong or {}, minutes=office().settings.field.code_minutes, **tabs(session),
        )  # fmt: skip
