"""Rights: what is not said is refused, and a worker may only answer their own tasks."""

from itertools import product

import pytest

from schema.rules.access import OWN, POSTS, RIGHTS, may, refusal


@pytest.mark.parametrize(("post", "right"), list(product(POSTS, RIGHTS)))
def test_a_post_has_what_the_table_says_and_nothing_else(post: str, right: str) -> None:
    assert may(post, right) is (post in RIGHTS[right])
    assert bool(refusal(post, right)) is not may(post, right)


@pytest.mark.parametrize("post", [*POSTS, "", "Agent", "root"])
def test_an_unknown_right_is_nobodys(post: str) -> None:
    assert not may(post, "case.delete")
    assert not may(post, "")


@pytest.mark.parametrize("right", RIGHTS)
def test_an_unknown_post_has_no_right(right: str) -> None:
    for post in ("", "AGENT", "agent ", "root"):
        assert not may(post, right)
        assert not may(post, right, own=True)


def test_a_worker_handles_only_what_was_given_to_them() -> None:
    assert may("worker", "case.handle", own=True)
    assert not may("worker", "case.handle")
    assert "only over their own tasks" in refusal("worker", "case.handle")


def test_owning_a_thing_gives_no_other_right() -> None:
    for post, right in product(POSTS, RIGHTS):
        assert may(post, right, own=True) is (post in RIGHTS[right] or post in OWN.get(right, ()))


def test_experts_read_cases_and_hear_no_recordings() -> None:
    assert may("expert", "case.read")
    assert not may("expert", "recording.play")
    assert not may("admin", "recording.play")


def test_the_table_names_only_posts_there_are() -> None:
    for posts in (*RIGHTS.values(), *OWN.values()):
        assert posts <= set(POSTS)
    assert OWN.keys() <= RIGHTS.keys()
