"""Rights of pages, and where each post starts."""

import pytest

from backoffice.rights import LOGGED_IN, PUBLIC, home_of, may, needs, right_of
from schema.rules.access import RIGHTS
from tests.backoffice.conftest import POSTS
from tests.backoffice.test_trim import who


def test_a_page_declares_a_right_that_exists() -> None:
    @needs("case.read")
    def page() -> None: ...

    assert right_of(page) == "case.read"
    assert right_of(lambda: None) is None and right_of(None) is None
    with pytest.raises(ValueError, match="no right"):
        needs("case.reed")


@pytest.mark.parametrize("post", [*POSTS, "nobody"])
def test_everybody_may_log_in_and_nobody_may_the_unknown(post: str) -> None:
    assert may(post, PUBLIC) and may(post, LOGGED_IN)
    assert not may(post, "no.such") and not may(post, "")


def test_each_post_starts_where_it_may_be() -> None:
    homes = {post: home_of(who(post)) for post in POSTS}
    assert homes == {
        "agent": "/seat",
        "supervisor": "/wallboard",
        "expert": "/cases",
        "worker": "/me",
        "clerk": "/cases",
        "admin": "/wallboard",
        "department": "/desk/department",
        "leader": "/leader",
    }
    lacking = {
        right
        for right in RIGHTS
        if right.startswith(("case", "seat", "board")) and not may("supervisor", right)
    }
    assert lacking == {"case.instruct"}
