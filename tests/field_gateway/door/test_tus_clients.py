"""Strangers' tus clients send a photo, as their makers ship them: tuspy and tus-js-client."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_twisted import ensureDeferred
from tusclient.client import TusClient
from twisted.internet.threads import deferToThread

from conf.settings import Settings
from conf.tools import Tools
from schema.handsets import Media
from tests.field_gateway.door.site import House, basic, house
from tests.field_gateway.door.test_tus import PLACE, announce
from tests.field_gateway.play import photo_bytes
from tests.patience import LONG

pytestmark = pytest.mark.real
CLIENT = Path(__file__).with_name("tusclient.mjs")


def send_by_tuspy(here: House, file: Path, id: UUID, sha256: str) -> int:
    client = TusClient(f"http://127.0.0.1:{here.door.port}{PLACE}", headers={"Authorization": basic()})
    about = {"id": str(id), "sha256": sha256, "type": "image/jpeg"}
    with file.open("rb") as stream:  # a file that it opens itself it leaves open
        first: Any = client.uploader(
            file_stream=stream, chunk_size=20_000, metadata=about, upload_checksum=True
        )
        first.upload_chunk()
        # Another start of the program: it asks how far it had come.
        again: Any = client.uploader(
            file_stream=stream, chunk_size=20_000, url=first.url, upload_checksum=True
        )
        resumed_at: int = again.offset
        again.upload()
    return resumed_at


@ensureDeferred
async def test_tuspy_sends_resumes_and_proves(site: Settings, sqlite_url: str, tmp_path: Path) -> None:
    photo = photo_bytes(tmp_path)
    async with house(site, sqlite_url) as here:
        id = announce(here, photo)
        sha256 = hashlib.sha256(photo).hexdigest()
        resumed_at = await deferToThread(send_by_tuspy, here, tmp_path / "taken.jpg", id, sha256)
        assert resumed_at == 20_000 and here.street.one_of(Media).state == "whole"


@ensureDeferred
async def test_tus_js_client_goes_on_after_a_torn_line(
    site: Settings, sqlite_url: str, tmp_path: Path
) -> None:
    photo = photo_bytes(tmp_path)
    async with house(site, sqlite_url) as here:
        id = announce(here, photo)
        library = here.settings.tools / "static" / "vendor-test" / "tus-js-client.mjs"
        words = [
            str(Tools(here.settings.tools).node()), str(CLIENT), str(library),
            f"http://127.0.0.1:{here.door.port}{PLACE}", basic(), str(tmp_path / "taken.jpg"), str(id),
            hashlib.sha256(photo).hexdigest(),
        ]  # fmt: skip
        done = await deferToThread(
            subprocess.run, words, capture_output=True, text=True, check=False, timeout=LONG
        )
        said = json.loads(done.stdout)
        assert said == {"url": f"http://127.0.0.1:{here.door.port}{PLACE}/{id}", "torn": True}, done.stderr
        assert here.street.one_of(Media).state == "whole"
