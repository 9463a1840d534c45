"""What a receipt does to the outbox: only what is kept is let go."""

from pathlib import Path
from uuid import UUID

import pytest

from demo.heeding import heed
from demo.outbox import Outbox
from schema.ids import uuid7


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


def write(outbox: Outbox, topic: str = "report") -> UUID:
    id = uuid7()
    outbox.add(topic, id, {"text": "x"})
    return id


def test_others_that_are_kept_are_let_go_by_one_receipt(outbox: Outbox) -> None:
    first, second, third = (write(outbox) for _ in range(3))
    heed(outbox, {"id": str(third), "status": "kept", "ids": [str(first), str(uuid7())]})
    assert [entry.id for entry in outbox.in_order()] == [str(second)]


def test_later_is_no_answer(outbox: Outbox) -> None:
    id = write(outbox)
    heed(outbox, {"id": str(id), "status": "later", "retry_after": 30})
    assert outbox.in_order()[0].receipt is None


def test_a_conflict_is_shown_to_the_worker_and_not_let_go(outbox: Outbox) -> None:
    id = write(outbox)
    heed(outbox, {"id": str(id), "status": "conflict", "code": "edit-conflict", "version": 3})
    assert [entry.id for entry in outbox.failed()] == [str(id)] and not outbox.waiting


def test_positions_of_off_duty_are_dropped(outbox: Outbox) -> None:
    heed(outbox, {"id": str(write(outbox, "position")), "status": "refused", "code": "off-duty"})
    assert not outbox.waiting and not outbox.failed()
