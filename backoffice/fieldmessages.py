"""Words to the street and from it (街面消息): to one, a group or a department, with who has seen them; and notes."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.errors import refusal_text
from backoffice.fieldtabs import id_of, ordered, tabs
from backoffice.office import note, office, visitor
from backoffice.rights import needs
from schema.desk import fieldmessages, messages
from schema.desk.errors import Refused
from schema.fieldmessages import FieldMessage, FieldMessageCopy, FieldNote
from schema.ids import uuid7
from schema.orders import SendFieldMessage
from schema.people import User

pages = Blueprint("fieldmessages", __name__)
PER_PAGE = 50


@pages.get("/field/messages")
@needs("field.see")
def listing() -> str:
    """What was sent, newest first, each with how many have seen it; and what workers wrote to the desk."""
    return _page(request.args.getlist("to"), dict(request.args))


@pages.post("/field/messages")
@needs("field.see")
def send() -> ResponseReturnValue:
    """Send one."""
    typed, to = request.form, tuple(request.form.getlist("to"))
    try:
        order = SendFieldMessage(
            **ordered(), to=to, title=typed.get("title", ""), text=typed.get("text", "").replace("\r\n", "\n"),
            expires=_until(typed.get("expires", "")), sms=typed.get("sms") == "1",
        )  # fmt: skip
        with office().store.work() as work:
            sent = fieldmessages.send_field_message(work, order)
            note(work, "field.message", ", ".join(one["name"] for one in sent.to))
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        return _page(to, dict(typed), refusal_text(refused), refused.field), 400
    return redirect(f"/field/messages/{sent.id}", 303)


@pages.get("/field/messages/<id>")
@needs("field.see")
def one(id: str) -> str:
    """One message: to whom it went, on what handset it was shown, and when."""
    wanted = id_of(id)
    with office().store.read() as session:
        row = session.execute(_sent().where(FieldMessage.id == wanted)).first()
        if row is None:
            raise Refused("not-found", "there is no such message")
        copies = session.execute(
            select(FieldMessageCopy, User.name)
            .outerjoin(User, User.id == FieldMessageCopy.worker)
            .where(FieldMessageCopy.message == wanted)
            .order_by(FieldMessageCopy.shown_at.is_not(None), User.name, FieldMessageCopy.key)
        ).all()
        return render_template(
            "field_message.html", row=row, copies=copies, texts=fieldmessages.texts_of(session, row.FieldMessage.id),
            now=office().store.clock(), **tabs(session),
        )  # fmt: skip


@pages.post("/field/notes/<id>/read")
@needs("field.settle")
def read(id: str) -> ResponseReturnValue:
    """Somebody of the desk has read a worker's words."""
    with office().store.work() as work:
        fieldmessages.read_note(work, id_of(id), visitor().id)
    return redirect("/field/messages", 303)


def _page(to: Any, typed: dict[str, Any], trouble: str = "", field: str = "") -> str:
    with office().store.read() as session:
        return render_template(
            "field_messages.html", rows=session.execute(_sent().limit(PER_PAGE)).all(), notes=_notes(session),
            chosen=_chosen(session, to), typed=typed, trouble=trouble, trouble_field=field, order=uuid7(),
            now=office().store.clock(), **tabs(session),
        )  # fmt: skip


def _sent() -> Any:
    counts = (
        select(
            FieldMessageCopy.message,
            func.count().label("all"),
            func.count(FieldMessageCopy.sent_at).label("sent"),
            func.count(FieldMessageCopy.shown_at).label("shown"),
        )
        .group_by(FieldMessageCopy.message)
        .subquery()
    )
    return (
        select(FieldMessage, User.name, counts.c.all, counts.c.sent, counts.c.shown)
        .join(counts, counts.c.message == FieldMessage.id)
        .outerjoin(User, User.id == FieldMessage.by)
        .order_by(FieldMessage.at.desc(), FieldMessage.id)
    )


def _notes(session: Session) -> list[Any]:
    query = select(FieldNote, User.name).join(User, User.id == FieldNote.worker)
    unread_first = (FieldNote.read_at.is_not(None), FieldNote.at.desc(), FieldNote.id)
    return list(session.execute(query.order_by(*unread_first).limit(PER_PAGE)))


def _chosen(session: Session, to: Any) -> list[dict[str, Any]]:
    try:
        return messages.receivers(session, to)[0]
    except Refused:
        return []


def _until(text: str) -> datetime | None:
    """A local time as the form has it ("2026-11-30T08:00"); None for "". Raises Refused."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=office().zone)
    except ValueError:
        raise Refused("bad-field", "this is no time", "expires") from None
