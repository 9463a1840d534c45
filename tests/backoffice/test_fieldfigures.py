"""The street in figures: handsets by state, what was refused, what waits."""

from tests.backoffice.conftest import Town
from tests.backoffice.street import in_the_street, waits


def test_the_street_is_told_in_figures(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    waits(town.store)
    told = town.app.test_client().get("/metrics").get_data(as_text=True)
    for line in (
        'gridline_handsets{state="all"} 2.0', 'gridline_handsets{state="silent"} 1.0',
        'gridline_handsets{state="blocked"} 1.0', 'gridline_field_refused{code="bad-field"} 3.0',
        'gridline_field_waiting{what="conflicts"} 2.0', 'gridline_field_waiting{what="aside"} 1.0',
        'gridline_field_waiting{what="loose"} 1.0', 'gridline_field_messages_lately{kind="report"} 0.0',
        "gridline_field_media_due 0.0", "gridline_field_media_due_bytes 0.0",
    ):  # fmt: skip
        assert f"\n{line}\n" in told, line
