"""The audit log takes what it is told, cut to size, newest first."""

from schema.desk import audit
from schema.ids import uuid7
from schema.store import Store


def test_a_look_and_a_refusal_are_two_rows(store: Store) -> None:
    who = uuid7()
    with store.work() as work:
        audit.note(work, "recording.play", "rec-1", who=who, login="li", ip="127.0.0.1")
        work.session.flush()
        audit.note(work, "recording.play", "s" * 500, who=None, allowed=False, reason="r" * 500)
    with store.read() as session:
        refused, played = audit.newest(session)
        assert audit.newest(session, limit=1) == [refused]
    assert (played.who, played.what, played.subject, played.allowed) == (who, "recording.play", "rec-1", True)
    assert (len(refused.subject), len(refused.reason), refused.allowed) == (120, 300, False)
