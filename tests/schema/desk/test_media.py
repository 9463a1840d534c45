"""How far photos have come, and where they lie."""

from datetime import UTC, datetime
from pathlib import PurePosixPath
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.desk.errors import Refused
from schema.desk.field import NewMedia, NewReport, take_report
from schema.desk.handsets import enrol
from schema.desk.media import (
    find_media,
    media_of,
    media_received,
    media_refused,
    media_whole,
    original_path,
    shown_path,
    thumb_path,
)
from schema.handsets import Handset, Media
from schema.ids import uuid7
from schema.outbox import OutboxRow
from tests.schema.desk.casework import Office


@pytest.fixture
def handset(desk: Office) -> Handset:
    with desk.store.work() as work:
        return enrol(work, device="hs-1", worker=desk.worker, secret="sixteen letters!")


@pytest.fixture
def photo(desk: Office, handset: Handset) -> UUID:
    media = uuid7()
    with desk.store.work() as work:
        new = [NewMedia(media, "image/jpeg", 100, "a" * 64)]
        take_report(work, handset, NewReport(uuid7(), "report", "x", datetime.now(UTC), media=new))
    return media


def look(desk: Office, media: UUID) -> Media:
    with desk.store.read() as session:
        return find_media(session, "hs-1", media)


def test_three_files_of_a_photo_lie_beside_each_other() -> None:
    media = uuid7()
    for type, ending in (("image/jpeg", "jpg"), ("image/png", "png"), ("image/webp", "webp")):
        shown = shown_path(media, type)
        paths = {shown, original_path(shown), thumb_path(shown)}
        assert len(paths) == 3 and len({PurePosixPath(path).parent for path in paths}) == 1
        assert shown == f"media/{media.hex[-2:]}/{media}.{ending}"
        assert original_path(shown).endswith(f"{media}.original.{ending}")
        assert len(max(paths, key=len)) <= 200


def test_it_comes_piece_by_piece_and_is_whole_once(desk: Office, handset: Handset, photo: UUID) -> None:
    with desk.store.work() as work:
        media_received(work, handset, photo, received=40)
    assert (look(desk, photo).received, look(desk, photo).state) == (40, "due")
    for _ in range(2):
        with desk.store.work() as work:
            media_whole(work, handset, photo, path="media/x.jpg")
    with desk.store.work() as work:  # late and moot
        media_received(work, handset, photo, received=40)
        media_refused(work, handset, photo, reason="too late")
    row = look(desk, photo)
    assert (row.received, row.state, row.path, row.reason) == (100, "whole", "media/x.jpg", "")
    with desk.store.read() as session:
        told = list(session.scalars(select(OutboxRow.name)))
        assert told.count("MediaReceived") == 1
        assert [one.id for one in media_of(session, row.report)] == [photo]


def test_a_refused_one_stays_refused(desk: Office, handset: Handset, photo: UUID) -> None:
    with desk.store.work() as work:
        media_refused(work, handset, photo, reason="x" * 999)
        media_whole(work, handset, photo, path="media/x.jpg")
    row = look(desk, photo)
    assert (row.state, row.received, row.path, len(row.reason)) == ("refused", 0, "", 200)


def test_only_its_own_device_may_fill_it(desk: Office, photo: UUID) -> None:
    with desk.store.read() as session:
        for device, media in (("hs-2", photo), ("hs-1", uuid7())):
            with pytest.raises(Refused) as caught:
                find_media(session, device, media)
            assert caught.value.code == "unknown-media"
