import pytest

from cti import notes
from cti.ami import fields, message
from tests.cti.play import WANG


@pytest.mark.parametrize(
    ("note", "what"),
    [
        (notes.seat_opening("101"), "SeatOpening"),
        (notes.seat_opened("101", WANG, "王\r\nEvent: x"), "SeatOpened"),
        (notes.seat_closed("101"), "SeatClosed"),
        (notes.seat_seen("101", online=True), "SeatSeen"),
        (notes.seat_ready("101"), "SeatReady"),
        (notes.seat_paused("101", "rest"), "SeatPaused"),
        (notes.wrapped_up("101", "timer"), "WrapUpEnded"),
    ],
)
def test_a_note_fits_the_tape(note: notes.Note, what: str) -> None:
    read = fields(message(note))
    assert (read["Event"], read["What"], read["Seat"]) == ("Note", what, "101")


def test_a_long_reason_is_cut_to_its_column_and_says_so() -> None:
    assert notes.seat_paused("101", "x" * 100)["Reason"] == "x" * 39 + "…"
    assert notes.seat_paused("101", "x" * 40)["Reason"] == "x" * 40
