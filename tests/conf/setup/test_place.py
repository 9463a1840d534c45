"""Where things go, and when a step must be done again."""

from pathlib import Path

from conf.setup.place import Place, find, mark


def test_a_step_is_current_only_with_its_stamp_its_mark_and_its_result(place: Place) -> None:
    result = place.var / "result"
    assert not place.is_current("step", "m1", result)
    place.keep("step", "m1")
    assert not place.is_current("step", "m1", result)
    result.write_text("made")
    assert place.is_current("step", "m1", result)
    assert not place.is_current("step", "m2", result)
    assert place.was_done("step") and not place.was_done("other")


def test_the_mark_follows_content_and_words_but_not_time(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    file.write_text("a")
    first = mark([file], "x")
    file.write_text("b")
    second = mark([file], "x")
    file.write_text("a")
    assert mark([file], "x") == first != second
    assert mark([file], "xy") != mark([file], "x", "y")


def test_places_come_from_the_environment(tmp_path: Path) -> None:
    named = find(tmp_path, {"GRIDLINE_VAR": "/data", "XDG_CACHE_HOME": "/caches", "HOME": "/root"})
    assert (named.var, named.cache, named.venv) == (
        Path("/data"),
        Path("/caches/gridline"),
        Path("/data/venv"),
    )
    at_home = find(tmp_path, {"HOME": str(tmp_path)})
    assert (at_home.var, at_home.cache) == (tmp_path / "var", tmp_path / ".cache" / "gridline")


def test_who_has_no_home_keeps_the_cache_under_var(tmp_path: Path) -> None:
    assert find(tmp_path, {"HOME": str(tmp_path / "absent")}).cache == tmp_path / "var" / "cache"
