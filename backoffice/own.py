"""One's own page: who one is here, the password, the second factor, and where one is logged in."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request

from backoffice.door import locked_text, password_trouble, session_cookie
from backoffice.office import note, office, say, visitor
from backoffice.qr import qr
from backoffice.rights import LOGGED_IN, needs
from schema.desk import passwords, people, second, sessions
from schema.desk.errors import Refused
from schema.people import User

pages = Blueprint("own", __name__)

# The first that fits counts: Edge and Opera say that they are Chrome too, Chrome that it is Safari.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


@pages.get("/me")
@needs(LOGGED_IN)
def me() -> str:
    """Who one is here, and how one's door is kept."""
    return _page()


@pages.post("/me/password")
@needs(LOGGED_IN)
def change_password() -> Any:
    """Another password; every other session ends."""
    user, wrong = _proved()
    if wrong:
        return _page(password_wrong=wrong), 401
    fresh = request.form.get("fresh", "")
    trouble = password_trouble(user, fresh, request.form.get("again", ""))
    if not trouble and fresh == request.form.get("password"):
        trouble = say("password.same")
    if trouble:
        return _page(password_wrong=trouble), 400
    stored = passwords.hashed(fresh, office().password_rules, (user.login, user.name))
    answer = redirect("/me?done=password", 303)
    with office().store.work() as work:
        row = work.session.get(User, user.id, with_for_update=True)
        if row is None:
            abort(404)
        people.keep_password(work, row, stored)
        session_cookie(answer, work, row)
        note(work, "door.password", row.login)
    return answer


@pages.post("/me/second")
@needs(LOGGED_IN)
def begin_second() -> Any:
    """Show the secret of a second factor, for an app to take."""
    user, wrong = _proved()
    if wrong:
        return _page(second_wrong=wrong), 401
    return _enrol(user)


@pages.post("/me/second/confirm")
@needs(LOGGED_IN)
def confirm_second() -> Any:
    """Take it into use by its first code; the answer shows the recovery codes, once."""
    user = _user()
    try:
        with office().store.work() as work:
            codes = second.confirm(work, user.id, request.form.get("code", ""), office().sealer, _ip())
    except Refused:
        return redirect("/me", 303)
    if codes is None:
        return _enrol(user, say("second.wrong")), 401
    return render_template("recovery_codes.html", codes=codes, onward="/me")


@pages.post("/me/second/codes")
@needs(LOGGED_IN)
def fresh_codes() -> Any:
    """New recovery codes for a code of the app."""
    wrong = _held()
    if wrong:
        return _page(second_wrong=wrong), 401
    with office().store.work() as work:
        codes = second.new_codes(work, visitor().id, _ip())
    return render_template("recovery_codes.html", codes=codes, onward="/me")


@pages.post("/me/second/off")
@needs(LOGGED_IN)
def end_second() -> Any:
    """Do without a second factor again, where the post may."""
    if visitor().post in office().settings.door.second_factor_for:
        return _page(second_wrong=say("second.must")), 403
    wrong = _held()
    if wrong:
        return _page(second_wrong=wrong), 401
    with office().store.work() as work:
        second.reset(work, visitor().id)
        note(work, "door.second-off", visitor().login)
    return redirect("/me?done=second", 303)


def _ip() -> str:
    return request.remote_addr or ""


def _user() -> User:
    with office().store.read() as session:
        user = session.get(User, visitor().id)
    if user is None:
        abort(404)
    return user


def _proved() -> tuple[User, str]:
    """The visitor, and what is wrong with the password they gave as theirs; it counts as at the door."""
    user = _user()
    now = office().store.clock()
    if user.locked_until is not None and user.locked_until > now:
        return user, locked_text(people.LockedOut(user.locked_until))
    if passwords.verified(user.password, request.form.get("password", "")[:200]):
        return user, ""
    with office().store.work() as work:
        row = work.session.get(User, user.id, with_for_update=True)
        if row is not None:
            people.wrong_try(work, row)
        note(work, "door.prove", user.login, allowed=False, reason=people.WRONG)
    return user, say("password.wrong")


def _held() -> str:
    """What is wrong with the code they gave."""
    try:
        with office().store.work() as work:
            how = second.check(work, visitor().id, request.form.get("code", ""), office().sealer, _ip())
    except people.LockedOut as locked:
        return locked_text(locked)
    except Refused:
        return say("second.none")
    return "" if how else say("second.wrong")


def _enrol(user: User, trouble: str = "") -> str:
    with office().store.work() as work:
        secret = second.begin(work, user.id, office().sealer)
    return render_template("second_enrol.html", trouble=trouble, **qr(secret, user.login))


def browser_name(agent: str) -> str:
    """A browser and its system as people call them, from what it says of itself; that text where neither is known."""
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or agent


def _page(password_wrong: str = "", second_wrong: str = "") -> str:
    store, who = office().store, visitor()
    with store.read() as session:
        user = session.get(User, who.id)
        on = second.is_on(session, who.id)
        left = second.codes_left(session, who.id) if on else 0
        open_ = sessions.open_of(session, who.id, store.clock())
    return render_template(
        "me.html", user=user, on=on, left=left, open=open_, password_wrong=password_wrong, second_wrong=second_wrong,
        length=office().password_rules.length, done=request.args.get("done", ""), mine=who.token_hash,
        browser_name=browser_name, must=who.post in office().settings.door.second_factor_for,
    )  # fmt: skip
