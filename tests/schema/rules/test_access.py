"""Rights: what is not said is refused, and each reaches no further than it is said to."""

from itertools import product

import pytest

from schema.ids import uuid7
from schema.rules.access import (
    ALL,
    CONFIDENTIAL,
    DEPARTMENT,
    NOBODY,
    OWN,
    OWN_ONLY,
    POSTS,
    READ,
    RIGHTS,
    WITHIN,
    Actor,
    Subject,
    bare,
    grants,
    hidden,
    may,
    only,
    refusal,
)

HOME, BELOW, ELSEWHERE, ME = uuid7(), uuid7(), uuid7(), uuid7()


def somebody(post: str) -> Actor:
    return Actor(post, grants(post), ME, HOME, frozenset({HOME, BELOW}))


@pytest.mark.parametrize("post", POSTS)
def test_a_post_has_what_the_table_says_and_nothing_else(post: str) -> None:
    for right in RIGHTS:
        assert may(post, right) is (post in RIGHTS[right] or post in WITHIN.get(right, ()))
        assert bool(refusal(post, right)) is not may(post, right)


@pytest.mark.parametrize("post", [*POSTS, "", "Agent", "root"])
def test_an_unknown_right_is_nobodys(post: str) -> None:
    assert not may(post, "case.delete")
    assert not may(post, "")


@pytest.mark.parametrize("right", RIGHTS)
def test_an_unknown_post_has_no_right(right: str) -> None:
    for post in ("", "AGENT", "agent ", "root"):
        assert not may(post, right)
        assert not may(post, right, Subject(HOME, ME))
    assert not may(NOBODY, right)


@pytest.mark.parametrize("post", POSTS)
def test_a_right_reaches_a_case_as_far_as_it_is_said_to(post: str) -> None:
    for right in RIGHTS:
        who = somebody(post)
        for department, worker in product((HOME, BELOW, ELSEWHERE, None), (ME, uuid7(), None)):
            reached = (
                post in RIGHTS[right]
                or (post in WITHIN.get(right, ()) and department in (HOME, BELOW))
                or (post in OWN.get(right, ()) and worker == ME)
            )
            assert may(who, right, Subject(department, worker)) is reached


@pytest.mark.parametrize("post", POSTS)
def test_a_confidential_case_takes_the_right_to_such_cases_besides(post: str) -> None:
    for right in RIGHTS:
        who = somebody(post)
        for department, worker in product((HOME, ELSEWHERE, None), (ME, None)):
            plain, secret = Subject(department, worker), Subject(department, worker, confidential=True)
            assert may(who, right, secret) is (may(who, right, plain) and may(who, CONFIDENTIAL, plain))


def test_without_a_user_or_a_department_nothing_is_ones_own() -> None:
    assert not may(bare("worker"), "case.handle", Subject(None, None))
    assert not may(bare("department"), READ, Subject(None, None))


def test_a_worker_handles_only_what_was_given_to_them() -> None:
    assert may(somebody("worker"), "case.handle", Subject(worker=ME))
    assert not may("worker", "case.handle")
    assert "only over their own tasks" in refusal("worker", "case.handle")
    assert "only over cases of their department" in refusal(somebody("department"), READ, Subject(ELSEWHERE))


def test_what_one_may_not_know_of_is_hidden_and_not_only_refused() -> None:
    assert not hidden(somebody("department"), Subject(BELOW))
    assert hidden(somebody("department"), Subject(ELSEWHERE)) and hidden(somebody("department"), Subject())
    assert hidden(somebody("agent"), Subject(confidential=True)) and not hidden(somebody("agent"), Subject())
    assert not hidden(somebody("supervisor"), Subject(confidential=True))
    assert hidden(somebody("worker"), Subject(confidential=True))
    assert not hidden(somebody("worker"), Subject(worker=ME, confidential=True))


def test_less_is_never_more() -> None:
    for post in POSTS:
        who = only(somebody(post), [READ, "no.such"])
        assert set(who.grants) <= {READ} and who.departments == {HOME, BELOW}
        assert not may(who, "case.file")


def test_the_widest_of_two_scopes_counts() -> None:
    assert grants("supervisor")["case.handle"] == ALL
    assert grants("department")["case.handle"] == DEPARTMENT and grants("worker")["case.handle"] == OWN_ONLY


def test_experts_read_cases_and_hear_no_recordings() -> None:
    assert may("expert", READ)
    assert not may("expert", "recording.play")
    assert not may("admin", "recording.play")


def test_a_leader_reads_everything_and_moves_nothing() -> None:
    carried = {right for right in grants("leader") if right.startswith("case.")}
    assert carried == {READ, CONFIDENTIAL, "case.instruct", "case.follow", "case.hot"}


def test_the_table_names_only_posts_and_rights_there_are() -> None:
    for posts in (*RIGHTS.values(), *OWN.values(), *WITHIN.values()):
        assert posts <= set(POSTS)
    assert OWN.keys() | WITHIN.keys() <= RIGHTS.keys()
