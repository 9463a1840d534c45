"""What a site's books say before it writes its own."""

import tomllib

import pytest

from conf.settings import CHECKOUT
from schema.defaults import default_body
from schema.rules.limits import USUAL


def test_the_usual_limits_are_the_rules_own() -> None:
    assert default_body("limits") == {key: limit.body() for key, limit in USUAL.items()}


@pytest.mark.parametrize("name", ["", "jokes", "../tables"])
def test_a_name_that_is_no_book_s_has_no_body(name: str) -> None:
    with pytest.raises(KeyError):
        default_body(name)


def test_every_book_that_is_a_file_in_conf_is_read_from_there() -> None:
    files = sorted((CHECKOUT / "conf" / "defaults").glob("*.toml"))
    assert "voice" in {file.stem for file in files}
    for file in files:
        assert default_body(file.stem) == tomllib.loads(file.read_text("utf-8"))
