"""Canned replies (常用语): put in by a code or from a list in any field of a form, kept on a page."""

from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.errors import refusal_text
from backoffice.office import language, note, office, visitor
from backoffice.pinyin import letters
from backoffice.rights import needs
from schema.desk.errors import Refused
from schema.desk.phrases import drop_phrase, keep_phrase, move_phrase, phrases_for
from schema.ids import as_id, uuid7
from schema.orders import DropPhrase, KeepPhrase, MovePhrase
from schema.rules.languages import LANGUAGES

pages = Blueprint("phrases", __name__)


@pages.get("/api/phrases")
@needs("phrase.own")
def listing() -> ResponseReturnValue:
    """What one can put in, one's own first, with the letters that find each."""
    with office().store.read() as session:
        rows = phrases_for(session, visitor().id)
    return jsonify(
        [
            {
                "code": row.code,
                "language": row.language,
                "title": row.title,
                "text": row.text,
                "own": row.owner is not None,
                "letters": list(letters(row.title)),
            }
            for row in rows
        ]
    )


@pages.get("/phrases")
@needs("phrase.own")
def page() -> str:
    """One's own and everybody's."""
    return _page()


@pages.post("/phrases")
@needs("phrase.own")
def keep() -> ResponseReturnValue:
    """Make or change one."""
    shared = request.form.get("shared") == "yes"
    order = KeepPhrase(
        order=_id(request.form.get("order", "")),
        by=visitor().id,
        code=request.form.get("code", "").strip().lower(),
        language=request.form.get("language", ""),
        title=request.form.get("title", ""),
        text=request.form.get("text", "").replace("\r\n", "\n"),
        shared=shared,
        phrase=_id(request.form["phrase"]) if request.form.get("phrase") else None,
    )
    try:
        with office().store.work() as work:
            keep_phrase(work, order)
            if shared:
                note(work, "phrase.share", order.code)
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        return _page(refusal_text(refused), refused.field), 400
    return redirect("/phrases", 303)


@pages.post("/phrases/<id>/<act>")
@needs("phrase.own")
def act(id: str, act: str) -> ResponseReturnValue:
    """Move one up or down, throw it away or take it back."""
    wanted = _id(id)
    gone = ""
    try:
        with office().store.work() as work:
            if act in ("up", "down"):
                move_phrase(work, MovePhrase(by=visitor().id, phrase=wanted, up=act == "up"))
            elif act in ("delete", "back"):
                phrase = drop_phrase(work, DropPhrase(by=visitor().id, phrase=wanted, back=act == "back"))
                gone = f"?undo={phrase.id}" if act == "delete" else ""
                if phrase.owner is None:
                    note(work, "phrase.share", phrase.code, reason=act)
            else:
                abort(404)
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        return _page(refusal_text(refused), refused.field), 400
    return redirect(f"/phrases{gone}", 303)


def _page(trouble: str = "", field: str = "") -> str:
    with office().store.read() as session:
        rows = phrases_for(session, visitor().id)
    edit = request.args.get("edit", "") or request.form.get("phrase", "")
    return render_template(
        "phrases.html",
        own=[row for row in rows if row.owner is not None],
        shared=[row for row in rows if row.owner is None],
        edited=next((row for row in rows if str(row.id) == edit), None),
        languages_of=LANGUAGES,
        chosen=language(),
        trouble=trouble,
        trouble_field=field,
        typed=request.form if trouble else None,
        undo=request.args.get("undo", "")[:36],
        order=uuid7(),
    )


def _id(text: str) -> UUID:
    try:
        return as_id(text)
    except ValueError:
        abort(404)
