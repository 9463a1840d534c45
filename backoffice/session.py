"""The session: where it begins for whom, its end, and the language of the screens."""

from flask import Blueprint, g, jsonify, redirect, request
from werkzeug.wrappers import Response

from backoffice.door import A_YEAR
from backoffice.guard import LANGUAGE_COOKIE, SESSION_COOKIE, local_path
from backoffice.office import note, office, visitor
from backoffice.rights import LOGGED_IN, PUBLIC, home_of, needs
from schema.desk import people, sessions
from schema.rules.languages import LANGUAGES

pages = Blueprint("session", __name__)


@pages.get("/")
@needs(LOGGED_IN)
def home() -> Response:
    """To where this person's work is."""
    return redirect(home_of(visitor()))


@pages.get("/api/here")
@needs(LOGGED_IN)
def here() -> Response:
    """Whether this session still holds."""
    return jsonify(login=visitor().login)


@pages.post("/logout")
@needs(LOGGED_IN)
def log_out() -> Response:
    """End this session."""
    with office().store.work() as work:
        via = sessions.end(work, visitor().token_hash)
        note(work, "log-out", visitor().login)
    answer = redirect("/login?left=oidc" if via == "oidc" else "/login", 303)
    answer.delete_cookie(SESSION_COOKIE)
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@pages.post("/language")
@needs(PUBLIC)
def switch_language() -> Response:
    """Read the screens in another language from now on; stored with the user and in a cookie."""
    wanted = request.form.get("language", "")
    answer = redirect(local_path(request.form.get("next", "/")), 303)
    if wanted in LANGUAGES:
        if g.visitor:
            with office().store.work() as work:
                people.set_language(work, g.visitor.id, wanted)
        secure = office().settings.web.secure_cookies
        answer.set_cookie(
            LANGUAGE_COOKIE, wanted, max_age=A_YEAR, samesite="Strict", httponly=True, secure=secure
        )
    return answer
