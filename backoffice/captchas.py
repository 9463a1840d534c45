"""The digits that are asked for at the door after wrong tries (captcha): read from a picture, or heard."""

from functools import cache
from typing import Any

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from backoffice.office import office
from backoffice.rights import PUBLIC, needs
from schema.desk import captcha

pages = Blueprint("captchas", __name__)


@pages.get("/login/captcha/<id>.png")
@needs(PUBLIC)
def picture(id: str) -> Response:
    """The digits to be read."""
    from captcha.image import ImageCaptcha

    image = ImageCaptcha(width=240, height=90).generate(_digits(id))
    return Response(image.getvalue(), mimetype="image/png")


@pages.get("/login/captcha/<id>.wav")
@needs(PUBLIC)
def sound(id: str) -> Response:
    """The digits to be heard."""
    return Response(bytes(_voice().generate(_digits(id))), mimetype="audio/wav")


def _digits(id: str) -> str:
    with office().store.work() as work:
        digits = captcha.serve(work, id)
    if digits is None:
        abort(404)
    return digits


@cache
def _voice() -> Any:
    from captcha.audio import AudioCaptcha

    return AudioCaptcha()
