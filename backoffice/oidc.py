"""Log-in by another house: out to it, back from it, and out of it again."""

import structlog
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from backoffice.door import door, go_on
from backoffice.guard import local_path
from backoffice.office import Office, office, say
from backoffice.oidcfaults import BadToken, HouseDown
from backoffice.rights import PUBLIC, needs
from schema.desk import audit, identities
from schema.desk.errors import Refused

pages = Blueprint("oidc", __name__)
log = structlog.get_logger()
COOKIE = "gridline_oidc"
PATH = "/login/oidc"


@pages.get("/login/oidc")
@needs(PUBLIC)
def out() -> AnyResponse | tuple[str, int]:
    """To the other house."""
    found = _office()
    with found.store.work() as work:
        flow = identities.begin(work, local_path(request.args.get("next", "/")))
    try:
        answer = redirect(found.house.ask(_back(), flow.state, flow.nonce, flow.verifier))
    except HouseDown as down:
        return _down(down)
    # Lax, not Strict: the way back begins at the other house.
    answer.set_cookie(
        COOKIE, flow.browser, max_age=int(identities.LASTS.total_seconds()), httponly=True, samesite="Lax",
        secure=found.settings.web.secure_cookies, path=PATH,
    )  # fmt: skip
    return answer


@pages.get("/login/oidc/back")
@needs(PUBLIC)
def back() -> Response | tuple[str, int]:
    """Back from it, with a code or with what went wrong there."""
    found, oidc = _office(), _office().settings.oidc
    state, browser = request.args.get("state", "")[:200], request.cookies.get(COOKIE, "")[:200]
    with found.store.work() as work:
        flow = identities.back(work, state, browser)
    if flow is None:
        return door(say("oidc.stale")), 400
    if error := request.args.get("error", ""):
        return _refused(
            f"{error[:80]} there", say("oidc.cancelled" if error == "access_denied" else "oidc.refused")
        )
    try:
        claims = found.house.claims(
            _back(),
            request.args.get("code", "")[:4000],
            request.args.get("iss", ""),
            flow.nonce,
            flow.verifier,
        )
    except HouseDown as down:
        return _down(down)
    except BadToken as bad:
        log.error("a log-in by the other house does not hold", reason=str(bad))
        return _refused("no proof from there", say("oidc.refused"))
    try:
        with found.store.work() as work:
            user = identities.user_of(work, oidc.issuer, claims, oidc.claim, oidc.post)
    except Refused as refused:
        log.warning("somebody of the other house is not let in", subject=claims["sub"], reason=refused.text)
        return _refused("nobody here", say("oidc.nobody"))
    onward = go_on(user, flow.next, via="oidc", held=oidc.second_factor_there)
    # A redirect from here would still count as coming from the other house, and carry no Strict cookie: a page of our
    # own goes on by itself.
    page = make_response(render_template("onward.html", onward=onward.location))
    for cookie in onward.headers.getlist("Set-Cookie"):
        page.headers.add("Set-Cookie", cookie)
    page.delete_cookie(COOKIE, path=PATH)
    return page


@pages.get("/login/oidc/leave")
@needs(PUBLIC)
def leave() -> AnyResponse | tuple[str, int]:
    """Out of the other house, too."""
    found = _office()
    try:
        return redirect(found.house.way_out(_here() + "/login") or "/login")
    except HouseDown as down:
        return _down(down)


def _office() -> Office:
    if not office().settings.oidc.issuer:
        abort(404)
    return office()


def _here() -> str:
    return office().settings.oidc.address.rstrip("/") or request.host_url.rstrip("/")


def _back() -> str:
    return _here() + "/login/oidc/back"


def _down(down: HouseDown) -> tuple[str, int]:
    log.error("the other house's log-in does not answer", reason=str(down))
    return door(say("oidc.down")), 503


def _refused(reason: str, text: str) -> tuple[str, int]:
    with office().store.work() as work:
        audit.note(
            work, "log-in", "oidc", who=None, ip=request.remote_addr or "", allowed=False, reason=reason
        )
    return door(text), 401
