"""Photos by tus 1.0: created once announced, resumed where the line broke, proved, and the same photo as by MQTT."""

import base64
import hashlib
import json
import socket
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_twisted import ensureDeferred
from twisted.internet.threads import deferToThread

from conf.settings import Settings
from field_gateway.door import tus
from schema.handsets import Media
from schema.ids import uuid7
from tests.field_gateway.door.site import House, Told, basic, house
from tests.field_gateway.play import Handset, announced, photo_bytes
from tests.patience import LONG, until

PLACE = "/field/v1/media"


def tus_headers(device: str = "hs1", **more: str) -> dict[str, str]:
    return {"Authorization": basic(device), "Tus_Resumable": "1.0.0", **more}


def patch_headers(offset: int, device: str = "hs1", **more: str) -> dict[str, str]:
    return tus_headers(
        device, Upload_Offset=str(offset), Content_Type="application/offset+octet-stream", **more
    )


def announce(here: House, photo: bytes) -> UUID:
    id = uuid7()
    handset = Handset(here.store, here.settings.vault)
    assert handset.say("report", handset.report(media=[announced(photo, id)]))["status"] == "kept"
    return id


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def row(here: House) -> Media:
    found: Media = here.street.one_of(Media)
    return found


@ensureDeferred
async def test_a_photo_is_created_sent_in_pieces_and_whole(
    site: Settings, sqlite_url: str, tmp_path: Path
) -> None:
    photo = photo_bytes(tmp_path)
    async with house(site, sqlite_url) as here:
        id = announce(here, photo)
        told: Told = await here.ask("OPTIONS", PLACE)
        assert told.status == 204 and told.headers["Tus-Extension"] == "creation,checksum"
        about = f"id {b64(str(id))},sha256 {b64(hashlib.sha256(photo).hexdigest())},type {b64('image/jpeg')}"
        new = tus_headers(Upload_Length=str(len(photo)), Upload_Metadata=about)
        told = await here.ask("POST", PLACE, **new)
        assert (told.status, told.headers["Location"]) == (201, f"{PLACE}/{id}")
        url = told.headers["Location"]
        told = await here.ask("HEAD", url, **tus_headers())
        assert (told.headers["Upload-Offset"], told.headers["Upload-Length"]) == ("0", str(len(photo)))
        half = len(photo) // 2
        told = await here.ask("PATCH", url, photo[:half], **patch_headers(0))
        assert (told.status, told.headers["Upload-Offset"]) == (204, str(half))
        handset = Handset(here.store, here.settings.vault)
        said = handset.chunk(id, half, photo[half : half + 100])  # some of it by MQTT: it is the same photo
        assert said["media"] == [{"id": str(id), "received": half + 100}]
        told = await here.ask("PATCH", url, photo[half:], **patch_headers(half))
        assert (told.status, told.json["error"]) == (409, "offset")
        told = await here.ask("HEAD", url, **tus_headers())
        have = int(told.headers["Upload-Offset"])
        assert have == half + 100
        told = await here.ask(
            "POST", url, photo[have:], **patch_headers(have), X_HTTP_Method_Override="PATCH"
        )
        assert (told.status, told.headers["Upload-Offset"]) == (204, str(len(photo)))
        assert row(here).state == "whole"
        told = await here.ask("HEAD", url, **tus_headers())
        assert told.headers["Upload-Offset"] == str(len(photo))
        told = await here.ask("POST", PLACE, **new)
        assert told.status == 201, "asked again, it is there"
        assert here.street.facts().count("MediaReceived") == 1


@ensureDeferred
async def test_what_has_come_when_the_line_breaks_is_kept_and_who_looks_ends_the_old_line(
    site: Settings, sqlite_url: str, tmp_path: Path
) -> None:
    photo = photo_bytes(tmp_path)

    def send(port: int, url: str, data: bytes) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", port), LONG)
        names = {name.replace("_", "-"): value for name, value in patch_headers(0).items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in names.items())
        line.sendall(
            f"PATCH {url} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(photo)}\r\n{head}\r\n".encode() + data
        )
        return line

    async with house(site, sqlite_url) as here:
        url = f"{PLACE}/{announce(here, photo)}"
        line = await deferToThread(send, here.door.port, url, photo[:5000])
        await deferToThread(until, lambda: bool(here.door.media.uploads))
        line.close()
        await deferToThread(until, lambda: row(here).received == 5000)
        line = await deferToThread(send, here.door.port, url, photo[:10])  # wrong offset by now
        assert b" 409 " in await deferToThread(line.recv, 4096)
        line.close()
        silent = await deferToThread(send_more, here, url, photo)
        await deferToThread(until, lambda: bool(here.door.media.uploads))
        told: Told = await here.ask("HEAD", url, **tus_headers())
        assert told.headers["Upload-Offset"] == "7000", "the silent line's bytes are counted"
        await deferToThread(until, lambda: gone(silent))
        silent.close()
        told = await here.ask("PATCH", url, photo[7000:], **patch_headers(7000))
        assert told.status == 204 and row(here).state == "whole"


def send_more(here: House, url: str, photo: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", here.door.port), LONG)
    names = {name.replace("_", "-"): value for name, value in patch_headers(5000).items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in names.items())
    body = photo[5000:7000]
    line.sendall(
        f"PATCH {url} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(photo) - 5000}\r\n{head}\r\n".encode()
        + body
    )
    return line


def gone(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except OSError:
        return True


@ensureDeferred
async def test_a_body_is_taken_only_if_its_checksum_holds(
    site: Settings, sqlite_url: str, tmp_path: Path
) -> None:
    photo = photo_bytes(tmp_path)
    async with house(site, sqlite_url) as here:
        url = f"{PLACE}/{announce(here, photo)}"
        wrong = {"Upload_Checksum": f"sha256 {b64(hashlib.sha256(b'other').digest())}"}
        told: Told = await here.ask("PATCH", url, photo[:9000], **patch_headers(0), **wrong)
        assert (told.status, told.json["error"]) == (460, "chunk-damaged") and row(here).received == 0
        for text in ("md5 AAAA", "sha256 AAAA", "sha1 !!"):
            told = await here.ask("PATCH", url, b"x", **patch_headers(0), Upload_Checksum=text)
            assert told.status == 400, text
        right = {"Upload_Checksum": f"sha1 {b64(hashlib.new('sha1', photo).digest())}"}  # noqa: S324
        told = await here.ask("PATCH", url, photo, **patch_headers(0), **right)
        assert told.status == 204 and row(here).state == "whole"


@ensureDeferred
async def test_uploads_that_nobody_announced_or_that_are_another_s_are_refused(
    site: Settings, sqlite_url: str, tmp_path: Path
) -> None:
    photo = photo_bytes(tmp_path)
    async with house(site, sqlite_url) as here:
        id = announce(here, photo)
        url = f"{PLACE}/{id}"
        cases: list[tuple[int, partial[Any]]] = [
            (404, partial(here.ask, "PATCH", f"{PLACE}/{uuid7()}", b"x", **patch_headers(0))),
            (404, partial(here.ask, "PATCH", f"{PLACE}/x", b"x", **patch_headers(0))),
            (404, partial(here.ask, "PATCH", url, b"x", **patch_headers(0, "hs2"))),
            (404, partial(here.ask, "HEAD", url, **tus_headers("hs2"))),
            (401, partial(here.ask, "PATCH", url, b"x", **{**patch_headers(0), "Authorization": basic("hs1", "no")})),
            (412, partial(here.ask, "PATCH", url, b"x", **{**patch_headers(0), "Tus_Resumable": "0.2"})),
            (412, partial(here.ask, "HEAD", url, Authorization=basic())),
            (415, partial(here.ask, "PATCH", url, b"x", **{**patch_headers(0), "Content_Type": "image/jpeg"})),
            (400, partial(here.ask, "PATCH", url, b"x", **{**patch_headers(0), "Upload_Offset": "-1"})),
            (413, partial(here.ask, "PATCH", url, photo + b"x", **patch_headers(0))),
            (405, partial(here.ask, "GET", url, **tus_headers())),
            (400, partial(here.ask, "POST", PLACE, **tus_headers(Upload_Length="5"))),
            (400, partial(here.ask, "POST", PLACE, **tus_headers(Upload_Metadata="id !", Upload_Length="5"))),
            (409, partial(here.ask, "POST", PLACE,
                          **tus_headers(Upload_Metadata=f"id {b64(str(id))}", Upload_Length="5"))),
            (413, partial(here.ask, "POST", PLACE,
                          **tus_headers(Upload_Metadata=f"id {b64(str(id))}", Upload_Length="99999999999"))),
        ]  # fmt: skip
        for expected, asked in cases:
            assert (await asked()).status == expected
        assert row(here).received == 0 and not here.door.media.uploads


@ensureDeferred
async def test_what_is_no_photo_is_told_so(site: Settings, sqlite_url: str) -> None:
    junk = b"MZ this is a program" * 5000
    async with house(site, sqlite_url) as here:
        url = f"{PLACE}/{announce(here, junk)}"
        told: Told = await here.ask("PATCH", url, junk, **patch_headers(0))
        assert (told.status, told.json["error"]) == (422, "no-photo")
        told = await here.ask("HEAD", url, **tus_headers())
        assert told.status == 410


@ensureDeferred
async def test_too_many_uploads_at_once_are_asked_to_come_later(
    site: Settings, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tus, "MOST", 0)
    async with house(site, sqlite_url) as here:
        told: Told = await here.ask("PATCH", f"{PLACE}/{uuid7()}", b"x", **patch_headers(0))
        assert (told.status, json.loads(told.body)["error"]) == (503, "later")
        assert int(told.headers["Retry-After"]) >= 2
