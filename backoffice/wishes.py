"""How one is told: the address mail goes to, what comes by mail and SMS, and the hours in which neither does."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from backoffice.errors import refusal_text
from backoffice.office import office, visitor
from backoffice.rights import LOGGED_IN, needs
from schema.desk.errors import Refused
from schema.desk.notices import set_wishes, wishes_of
from schema.people import User
from schema.rules.notices import KINDS, Wishes, minute_of

pages = Blueprint("wishes", __name__)


@pages.get("/me/notices")
@needs(LOGGED_IN)
def page() -> str:
    """What one chose."""
    with office().store.read() as session:
        return _shown(session.get_one(User, visitor().id), wishes_of(session, visitor().id))


@pages.post("/me/notices")
@needs(LOGGED_IN)
def keep() -> ResponseReturnValue:
    """Keep what one chooses now."""
    quiet = [minute_of(request.form.get(field, "")) for field in ("quiet_from", "quiet_to")]
    begin, end = (-1 if minute is None else minute for minute in quiet)
    chosen = Wishes(
        frozenset(request.form.getlist("mail_for")), frozenset(request.form.getlist("sms_for")), begin, end
    )
    mail = request.form.get("mail", "").strip()
    try:
        with office().store.work() as work:
            set_wishes(work, visitor().id, chosen, mail)
    except Refused as refused:
        if refused.code != "bad-field":
            raise
        with office().store.read() as session:
            user = session.get_one(User, visitor().id)
            return _shown(user, chosen, refusal_text(refused), refused.field, mail), 400
    return redirect("/me/notices?kept=1", 303)


def _shown(user: User, wishes: Wishes, trouble: str = "", field: str = "", mail: str | None = None) -> str:
    return render_template(
        "wishes.html",
        user=user,
        mail=user.mail if mail is None else mail,
        wishes=wishes,
        kinds=KINDS,
        trouble=trouble,
        trouble_field=field,
        kept=request.args.get("kept") == "1",
        clock=lambda minute: f"{max(minute, 0) // 60:02d}:{max(minute, 0) % 60:02d}",
    )
