"""Decoding at the edge: whatever comes is a shape or a problem that names the field, never an error of ours."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.api import asks, decode
from backoffice.api.problems import Problem
from backoffice.api.route import OPEN, PATH, Route

KINDS = [kind for kind in vars(asks).values() if isinstance(kind, type) and issubclass(kind, asks.Asked)]


def refused(call: Any) -> Problem:
    with pytest.raises(Problem) as problem:
        call()
    return problem.value


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.sampled_from(KINDS),
    st.binary(max_size=60) | st.sampled_from([b'{"reason": "x", "agent": "1\\n"}', b"[]", b"{}"]),
)
def test_any_bytes_are_a_body_or_a_problem(kind: type[asks.Asked], body: bytes) -> None:
    try:
        assert isinstance(decode.body(kind, body, "application/json"), kind)
    except Problem as problem:
        assert problem.code in ("malformed", "refused")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.sampled_from(KINDS),
    st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=30), min_size=1, max_size=2)),
)
def test_any_words_are_a_query_or_a_problem(kind: type[asks.Asked], words: dict[str, list[str]]) -> None:
    try:
        assert isinstance(decode.query(kind, words), kind)
    except Problem as problem:
        assert problem.code == "malformed"


def test_a_wrong_field_is_named() -> None:
    assert (
        refused(lambda: decode.body(asks.More, b'{"seconds": "9"}', "application/json")).errors[0][0]
        == "seconds"
    )
    assert refused(lambda: decode.body(asks.More, b'{"x": 1}', "application/json")).errors[0][0] == "x"
    assert refused(lambda: decode.body(asks.Forced, b"{}", "application/json")).errors[0][0] == "reason"
    assert refused(lambda: decode.query(asks.Calls, {"limit": ["0"]})).errors[0][0] == "query.limit"
    assert refused(lambda: decode.query(asks.Calls, {"limit": ["1", "2"]})).errors == [
        ("query.limit", "given twice")
    ]
    assert refused(lambda: decode.query(asks.Calls, {"queue": ["a\n"]})).errors[0][0] == "query.queue"


def test_a_body_is_json_or_nothing() -> None:
    assert decode.body(asks.More, b"", "").seconds == 60
    assert (
        refused(lambda: decode.body(asks.More, b"seconds=9", "application/x-www-form-urlencoded")).code
        == "media-type"
    )
    assert refused(lambda: decode.body(asks.More, b"\xff", "application/json")).code == "malformed"


@pytest.mark.parametrize("text", ["0.5", "7", "2026-11-24", "2026-11-24T08:00:00", "yesterday"])
def test_a_time_says_its_zone(text: str) -> None:
    assert refused(lambda: decode.query(asks.Calls, {"since": [text]})).errors[0][0] == "query.since"


def test_a_time_is_a_time() -> None:
    assert isinstance(decode.query(asks.Calls, {"since": ["2026-11-24T08:00:00+08:00"]}).since, datetime)


@pytest.mark.parametrize(
    ("name", "text"), [("call", "x"), ("number", "1"), ("number", "101\n"), ("queue", "A"), ("queue", "")]
)
def test_what_stands_in_a_path_is_checked(name: str, text: str) -> None:
    route = Route(
        method="GET", path=f"/x/{{{name}}}", name="x", tag="x", summary="x", right=OPEN, does=lambda ask: ask
    )
    assert name in PATH
    assert refused(lambda: decode.path(route, {name: text})).errors[0][0] == f"path.{name}"
