"""The handset's key is made once, is its own, and signs as the server checks it."""

import base64
from pathlib import Path

from demo.keys import Key
from demo.stamps import Stamps
from field_gateway.sending import is_signed, read_sending
from schema.store import Store


def test_a_key_survives_the_program_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    key = Key(tmp_path / "hs1")
    assert Key(tmp_path / "hs1").public == key.public != Key(tmp_path / "hs2").public
    assert (tmp_path / "hs1" / "key").stat().st_mode & 0o077 == 0


def test_what_is_stamped_is_what_the_server_reads(tmp_path: Path, sqlite_url: str) -> None:
    clock = Store(sqlite_url).clock
    stamps = Stamps(Key(tmp_path), clock)
    made, now = stamps.made(), clock()
    read = read_sending(stamps.sent("gridline/hs1/up/report", b"{}", 7))
    assert read.boot == made["boot"] and read.mono is not None and read.mono >= int(str(made["mono"]))
    assert read.sent is not None and abs((read.sent - now).total_seconds()) < 60 and read.low == 7
    assert is_signed(Key(tmp_path).public, "gridline/hs1/up/report", b"{}", read.signature)
    assert len(base64.urlsafe_b64encode(read.signature)) == 88
