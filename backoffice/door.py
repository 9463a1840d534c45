"""The door: password, captcha after wrong tries, second factor, a new password where one is due; then a session."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from backoffice.guard import DOOR_COOKIE, LANGUAGE_COOKIE, SESSION_COOKIE, local_path
from backoffice.office import office, say, shown
from backoffice.qr import qr
from backoffice.rights import PUBLIC, needs
from schema.desk import audit, captcha, halfway, passwords, people, second, sessions
from schema.people import User
from schema.store import StoreUnreachable, UnitOfWork

pages = Blueprint("door", __name__)
HALF_COOKIE = "gridline_half"
A_YEAR = 365 * 24 * 3600


@pages.get("/login")
@needs(PUBLIC)
def page() -> str | AnyResponse:
    """The door."""
    if g.visitor:
        return redirect(local_path(request.args.get("next", "/")))
    return door()


@pages.post("/login")
@needs(PUBLIC)
def log_in() -> AnyResponse | tuple[str, int]:
    """Check login and password – after the digits, where they are asked for – and go on."""
    found = office()
    login, password = request.form.get("login", "").replace("\0", ""), request.form.get("password", "")
    if request.form.get("another") is not None:
        return door(login=login), 200
    if not login.strip() or not password:
        return door(say("login.both"), login), 400
    if captcha_wanted(login):
        given, answer = request.form.get("captcha", ""), request.form.get("digits", "")
        if not given or not captcha.solve(found.store, given, answer):
            if given:
                with found.store.work() as work:
                    audit.note(work, "log-in", login.strip().lower(), who=None, login=login.strip().lower(), ip=_ip(),
                               allowed=False, reason="wrong digits")  # fmt: skip
            return door(say("login.digits_wrong" if given else "login.digits_first"), login), 401
    try:
        user = people.check_login(found.store, login, password, _ip())
    except people.WrongLogin:
        return door(say("login.wrong"), login), 401
    except people.LockedOut as locked:
        return door(locked_text(locked), login), 429
    return go_on(user, local_path(request.form.get("next", "/")))


@pages.get("/login/step")
@needs(PUBLIC)
def step() -> Any:
    """What is left to do on the way in."""
    half = _half()
    if half is None:
        return redirect("/login")
    if not half.left:
        return _through(half)
    return _step(half)


@pages.post("/login/code")
@needs(PUBLIC)
def give_code() -> Any:
    """A code of the authenticator, or a recovery code."""
    half = _half()
    if half is None or half.left != "code":
        return redirect("/login/step", 303)
    try:
        with office().store.work() as work:
            how = second.check(work, half.user.id, request.form.get("code", ""), office().sealer, _ip())
            if how:
                halfway.hold(work, half)
    except people.LockedOut as locked:
        return _step(half, locked_text(locked)), 429
    if not how:
        return _step(half, say("second.wrong")), 401
    return redirect("/login/step", 303)


@pages.post("/login/enrol")
@needs(PUBLIC)
def enrol() -> Any:
    """The first code of an authenticator that the post must have; the answer shows the recovery codes, once."""
    half = _half()
    if half is None or half.left != "enrol":
        return redirect("/login/step", 303)
    with office().store.work() as work:
        codes = second.confirm(work, half.user.id, request.form.get("code", ""), office().sealer, _ip())
        if codes is not None:
            halfway.hold(work, half)
    if codes is None:
        return _step(half, say("second.wrong")), 401
    return render_template("recovery_codes.html", codes=codes, onward="/login/step")


@pages.post("/login/password")
@needs(PUBLIC)
def new_password() -> Any:
    """A password of one's own in place of one that was given, or is too old."""
    half = _half()
    if half is None or half.left != "password":
        return redirect("/login/step", 303)
    user, fresh = half.user, request.form.get("fresh", "")
    trouble = password_trouble(user, fresh, request.form.get("again", ""))
    if not trouble and passwords.verified(user.password, fresh):
        trouble = say("password.same")
    if trouble:
        return _step(half, trouble), 400
    stored = passwords.hashed(fresh, office().password_rules, (user.login, user.name))
    with office().store.work() as work:
        row = work.session.get(User, user.id, with_for_update=True)
        if row is None:
            abort(404)
        people.keep_password(work, row, stored)  # ends what is half done too
        audit.note(work, "door.password", row.login, who=row.id, login=row.login, ip=_ip())
        return _session(work, row, half.next, reason="second factor" if half.held else "")


@pages.post("/login/leave")
@needs(PUBLIC)
def leave() -> AnyResponse:
    """Back to the door."""
    half = _half()
    if half is not None:
        with office().store.work() as work:
            halfway.end(work, half)
    answer = redirect("/login", 303)
    answer.delete_cookie(HALF_COOKIE, path="/login")
    return answer


# -- what others need of the door --------------------------------------------------------------------------------


def go_on(user: User, wanted: str, *, via: str = "password", held: bool = False) -> AnyResponse:
    """The password held (or, `via` oidc, another house says who it is): a session, or the page of what is left."""
    with office().store.work() as work:
        token = halfway.begin(work, user, wanted, via=via, held=held)
        half = halfway.find(work.session, token, work.now, office().wants)
        if half is not None and not half.left:
            halfway.end(work, half)
            return _session(work, user, wanted, reason=via if via != "password" else "", via=via)
    answer = redirect("/login/step", 303)
    answer.set_cookie(
        HALF_COOKIE, token, max_age=int(halfway.LASTS.total_seconds()), httponly=True, samesite="Strict",
        secure=office().settings.web.secure_cookies, path="/login",
    )  # fmt: skip
    return answer


def session_cookie(answer: AnyResponse, work: UnitOfWork, user: User, via: str = "password") -> None:
    """Begin a session and let the answer carry its cookie."""
    lasts = timedelta(hours=office().settings.web.session_hours)
    token = sessions.begin(work, user, ip=_ip(), agent=request.user_agent.string, lasts=lasts, via=via)
    answer.set_cookie(
        SESSION_COOKIE, token, max_age=int(lasts.total_seconds()), httponly=True, samesite="Strict",
        secure=office().settings.web.secure_cookies,
    )  # fmt: skip


def password_trouble(user: User, fresh: str, again: str) -> str:
    """What is wrong with a new password, in the reader's language."""
    if fresh != again:
        return say("password.differ")
    try:
        passwords.check(fresh, office().password_rules, (user.login, user.name))
    except passwords.WeakPassword as weak:
        return say(f"password.{weak.why}", length=office().password_rules.length)
    return ""


def locked_text(locked: people.LockedOut) -> str:
    """Until when the door is shut, in the reader's language."""
    seconds = max(1, round((locked.until - office().store.clock()).total_seconds()))
    return say("login.locked", seconds=seconds, until=shown(locked.until))


def captcha_wanted(login: str) -> bool:
    """Whether this login, or this address, has had so many wrong tries that digits are asked for."""
    after, store = office().settings.door.captcha_after, office().store
    if after <= 0:
        return False
    with store.read() as session:
        return people.wrong_tries(session, login, _ip(), store.clock()) >= after


# -- inside ------------------------------------------------------------------------------------------------------


def _ip() -> str:
    return request.remote_addr or ""


def door(trouble: str = "", login: str = "") -> str:
    """The page, with digits where they are asked for."""
    try:
        asked = _asked(login)
    except StoreUnreachable:
        asked = ""  # the page shows all the same; what is typed there is checked when the database is back
    wanted = local_path(request.values.get("next", "/"))
    return render_template(
        "login.html", trouble=trouble, login=login[:60], next=wanted, captcha=asked, oidc=office().settings.oidc,
        left=request.args.get("left", ""),
    )  # fmt: skip


def _asked(login: str) -> str:
    if not captcha_wanted(login):
        return ""
    with office().store.work() as work:
        return captcha.begin(work)


def _half() -> halfway.Half | None:
    store = office().store
    with store.read() as session:
        return halfway.find(session, request.cookies.get(HALF_COOKIE, ""), store.clock(), office().wants)


def _step(half: halfway.Half, trouble: str = "") -> str:
    more: dict[str, Any] = {}
    if half.left == "enrol":
        with office().store.work() as work:
            secret = second.begin(work, half.user.id, office().sealer)
        more = qr(secret, half.user.login)
    return render_template(
        "login_step.html", left=half.left, who=half.user, trouble=trouble, length=office().password_rules.length,
        **more,
    )  # fmt: skip


def _through(half: halfway.Half) -> AnyResponse:
    with office().store.work() as work:
        user = work.session.get(User, half.user.id, with_for_update=True)
        if user is None:
            abort(404)
        user.failures, user.locked_until = 0, None
        halfway.end(work, half)
        said = ("oidc",) if half.via == "oidc" else ()
        return _session(
            work,
            user,
            half.next,
            reason=", ".join((*said, "second factor")) if half.held else "",
            via=half.via,
        )


def _session(
    work: UnitOfWork, user: User, wanted: str, *, reason: str = "", via: str = "password"
) -> AnyResponse:
    """A session, and the way to `wanted`. `reason`: what held besides a password, whose own row is there already."""
    if reason:
        audit.note(work, "log-in", user.login, who=user.id, login=user.login, ip=_ip(), reason=reason)
    if g.visitor:
        sessions.end(work, g.visitor.token_hash)
    answer = redirect(wanted, 303)
    session_cookie(answer, work, user, via)
    answer.set_cookie(
        LANGUAGE_COOKIE, user.language, max_age=A_YEAR, samesite="Strict", httponly=True,
        secure=office().settings.web.secure_cookies,
    )  # fmt: skip
    answer.delete_cookie(DOOR_COOKIE)
    answer.delete_cookie(HALF_COOKIE, path="/login")
    return answer
