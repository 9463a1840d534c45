"""Photos come in pieces, go on where they stopped, and are what they were said to be."""

from pathlib import Path
from uuid import UUID

import pytest

from schema.desk.media import original_path, thumb_path
from schema.handsets import Media, Refusal
from schema.ids import uuid7
from schema.store import StoreUnreachable
from tests.field_gateway.play import Handset, Street, announced, photo_bytes

STEP = 12_000


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def hs1(street: Street, vault: Path) -> Handset:
    return Handset(street.store, vault)


@pytest.fixture
def photo(tmp_path: Path) -> bytes:
    return photo_bytes(tmp_path)


def due(hs1: Handset, data: bytes, type: str = "image/jpeg", **content: object) -> UUID:
    media = uuid7()
    receipt = hs1.say("report", hs1.report(media=[announced(data, media, type)], **content))
    assert receipt["media"] == [{"id": str(media), "received": 0}]
    return media


def send(hs1: Handset, media: UUID, data: bytes, start: int = 0) -> dict[str, object]:
    receipt: dict[str, object] = {}
    for offset in range(start, len(data), STEP):
        receipt = hs1.chunk(media, offset, data[offset : offset + STEP])
    return receipt


def test_a_photo_comes_whole_and_is_told_of_once(
    street: Street, hs1: Handset, photo: bytes, vault: Path
) -> None:
    task = street.dispatch()
    media = due(hs1, photo, task=task.id)
    assert send(hs1, media, photo) == {
        "v": 1, "id": str(media), "status": "kept", "media": [{"id": str(media), "received": len(photo)}],
    }  # fmt: skip
    row = street.one_of(Media)
    assert (row.state, row.received, row.case, row.contact) == ("whole", len(photo), task.case, task.contact)
    assert row.whole_at is not None
    assert (vault / original_path(row.path)).read_bytes() == photo
    assert b"Exif" in photo and b"Exif" not in (vault / row.path).read_bytes()
    assert (vault / thumb_path(row.path)).is_file()
    assert hs1.chunk(media, 0, photo[:STEP])["status"] == "again"
    assert street.facts().count("MediaReceived") == 1


def test_it_goes_on_where_it_stopped(street: Street, hs1: Handset, photo: bytes) -> None:
    body = hs1.report(media=[announced(photo, media := uuid7())])
    hs1.say("report", body)
    hs1.chunk(media, 0, photo[:STEP])
    hs1.chunk(media, STEP, photo[STEP : 2 * STEP])
    ahead = hs1.chunk(media, 3 * STEP, photo[3 * STEP : 4 * STEP])
    assert (ahead["status"], ahead["code"]) == ("refused", "offset")
    assert ahead["media"] == [{"id": str(media), "received": 2 * STEP}]
    behind = hs1.chunk(media, 0, photo[:STEP])
    assert (behind["status"], behind["media"]) == ("again", [{"id": str(media), "received": 2 * STEP}])
    assert hs1.say("report", body)["media"] == [{"id": str(media), "received": 2 * STEP}]
    assert send(hs1, media, photo, 2 * STEP)["status"] == "kept"
    assert street.one_of(Media).state == "whole"
    assert street.rows()["refusals"] == 0  # resuming is no offence


def test_a_damaged_chunk_is_asked_for_again(street: Street, hs1: Handset, photo: bytes) -> None:
    media = due(hs1, photo)
    hs1.chunk(media, 0, photo[:STEP])
    receipt = hs1.chunk(media, STEP, photo[STEP : 2 * STEP], sha256="0" * 64)
    assert (receipt["code"], receipt["media"]) == ("chunk-damaged", [{"id": str(media), "received": STEP}])
    assert send(hs1, media, photo, STEP)["status"] == "kept"


@pytest.mark.parametrize("type", ["image/jpeg", "image/png", "image/webp"])
def test_a_photo_that_is_no_photo_is_refused_for_good(
    street: Street, hs1: Handset, vault: Path, type: str
) -> None:
    junk = b"#!/bin/sh\necho I am a photo\n" * 1000
    media = due(hs1, junk, type)
    for receipt in (send(hs1, media, junk), hs1.chunk(media, 0, junk[:STEP])):
        assert (receipt["status"], receipt["code"]) == ("refused", "no-photo") and receipt["reason"]
    assert street.one_of(Media).state == "refused" and street.one_of(Refusal).code == "no-photo"
    assert [file for file in vault.rglob("*") if file.is_file()] == []
    assert street.rows()["reports"] == 1  # the words stand


def test_a_photo_other_than_announced_is_refused(street: Street, hs1: Handset, photo: bytes) -> None:
    media = due(hs1, photo)
    other = photo[:-1] + bytes([photo[-1] ^ 1])
    assert send(hs1, media, other)["code"] == "no-photo"
    assert "SHA-256" in street.one_of(Media).reason


def test_more_than_announced_is_refused(street: Street, hs1: Handset, photo: bytes) -> None:
    media = due(hs1, photo[:100])
    assert hs1.chunk(media, 0, photo[:101])["code"] == "too-long"
    assert street.one_of(Media).received == 0


def test_a_photo_needs_a_report_of_the_same_device(
    street: Street, hs1: Handset, photo: bytes, vault: Path
) -> None:
    assert hs1.chunk(uuid7(), 0, photo[:10])["code"] == "unknown-media"
    media = due(hs1, photo)
    hs2 = Handset(street.store, vault, "hs2")
    assert hs2.chunk(media, 0, photo[:STEP])["code"] == "unknown-media"


def test_the_last_commit_may_fail_after_the_photo_is_in_the_vault(
    street: Street, hs1: Handset, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from field_gateway import chunks

    def away(*_: object, **__: object) -> None:
        raise StoreUnreachable("gone")

    media = due(hs1, photo)
    with monkeypatch.context() as patched, pytest.raises(StoreUnreachable):
        patched.setattr(chunks.media, "media_whole", away)
        send(hs1, media, photo)
    last = (len(photo) - 1) // STEP * STEP
    assert street.one_of(Media).received == last
    assert hs1.chunk(media, last, photo[last:])["status"] == "kept"
    assert street.one_of(Media).state == "whole" and street.facts().count("MediaReceived") == 1


def test_a_disk_that_lost_the_beginning_is_told_from_there(
    street: Street, hs1: Handset, photo: bytes, vault: Path
) -> None:
    media = due(hs1, photo)
    hs1.chunk(media, 0, photo[:STEP])
    hs1.chunk(media, STEP, photo[STEP : 2 * STEP])
    (vault / "media" / "parts" / f"{media}.part").write_bytes(photo[:STEP])
    receipt = hs1.chunk(media, 2 * STEP, photo[2 * STEP : 3 * STEP])
    assert (receipt["code"], receipt["media"]) == ("offset", [{"id": str(media), "received": STEP}])
    assert send(hs1, media, photo, STEP)["status"] == "kept"
