"""What a site's books say before it writes its own."""

import pytest

from schema.defaults import default_body
from schema.rules.limits import USUAL


def test_the_usual_limits_are_the_rules_own() -> None:
    assert default_body("limits") == {key: limit.body() for key, limit in USUAL.items()}


@pytest.mark.parametrize("name", ["", "jokes", "../tables"])
def test_a_name_that_is_no_book_s_has_no_body(name: str) -> None:
    with pytest.raises(KeyError):
        default_body(name)
