"""The wallboard of a supervisor: the day's figures, every seat, and the callers who wait."""

from flask import Blueprint, render_template

from backoffice.figures import CONNECT_TARGET, Figures, figures, midnight
from backoffice.office import office
from backoffice.rights import needs

pages = Blueprint("wallboard", __name__)


@pages.get("/wallboard")
@needs("board.see")
def board() -> str:
    """The whole board; seats and waiting callers are kept by the live feed."""
    return render_template("wallboard.html", figures=_today(), target=CONNECT_TARGET)


@pages.get("/wallboard/figures")
@needs("board.see")
def numbers() -> str:
    """The figures alone."""
    return render_template("figures.html", figures=_today(), target=CONNECT_TARGET)


def _today() -> Figures:
    found = office()
    with found.store.read() as session:
        return figures(session, midnight(found.store.clock(), found.zone))
