"""Pieces of a photo: two on their way, never more; begun again after silence, and where the server says."""

from demo.pieces import Pieces


def test_two_pieces_are_on_their_way_and_the_next_follows_a_receipt() -> None:
    pieces = Pieces(10, 60.0)
    assert [pieces.take("a", 0, 35, 0.0) for _ in range(3)] == [(0, 10), (10, 20), None]
    pieces.answered("a", "kept", 1.0)
    assert [pieces.take("a", 10, 35, 1.0) for _ in range(2)] == [(20, 30), None]
    pieces.answered("a", "kept", 2.0)
    assert [pieces.take("a", 20, 35, 2.0) for _ in range(2)] == [(30, 35), None]
    assert pieces.take("a", 35, 35, 3.0) is None


def test_silence_begins_again_at_what_is_there() -> None:
    pieces = Pieces(10, 60.0)
    assert [pieces.take("a", 0, 35, 0.0) for _ in range(2)] == [(0, 10), (10, 20)]
    pieces.answered("a", "kept", 50.0)
    assert pieces.take("a", 10, 35, 50.0) == (20, 30)
    assert pieces.take("a", 10, 35, 100.0) is None
    assert pieces.take("a", 10, 35, 111.0) == (10, 20)


def test_a_refusal_goes_on_where_the_server_is_and_later_waits() -> None:
    pieces = Pieces(10, 60.0)
    assert [pieces.take("a", 0, 35, 0.0) for _ in range(2)] == [(0, 10), (10, 20)]
    pieces.answered("a", "refused", 1.0)
    assert pieces.take("a", 5, 35, 1.0) == (5, 15)
    pieces.answered("a", "later", 2.0, after=30.0)
    assert pieces.take("a", 5, 35, 31.0) is None
    assert pieces.take("a", 5, 35, 32.0) == (5, 15)
    pieces.forget()
    assert pieces.take("a", 5, 35, 33.0) == (5, 15)
