"""What an authenticator app is told: a QR code as SVG (drawn here, no script), and the same to be typed."""

import segno
from markupsafe import Markup

from backoffice.office import office
from schema.desk import second


def qr(secret: str, login: str) -> dict[str, object]:
    """`qr` and `secret` for the templates."""
    code = segno.make(second.address(secret, login, office().settings.site.name), error="m")
    # Dark on light, in the dark scheme too: not every camera reads it the other way round.
    drawn = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr", omitsize=True)
    return {"qr": Markup(drawn), "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))}
