"""What a handset may say, and what it is told when it says something else."""

import hashlib
import json
from typing import Any
from uuid import UUID

import msgspec
import pytest

from field_gateway import wire
from field_gateway.shortform import short_id
from field_gateway.values import Place
from field_gateway.wire import BadMessage, MediaState, Receipt, ReportUp, read_chunk, read_up, split_topic
from schema.ids import uuid7

ID = "0197f3a2-0000-7000-8000-000000000001"


def report(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "v": 1, "id": ID, "seq": 1, "made": "2026-11-24T10:00:00Z", "type": "report", "text": "路灯已修好",
    }  # fmt: skip
    return {**plain, **changes}


def body(message: Any) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


def test_a_report_is_read_whole() -> None:
    place = {
        "lon": 120.1,
        "lat": 30.2,
        "accuracy": 5,
        "source": "gps",
        "fixed_at": "2026-11-24T09:59:00+08:00",
    }
    photo = {"id": str(uuid7()), "type": "image/jpeg", "size": 10, "sha256": "a" * 64}
    message = read_up("report", body(report(place=place, media=[photo])))
    assert isinstance(message, ReportUp)
    assert (message.id, message.text) == (UUID(ID), "路灯已修好")
    assert message.place is not None and message.place.lon == 120.1
    assert message.media[0].size == 10


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"v": 2}, "$.v"),
        ({"id": "x"}, "$.id"),
        ({"made": "2026-11-24T10:00:00"}, "$.made"),
        ({"made": "yesterday"}, "$.made"),
        ({"seq": -1}, "$.seq"),
        ({"text": "x" * 4001}, "$.text"),
        ({"text": "a\0b"}, "$.text"),
        ({"text": "a\x1bb"}, "$.text"),
        ({"text": ""}, "$.text"),
        ({"text": " \n"}, "$.text"),
        ({"text": 5}, "$.text"),
        ({"type": "song"}, "$.type"),
        ({"place": {"lon": 181, "lat": 0}}, "$.place.lon"),
        ({"place": {"lon": 0, "lat": -90.1}}, "$.place.lat"),
        ({"place": {"lon": 0, "lat": 0, "accuracy": -1}}, "$.place.accuracy"),
        ({"place": {"lon": 0, "lat": 0, "source": "guess"}}, "$.place.source"),
        ({"media": [{"id": ID, "type": "image/gif", "size": 1, "sha256": "a" * 64}]}, "$.media[0].type"),
        ({"media": [{"id": ID, "type": "image/png", "size": 0, "sha256": "a" * 64}]}, "$.media[0].size"),
        (
            {"media": [{"id": ID, "type": "image/png", "size": 33554433, "sha256": "a" * 64}]},
            "$.media[0].size",
        ),
        ({"media": [{"id": ID, "type": "image/png", "size": 1, "sha256": "A" * 64}]}, "$.media[0].sha256"),
        ({"media": [{"id": ID, "type": "image/png", "size": 1, "sha256": "a" * 64}] * 2}, "$.media"),
        ({"media": [{"id": ID, "type": "image/png", "size": 1, "sha256": "a" * 64}] * 13}, "$.media"),
        (
            {"media": [{"id": ID, "type": "image/png", "size": 1, "sha256": "a" * 64 + "\n"}]},
            "$.media[0].sha256",
        ),
        ({"medai": []}, "medai"),
        ({"boot": "thirteen-long"}, "$.boot"),
        ({"mono": -1}, "$.mono"),
        ({"login": "1"}, "$.login"),
        ({"title": "x" * 121}, "$.title"),
        ({"title": "a\0b"}, "$.title"),
        ({"category": "1"}, "$.category"),
        ({"edits": ID}, "$.base"),
        ({"base": 1}, "$.base"),
        ({"edits": ID, "base": 0}, "$.base"),
        ({"media": [{"id": ID, "type": "audio/ogg", "size": 1, "sha256": "a" * 64}]}, "$.media[0].kind"),
        (
            {"media": [{"id": ID, "type": "image/png", "size": 1, "sha256": "a" * 64, "kind": "voice"}]},
            "$.media[0].kind",
        ),
    ],
)
def test_each_field_has_its_bounds_and_the_answer_names_it(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadMessage) as caught:
        read_up("report", body(report(**changes)))
    assert caught.value.code == "bad-field"
    assert field in caught.value.reason
    assert caught.value.id == (None if "id" in changes else UUID(ID))


def test_a_report_in_short_has_the_same_bounds_and_names_the_place() -> None:
    id = uuid7()
    good: list[Any] = [2, short_id(id), 1, "a", 5, None, "text", [120.1, 30.2, None, "finger"], "0101", ID]
    read = read_up("report", body(good))
    assert isinstance(read, wire.ReportUp) and (read.id, read.v, read.task) == (id, 1, UUID(ID))
    assert read.place == Place(120.1, 30.2, source="finger") and wire.readable_id(body(good)) == id
    for place, value in (
        (0, 1), (1, ID), (1, "A" * 22), (1, short_id(id)[:21] + "B"), (1, "_" * 21 + "w"), (2, -1),
        (3, "thirteen-long"),
        (4, -1), (5, "1"), (6, ""), (6, " "), (6, "a\0"), (7, [181, 0]), (7, [1]), (7, [1, 1, 1, "gps", None, 1]),
        (8, "1"), (9, "x"),
    ):  # fmt: skip
        wrong = [*good[:place], value, *good[place + 1 :]]
        with pytest.raises(BadMessage) as caught:
            read_up("report", body(wrong))
        assert caught.value.code == "bad-field", (place, value)
    for junk in (b"[", b"[]", b"[2]", body([*good, None, 1, 2])):
        with pytest.raises(BadMessage):
            read_up("report", junk)
        wire.readable_id(junk)


@pytest.mark.parametrize("field", ["v", "id", "seq", "made", "type", "text"])
def test_a_missing_field_is_named(field: str) -> None:
    message = report()
    del message[field]
    with pytest.raises(BadMessage, match=f"`{field}`") as caught:
        read_up("report", body(message))
    assert caught.value.code == "bad-field"


@pytest.mark.parametrize(
    "junk", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"text":"\xff"}', b'{"a":1} x', b"NaN"]
)
def test_what_is_no_json_is_told_so(junk: bytes) -> None:
    with pytest.raises(BadMessage) as caught:
        read_up("report", junk)
    assert caught.value.code in ("not-json", "bad-field")
    assert caught.value.reason


@pytest.mark.parametrize("lonely", [b'"\\ud800"', b'"\\udfff\\ud800"'])
def test_half_a_character_cannot_come_in(lonely: bytes) -> None:
    text = body(report()).replace(json.dumps("路灯已修好", ensure_ascii=False).encode(), lonely)
    with pytest.raises(BadMessage):
        read_up("report", text)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("clock", {"v": 1, "id": ID, "seq": 1, "made": "2026-11-24T10:00:00Z", "on": True}),
        ("task", {"v": 1, "id": ID, "seq": 1, "made": "2026-11-24T10:00:00Z", "task": ID, "what": "shown"}),
        (
            "position",
            {
                "v": 1,
                "id": ID,
                "seq": 1,
                "points": [{"fixed_at": "2026-11-24T10:00:00Z", "lon": 1, "lat": 2}],
            },
        ),
    ],
)
def test_the_other_messages_are_read(what: str, message: dict[str, Any]) -> None:
    message = {**message, "type": what}
    assert read_up(what, body(message)).id == UUID(ID)
    for wrong in ({"extra": 1}, {"type": "report"}):
        with pytest.raises(BadMessage):
            read_up(what, body({**message, **wrong}))


@pytest.mark.parametrize(
    ("content", "is_good"),
    [
        ({"message": ID, "what": "shown"}, True),
        ({"text": "到了", "to": "desk"}, True),
        ({}, False),
        ({"message": ID}, False),
        ({"text": "到了"}, False),
        ({"text": " ", "to": "desk"}, False),
        ({"message": ID, "to": "desk"}, False),
        ({"message": ID, "what": "shown", "text": "到了", "to": "desk"}, False),
    ],
)
def test_a_message_says_that_one_was_shown_or_is_words_to_the_desk(
    content: dict[str, Any], is_good: bool
) -> None:
    whole = {"v": 1, "type": "message", "id": ID, "seq": 1, "made": "2026-11-24T10:00:00Z", **content}
    if is_good:
        assert read_up("message", body(whole)).id == UUID(ID)
    else:
        with pytest.raises(BadMessage) as caught:
            read_up("message", body(whole))
        assert caught.value.code == "bad-field"


def test_how_the_handset_is_rides_along_but_not_on_a_report() -> None:
    status = {"battery": 55, "charging": True, "version": "1.0", "backlog": 3, "free_mb": 900}
    clock = {"v": 1, "type": "clock", "id": ID, "seq": 1, "made": "2026-11-24T10:00:00Z", "on": True}
    read = read_up("clock", body({**clock, "status": status}))
    assert isinstance(read, wire.ClockUp) and read.status == wire.Status(55, True, "1.0", 3, 900)
    assert wire.read_status(json.dumps(status)) == read.status
    for wrong in ("", "{}}", '{"battery":101}', '{"version":"' + "x" * 21 + '"}', "[" * 600):
        assert wire.read_status(wrong) is None
    with pytest.raises(BadMessage):
        read_up("report", body(report(status=status)))


def test_what_is_too_long_is_not_even_read() -> None:
    with pytest.raises(BadMessage) as caught:
        read_up("report", b" " * (wire.MESSAGE_MAX + 1))
    assert caught.value.code == "too-long"


def test_positions_are_one_to_five_hundred() -> None:
    point = {"fixed_at": "2026-11-24T10:00:00Z", "lon": 1, "lat": 2}
    for count, is_good in ((0, False), (1, True), (500, True), (501, False)):
        message = body({"v": 1, "type": "position", "id": ID, "seq": 1, "points": [point] * count})
        if is_good:
            read_up("position", message)
        else:
            with pytest.raises(BadMessage):
                read_up("position", message)


@pytest.mark.parametrize(
    ("topic", "parts"),
    [
        ("gridline/hs-1/up/report", ("hs-1", "report", "")),
        (f"gridline/a/up/media/{ID}", ("a", "media", ID)),
    ],
)
def test_topics_are_split(topic: str, parts: tuple[str, str, str]) -> None:
    assert split_topic(topic) == parts


@pytest.mark.parametrize(
    "topic",
    ["", "gridline", "gridline/a/down/task", "gridline/a/up/song", "gridline/a/up/report/x", "gridline/a/up/media",
     "gridline/a/up/media/x/y", "gridline//up/report", f"gridline/{'a' * 41}/up/report", "gridline/a b/up/report",
     "other/a/up/report", "gridline/a\n/up/report"],
)  # fmt: skip
def test_other_topics_are_refused(topic: str) -> None:
    with pytest.raises(BadMessage) as caught:
        split_topic(topic)
    assert caught.value.code == "bad-topic"


def test_a_chunk_carries_its_place_and_its_sum() -> None:
    data = b"abc"
    properties = [("offset", "12"), ("sha256", hashlib.sha256(data).hexdigest())]
    chunk = read_chunk(ID, data, properties)
    assert (chunk.id, chunk.offset, chunk.data) == (UUID(ID), 12, data)


@pytest.mark.parametrize(
    ("media", "data", "offset", "code"),
    [
        ("x", b"abc", "0", "bad-field"),
        (ID, b"abc", "-1", "bad-field"),
        (ID, b"abc", "", "bad-field"),
        (ID, b"abc", "٣", "bad-field"),
        (ID, b"abc", "1" * 13, "bad-field"),
        (ID, b"", "0", "bad-field"),
        (ID, b"a" * (wire.CHUNK_MAX + 1), "0", "too-long"),
        (ID, b"abd", "0", "chunk-damaged"),
    ],
)
def test_a_bad_chunk_is_refused(media: str, data: bytes, offset: str, code: str) -> None:
    with pytest.raises(BadMessage) as caught:
        read_chunk(media, data, [("offset", offset), ("sha256", hashlib.sha256(b"abc").hexdigest())])
    assert caught.value.code == code


def test_a_receipt_says_only_what_there_is_to_say() -> None:
    id = UUID(ID)
    assert json.loads(wire.encode(Receipt(id=id, status="kept"))) == {"id": ID, "status": "kept", "v": 1}
    full = Receipt(id=id, status="kept", case_no="S1", row_hash="ab", media=(MediaState(id, 3),))
    assert json.loads(wire.encode(full))["media"] == [{"id": ID, "received": 3}]
    assert msgspec.convert(msgspec.to_builtins(full), Receipt) == full


def test_the_hash_tells_topics_and_bodies_apart() -> None:
    hashes = {wire.body_hash(topic, text) for topic in ("a", "b") for text in (b"", b"x")}
    assert len(hashes) == 4
