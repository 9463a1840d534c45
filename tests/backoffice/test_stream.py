"""A listener's stream: numbered, bounded, whole again after an overflow."""

from dataclasses import replace

from backoffice.stream import Event, Stream
from schema.desk.sessions import Visitor
from tests.backoffice.test_trim import who


def stream(limit: int = 3) -> Stream:
    def whole(of: Visitor) -> list[Event]:
        return [("floor", {"of": of.post})]

    return Stream(who("agent"), whole, limit=limit)


def test_events_are_numbered_in_order() -> None:
    s = stream()
    s.begin()
    s.put("case", {"title": "路灯\n"})
    assert not s.idle
    assert s.take().decode() == (
        'id: 1\nevent: floor\ndata: {"of":"agent"}\n\nid: 2\nevent: case\ndata: {"title":"路灯\\n"}\n\n'
    )
    assert s.idle and s.take() == b""
    s.put("beat", {})
    assert s.take() == b"id: 3\nevent: beat\ndata: {}\n\n"


def test_too_many_are_dropped_and_replaced_by_everything_whole() -> None:
    s = stream()
    for number in range(9):
        s.put("case", number)
    assert not s.idle
    text = s.take().decode()
    assert text == 'id: 1\nevent: resync\ndata: {}\n\nid: 2\nevent: floor\ndata: {"of":"agent"}\n\n'
    s.put("case", 10)
    assert s.take() == b"id: 3\nevent: case\ndata: 10\n\n"


def test_up_to_the_limit_nothing_is_lost() -> None:
    s = stream()
    for number in range(3):
        s.put("case", number)
    assert s.take().count(b"event: case") == 3


def test_with_other_rights_a_screen_is_made_whole_again_and_with_the_same_it_is_not() -> None:
    s = stream()
    s.put("beat", {})
    s.belongs(who("agent"))
    assert s.take() == b"id: 1\nevent: beat\ndata: {}\n\n" and s.idle
    s.belongs(who("supervisor"))
    assert s.take().decode().count("event: ") == 2 and s.who.post == "supervisor"
    s.belongs(replace(who("supervisor"), seat="109"))
    assert s.take().decode().startswith("id: 4\nevent: resync\n")
