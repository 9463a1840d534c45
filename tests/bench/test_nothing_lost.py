"""The bench fails when anything was lost, doubled, different or refused, and says what."""

from bench.nothing_lost import Stage, broken


def test_what_may_not_be_is_named() -> None:
    good = {"lost": 0.0, "doubled": 0.0, "differences": 0.0, "refused": 0.0, "reports_per_s": 0.0}
    assert broken(good) == []
    assert broken(good | {"doubled": 1.0, "refused": 2.0}) == ["doubled", "refused"]


def test_the_killing_ends_with_the_handsets() -> None:
    assert Stage._ends(lambda: 0, 3600)
    assert not Stage._ends(lambda: None, 0)
