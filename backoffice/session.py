"""Log-in, log-out and the language of the screens."""

from datetime import timedelta

from flask import Blueprint, g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from backoffice.guard import DOOR_COOKIE, LANGUAGE_COOKIE, SESSION_COOKIE, local_path
from backoffice.office import note, office, say, shown, visitor
from backoffice.rights import LOGGED_IN, PUBLIC, home_of, needs
from backoffice.words import LANGUAGES
from schema.desk import people, sessions

pages = Blueprint("session", __name__)
_A_YEAR = 365 * 24 * 3600


@pages.get("/")
@needs(LOGGED_IN)
def home() -> Response:
    """To where this person's work is."""
    return redirect(home_of(visitor()))


@pages.get("/me")
@needs(LOGGED_IN)
def me() -> str:
    """Who one is here; the start page of posts whose work is not on these screens."""
    return render_template("me.html")


@pages.get("/api/here")
@needs(LOGGED_IN)
def here() -> Response:
    """Whether this session still holds."""
    return jsonify(login=visitor().login)


@pages.get("/login")
@needs(PUBLIC)
def login_page() -> str | Response:
    """The door."""
    if g.visitor:
        return redirect(local_path(request.args.get("next", "/")))
    return _door()


@pages.post("/login")
@needs(PUBLIC)
def log_in() -> Response | tuple[str, int]:
    """Check login and password; start a session."""
    found = office()
    login, password = request.form.get("login", ""), request.form.get("password", "")
    if not login.strip() or not password:
        return _door(say("login.both"), login), 400
    try:
        user = people.check_login(found.store, login, password, request.remote_addr or "")
    except people.WrongLogin:
        return _door(say("login.wrong"), login), 401
    except people.LockedOut as locked:
        seconds = max(1, round((locked.until - found.store.clock()).total_seconds()))
        return _door(say("login.locked", seconds=seconds, until=shown(locked.until)), login), 429
    lasts = timedelta(hours=found.settings.web.session_hours)
    with found.store.work() as work:
        if g.visitor:
            sessions.end(work, g.visitor.token_hash)
        token = sessions.begin(
            work, user, ip=request.remote_addr or "", agent=request.user_agent.string, lasts=lasts
        )
        who = sessions.find(work.session, token, work.now)
    wanted = local_path(request.form.get("next", "/"))
    answer = redirect((home_of(who) if who else "/") if wanted == "/" else wanted, 303)
    secure = found.settings.web.secure_cookies
    answer.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=secure,
    )
    answer.set_cookie(
        LANGUAGE_COOKIE, user.language, max_age=_A_YEAR, samesite="Strict", httponly=True, secure=secure
    )
    answer.delete_cookie(DOOR_COOKIE)
    return answer


@pages.post("/logout")
@needs(LOGGED_IN)
def log_out() -> Response:
    """End this session."""
    with office().store.work() as work:
        sessions.end(work, visitor().token_hash)
        note(work, "log-out", visitor().login)
    answer = redirect("/login", 303)
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
            LANGUAGE_COOKIE, wanted, max_age=_A_YEAR, samesite="Strict", httponly=True, secure=secure
        )
    return answer


def _door(trouble: str = "", login: str = "") -> str:
    wanted = local_path(request.values.get("next", "/"))
    return render_template("login.html", trouble=trouble, login=login[:60], next=wanted)
