"""Prompts that are spoken into a telephone: asked for once, settled once, and how far each is."""

from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from schema.calls import CallRow, LegRow
from schema.desk import orders
from schema.desk.dictations import ask, find, settle, step
from schema.desk.errors import Refused
from schema.ids import uuid7
from schema.orders import DictatePrompt
from schema.outbox import OutboxRow
from schema.people import AuditRow
from tests.schema.desk.casework import Office


def asked(desk: Office) -> DictatePrompt:
    order = DictatePrompt(by=desk.supervisor, seat="900", language="ug", name="next")
    with desk.store.work() as work:
        ask(work, order)
    return order


def how_far(desk: Office, id: UUID) -> tuple[str, str]:
    with desk.store.read() as session:
        row = find(session, id)
        assert row is not None
        return step(session, row)


def test_the_same_order_again_rings_nobody_again(desk: Office) -> None:
    order = asked(desk)
    with desk.store.work() as work:
        assert ask(work, order).state == "asked"
    with desk.store.read() as session:
        said = select(func.count()).where(OutboxRow.name == "DictatePrompt")
        assert session.scalar(said) == 1
    for change, code in (({"name": "full"}, "other-order"), ({"order": uuid7(), "name": ""}, "bad-field"),
                         ({"order": uuid7(), "by": None}, "bad-field")):  # fmt: skip
        with pytest.raises(Refused) as refused, desk.store.work() as work:
            ask(work, replace(order, **change))
        assert refused.value.code == code


def test_it_is_settled_by_the_first_word_and_use_is_a_row_in_the_log(desk: Office) -> None:
    kept, refused = asked(desk), asked(desk)
    for id, why in (
        (kept.order, ""),
        (kept.order, "quiet"),
        (refused.order, "quiet"),
        (refused.order, ""),
        (uuid7(), ""),
    ):
        with desk.store.work() as work:
            settle(work, id, why, 2.5)
    assert how_far(desk, kept.order) == ("kept", "") and how_far(desk, refused.order) == ("refused", "quiet")
    with desk.store.read() as session:
        (row,) = session.scalars(select(AuditRow).where(AuditRow.what == "voice.prompt"))
        assert (row.who, row.subject, row.reason) == (desk.supervisor, "ug/next", "telephone 900")


def test_how_far_it_is_follows_the_telephone(desk: Office) -> None:
    order, now = asked(desk), desk.store.clock()
    id = order.order
    assert how_far(desk, id) == ("ringing", "")
    with desk.store.work() as work:
        work.session.add(
            CallRow(
                id=id, contact=id, node="pbx1", leg="1", direction="out", purpose="prompt", entered_at=now
            )
        )
        work.session.flush()
        work.session.add(LegRow(node="pbx1", leg="1", call=id, kind="watcher", seat="900", started_at=now))
    assert how_far(desk, id) == ("ringing", "")
    seen = []
    for field in ("answered_at", "ended_at"):
        with desk.store.work() as work:
            setattr(work.session.get_one(LegRow, ("pbx1", "1")), field, now)
        seen.append(how_far(desk, id))
    assert seen == [("speaking", ""), ("checking", "")]
    with desk.store.work() as work:
        work.session.get_one(LegRow, ("pbx1", "1")).answered_at = None
    assert how_far(desk, id) == ("refused", "no-answer")
    with desk.store.work() as work:
        orders.begin(work, order)
        orders.progress(work, id, "failed", "seat 900 is not open")
    assert how_far(desk, id) == ("refused", "not-rung")
