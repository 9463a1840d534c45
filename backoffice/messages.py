"""Messages between people who work here: one's boxes, threads, writing, and the groups that are written to."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.errors import refusal_text
from backoffice.office import note, office, say, visitor
from backoffice.pinyin import letters
from backoffice.rights import LOGGED_IN, needs
from schema.desk import announcements, messages
from schema.desk.errors import Refused
from schema.ids import as_id, uuid7
from schema.orders import KeepGroup, SendMessage
from schema.people import Department, User

pages = Blueprint("messages", __name__)
PER_PAGE = 50
MOST_FOUND = 12
ACTS = ("read", "unread", "delete", "back")


@pages.get("/messages")
@needs(LOGGED_IN)
def box() -> str:
    """What came in, or what one sent: newest first, by words."""
    name = messages.SENT if request.args.get("box") == messages.SENT else messages.IN
    words = request.args.get("q", "").strip()[:60]
    with office().store.read() as session:
        rows = messages.box_of(
            session, visitor().id, name, words, _id(request.args.get("before")), PER_PAGE + 1
        )
        undo = [id for text in request.args.getlist("undo") if (id := _id(text))]
        return render_template(
            "messages.html",
            rows=rows[:PER_PAGE],
            more=rows[PER_PAGE - 1].message.id if len(rows) > PER_PAGE else None,
            box=name,
            words=words,
            undo=undo,
        )


@pages.get("/messages/new")
@needs("message.send")
def new() -> str:
    """A message to write; ?to=user:ID names whom to already."""
    with office().store.read() as session:
        return _form(session, request.args.getlist("to"))


@pages.post("/messages")
@needs("message.send")
def send() -> ResponseReturnValue:
    """Send one."""
    reply = _id(request.form.get("reply"))
    to = tuple(request.form.getlist("to"))
    try:
        with office().store.work() as work:
            sent = messages.send_message(
                work,
                SendMessage(
                    order=_id(request.form.get("order")) or uuid7(),
                    by=visitor().id,
                    to=to,
                    subject=request.form.get("subject", "").strip(),
                    text=request.form.get("text", "").replace("\r\n", "\n"),
                    reply=reply,
                ),
            )
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        with office().store.read() as session:
            if reply is not None:
                return _thread(session, reply, refusal_text(refused)), 400
            return _form(session, to, refusal_text(refused), refused.field), 400
    return redirect(f"/messages/{sent.id}" if reply else "/messages?box=sent", 303)


@pages.get("/messages/<id>")
@needs(LOGGED_IN)
def thread(id: str) -> str:
    """A thread, as far as it is in one's own boxes; it is read by that."""
    wanted = _id(id)
    if wanted is None:
        abort(404)
    with office().store.read() as session:
        rows = messages.thread_of(session, visitor().id, wanted)
    new = [row.message.id for row in rows if row.copy.box == messages.IN and row.copy.read_at is None]
    if new:
        with office().store.work() as work:
            messages.mark_read(work, visitor().id, new)
    with office().store.read() as session:
        return _thread(session, wanted)


@pages.post("/messages/mark")
@needs(LOGGED_IN)
def mark() -> ResponseReturnValue:
    """Mark those chosen read or unread, throw them away or take them back."""
    act = request.form.get("act", "")
    chosen = [id for text in request.form.getlist("id")[:PER_PAGE] if (id := _id(text))]
    if act not in ACTS:
        abort(400)
    with office().store.work() as work:
        if act in ("read", "unread"):
            messages.mark_read(work, visitor().id, chosen, act == "read")
        else:
            messages.throw_away(work, visitor().id, chosen, back=act == "back")
    box = messages.SENT if request.form.get("box") == messages.SENT else messages.IN
    undo = "".join(f"&undo={id}" for id in chosen) if act == "delete" else ""
    return redirect(f"/messages?box={box}{undo}", 303)


@pages.get("/api/news")
@needs(LOGGED_IN)
def news() -> ResponseReturnValue:
    """What every page shows: how many messages are not read, and the announcements."""
    with office().store.read() as session:
        shown = announcements.announced_to(session, visitor().id, office().store.clock())
        return jsonify(
            unread=messages.unread(session, visitor().id),
            announcements=[{"id": str(row.id), "text": row.text} for row in shown],
        )


@pages.get("/api/receivers")
@needs("message.send")
def receivers() -> ResponseReturnValue:
    """Who can be written to, by name, log-in or the letters a Chinese name is typed with."""
    words = request.args.get("q", "").strip().lower()[:40]
    with office().store.read() as session:
        found = [row for row in _everybody(session) if fits(words, row)]
    return jsonify([{key: row[key] for key in ("to", "name", "more")} for row in found[:MOST_FOUND]])


@pages.get("/messages/groups")
@needs("message.group")
def groups() -> str:
    """The groups there are."""
    return _groups()


@pages.post("/messages/groups")
@needs("message.group")
def keep_group() -> ResponseReturnValue:
    """Make, change or give up a group."""
    gone = request.form.get("act") == "delete"
    members = () if gone else tuple(id for text in request.form.getlist("members") if (id := _id(text)))
    order = KeepGroup(
        order=_id(request.form.get("order")) or uuid7(),
        by=visitor().id,
        group=_id(request.form.get("group")),
        name=request.form.get("name", "").strip(),
        members=members,
    )
    try:
        with office().store.work() as work:
            if not (members or gone):
                raise Refused("bad-field", "choose who is in it", "members")
            messages.keep_group(work, order)
            note(work, "message.group", order.name)
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        return _groups(refusal_text(refused)), 400
    return redirect("/messages/groups", 303)


def fits(words: str, row: dict[str, Any]) -> bool:
    """Whether what is typed finds somebody."""
    name = str(row["name"]).lower()
    if not words or words in name or str(row["login"]).startswith(words):
        return True
    return any(typed.startswith(words.replace(" ", "")) for typed in letters(str(row["name"])))


def _everybody(session: Session) -> list[dict[str, Any]]:
    people = session.execute(
        select(User.id, User.name, User.login, User.post).where(User.active).order_by(User.name)
    )
    found: list[dict[str, Any]] = [
        {"to": f"group:{row.id}", "name": row.name, "login": "", "more": say("message.to.group")}
        for row in messages.groups(session)
    ]
    found += [
        {"to": f"department:{id}", "name": name, "login": "", "more": say("message.to.department")}
        for id, name in session.execute(select(Department.id, Department.name).order_by(Department.name))
    ]
    return found + [
        {"to": f"user:{id}", "name": name, "login": login, "more": say(f"post.{post}")}
        for id, name, login, post in people
    ]


def _form(session: Session, to: Any, trouble: str = "", field: str = "") -> str:
    try:
        chosen, _people = messages.receivers(session, to)
    except Refused:
        chosen = []
    return render_template(
        "message_new.html",
        chosen=chosen,
        trouble=trouble,
        trouble_field=field,
        typed=request.form,
        order=uuid7(),
    )


def _thread(session: Session, id: UUID, trouble: str = "") -> str:
    rows = messages.thread_of(session, visitor().id, id)
    last = rows[-1].message if rows else None
    # An answer goes to who wrote last; after one's own, to whom that was written.
    other = next(
        (row.message.sender for row in reversed(rows) if row.message.sender not in (None, visitor().id)), None
    )
    answer = (
        [f"user:{other}"] if other else [f"{one['kind']}:{one['id']}" for one in (last.to if last else [])]
    )
    return render_template(
        "message_thread.html",
        rows=rows,
        last=last,
        answer=answer,
        trouble=trouble,
        typed=request.form,
        order=uuid7(),
    )


def _groups(trouble: str = "") -> str:
    with office().store.read() as session:
        people = session.scalars(select(User).where(User.active).order_by(User.name)).all()
        return render_template(
            "message_groups.html",
            groups=messages.groups(session),
            people=people,
            trouble=trouble,
            order=uuid7,
        )


def _id(text: str | None) -> UUID | None:
    try:
        return as_id(text or "")
    except ValueError:
        return None
