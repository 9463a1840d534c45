"""The outbox survives everything, and lets go only of what is delivered."""

import json
from pathlib import Path

import pytest

from demo.outbox import Entry, Outbox, write_synced
from schema.ids import uuid7


def add(outbox: Outbox, *photos: bytes) -> Entry:
    files = []
    for data in photos:
        id = uuid7()
        outbox.photo_file(id).write_bytes(data)
        files.append((id, outbox.photo_file(id)))
    return outbox.add("report", uuid7(), {"text": "路灯"}, files)


def test_what_is_written_is_on_disk_and_numbered(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    first, second = add(outbox), add(outbox, b"photo")
    again = Outbox(tmp_path)
    assert again.in_order() == [first, second]
    body = json.loads(second.body)
    assert (body["v"], body["id"], body["seq"], body["text"]) == (1, second.id, 2, "路灯")
    assert body["media"][0]["size"] == 5
    assert add(again).seq == 3


def test_numbers_go_on_after_everything_was_delivered(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    entry = add(outbox)
    entry.receipt = {"status": "kept"}
    outbox.settle(entry)
    assert outbox.in_order() == [] and add(Outbox(tmp_path)).seq == 2


@pytest.mark.parametrize("status", ["kept", "again"])
def test_words_are_let_go_on_the_receipt_and_photos_when_whole(tmp_path: Path, status: str) -> None:
    outbox = Outbox(tmp_path)
    entry = add(outbox, b"photo")
    entry.receipt = {"status": status}
    outbox.settle(entry)
    assert outbox.in_order() == [entry] and Path(entry.photos[0].file).exists()
    entry.photos[0].state = "whole"
    outbox.settle(entry)
    assert outbox.in_order() == [] and not Path(entry.photos[0].file).exists()
    found = outbox.find(entry.id)
    assert found is not None and found.body == entry.body


@pytest.mark.parametrize("status", ["conflict", "refused"])
def test_what_is_refused_is_kept_to_be_looked_at(tmp_path: Path, status: str) -> None:
    outbox = Outbox(tmp_path)
    entry = add(outbox, b"photo")
    entry.receipt = {"status": status, "reason": "no"}
    outbox.settle(entry)
    assert outbox.in_order() == [] and [e.id for e in outbox.failed()] == [entry.id]
    assert Path(entry.photos[0].file).exists()
    assert [e.id for e in Outbox(tmp_path).failed()] == [entry.id]


def test_what_must_not_be_kept_is_dropped(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.drop(add(outbox))
    assert outbox.in_order() == [] and list((tmp_path / "outbox").iterdir()) == []


def test_a_half_written_file_is_never_seen(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    entry = add(outbox)
    (tmp_path / "outbox" / "0000000002-x.new").write_text('{"half')
    assert [e.id for e in Outbox(tmp_path).in_order()] == [entry.id]
    write_synced(tmp_path / "a.json", {"a": 1})
    write_synced(tmp_path / "a.json", {"a": 2})
    assert json.loads((tmp_path / "a.json").read_text()) == {"a": 2} and not (tmp_path / "a.new").exists()


def test_what_was_never_written_is_not_found(tmp_path: Path) -> None:
    assert Outbox(tmp_path).find(str(uuid7())) is None
