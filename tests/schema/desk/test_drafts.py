"""Drafts: one per agent and contact, kept until filed."""

import pytest

from schema.desk import drafts
from schema.desk.errors import Refused
from schema.ids import uuid7
from schema.people import User
from schema.store import Store


@pytest.fixture
def user(store: Store) -> User:
    with store.work() as work:
        row = User(login="li", name="李", post="agent", password="x")
        work.session.add(row)
    return row


def test_saving_again_writes_over_and_filing_drops(store: Store, user: User) -> None:
    contact = uuid7()
    with store.work() as work:
        drafts.save_draft(work, user.id, contact, {"title": "路灯", "evil": "x", "lon": None, "text": ""})
    with store.work() as work:
        drafts.save_draft(work, user.id, contact, {"title": "路灯不亮", "lon": 120.15})
    with store.read() as session:
        draft = drafts.find_draft(session, user.id, contact)
        assert draft is not None and draft.body == {"title": "路灯不亮", "lon": "120.15"}
        assert [d.contact for d in drafts.open_drafts(session, user.id)] == [contact]
        assert drafts.find_draft(session, user.id, uuid7()) is None
    with store.work() as work:
        drafts.drop_draft(work, user.id, contact)
    with store.read() as session:
        assert drafts.find_draft(session, user.id, contact) is None


def test_a_draft_of_endless_length_is_refused(store: Store, user: User) -> None:
    with pytest.raises(Refused, match="too long"), store.work() as work:
        drafts.save_draft(work, user.id, uuid7(), {"text": "x" * 20_001})
