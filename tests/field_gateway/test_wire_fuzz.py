"""The decoder is given whatever there is: it reads it, or says in words why not."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_gateway import wire
from field_gateway.wire import BadMessage, read_chunk, read_up, split_topic
from tests.field_gateway.test_wire import ID, body, report

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([ID, "report", "shown"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["v", "id", "seq", "made", "kind", "text", "task", "media", "points", "x"]), inner
        )
    ),
    max_leaves=20,
)


@given(
    st.sampled_from(sorted(wire.SHAPES)), st.binary(max_size=200) | JSON.map(lambda j: json.dumps(j).encode())
)
def test_whatever_comes_is_read_or_refused_in_words(what: str, junk: bytes) -> None:
    try:
        message = read_up(what, junk)
    except BadMessage as bad:
        assert bad.code in ("not-json", "bad-field")
        assert 0 < len(bad.reason) <= 300
    else:
        assert isinstance(message, wire.SHAPES[what])


GOOD: dict[str, dict[str, Any]] = {
    "report": report(
        boot="a", mono=1, login=1, title="t", category="0101", place={"lon": 1, "lat": 2}, edits=ID, base=1,
        media=[{"id": ID, "type": "image/png", "size": 1, "sha256": "a" * 64, "kind": "thumb", "of": ID}],
    ),
    "clock": {**report(type="clock", on=True, status={"battery": 1, "version": "x"})},
    "task": {**report(type="task", task=ID, what="gone", status={})},
    "message": {**report(type="message", to="desk")},
    "position": {
        **report(type="position", points=[{"fixed_at": "2026-11-24T10:00:00Z", "lon": 1, "lat": 2}], status={})
    },
}  # fmt: skip
for _what, _message in GOOD.items():
    if _what in ("clock", "task", "position"):
        del _message["text"]
del GOOD["position"]["made"]


def test_the_messages_that_are_made_worse_are_good() -> None:
    for what, message in GOOD.items():
        assert isinstance(read_up(what, body(message)), wire.SHAPES[what])


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_good_message_made_worse_in_one_place_is_read_or_refused_in_words(
    what: str, data: st.DataObject
) -> None:
    message = json.loads(json.dumps(GOOD[what]))
    place = message
    while True:
        name = data.draw(st.sampled_from(sorted(place)))
        inner = place[name][0] if isinstance(place[name], list) else place[name]
        if not (isinstance(inner, dict) and inner and data.draw(st.booleans())):
            break
        place = inner
    place[name] = data.draw(JSON)
    try:
        read = read_up(what, body(message))
    except BadMessage as bad:
        assert bad.code in ("not-json", "bad-field") and 0 < len(bad.reason) <= 300
    else:
        assert isinstance(read, wire.SHAPES[what])
        msgspec.json.encode(read).decode()


@given(st.text(max_size=60))
def test_any_topic_is_split_or_refused(topic: str) -> None:
    try:
        device, what, _ = split_topic(topic)
    except BadMessage as bad:
        assert bad.code == "bad-topic"
    else:
        assert "/" not in device and what in (*wire.SHAPES, "media")


@given(
    st.text(max_size=40),
    st.binary(max_size=50),
    st.lists(st.tuples(st.text(max_size=9), st.text(max_size=70))),
)
def test_any_chunk_is_read_or_refused(media: str, data: bytes, properties: list[tuple[str, str]]) -> None:
    with pytest.raises(BadMessage):
        read_chunk(media, data, properties)
