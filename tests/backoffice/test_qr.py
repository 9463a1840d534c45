"""What the app scans is what is written beside it."""

from backoffice.qr import qr
from tests.backoffice.conftest import Town


def test_the_code_is_drawn_without_script_or_style_and_the_secret_is_written_in_fours(town: Town) -> None:
    with town.app.test_request_context("/me"):
        drawn = qr("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "li")
    assert drawn["secret"] == "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"
    assert (
        str(drawn["qr"]).startswith("<svg")
        and "style" not in str(drawn["qr"])
        and "<script" not in str(drawn["qr"])
    )
    assert 'viewBox="0 0' in str(drawn["qr"])
