"""The daily digest: signed once, the same on every look, and broken by whatever is changed afterwards."""

import shutil
import subprocess
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from field_gateway.days import Days
from field_gateway.digests import Digests, NoDigest
from field_gateway.sitekey import BadKey, SiteKey, read_public
from schema.base import table_of
from schema.handsets import InboxRow
from schema.ids import uuid7
from schema.store import Store
from tests.patience import LONG

DAY = date(2026, 11, 23)


@pytest.fixture
def digests(store: Store, tmp_path: Path) -> Digests:
    """Three days of a ledger; it is 00:05 in the zone of the site after the last."""
    store.clock = lambda: datetime(2026, 11, 25, 16, 5, tzinfo=UTC)
    with store.work() as work:
        for hour in range(0, 72, 7):
            at = datetime(2026, 11, 22, 16, tzinfo=UTC) + timedelta(hours=hour)
            id = uuid7()
            work.session.add(
                InboxRow(device="hs-1", id=id, body_hash="0" * 64, kind="clock" if hour % 2 else "report",
                         receipt={"id": str(id), "status": "kept"}, at=at)
            )  # fmt: skip
    return Digests(store, tmp_path / "digests", SiteKey(tmp_path / "keys" / "field.key"))


def test_each_day_that_is_over_is_signed_once_and_names_the_one_before(
    digests: Digests, store: Store
) -> None:
    days = Days(digests)
    assert days.close() == ["field-2026-11-23.json", "field-2026-11-24.json"], (
        "the last day is not settled yet"
    )
    with pytest.raises(NoDigest, match="not over"):
        digests.make(date(2026, 11, 25))
    body = digests.file(DAY).read_bytes()
    store.clock = lambda: datetime(2026, 11, 25, 16, 11, tzinfo=UTC)
    assert days.close() == ["field-2026-11-25.json"] and days.close() == []
    assert digests.make(DAY).read_bytes() == body
    assert [digests.troubles(day) for day in digests.days()] == [[], [], []]
    digests.file(date(2026, 11, 24)).unlink()
    with pytest.raises(NoDigest, match="no digest of 2026-11-24"):
        digests.troubles(date(2026, 11, 24))


def test_the_room_makes_them_by_itself(digests: Digests, tmp_path: Path) -> None:
    days = Days(digests)
    days.start()
    wanted = digests.file(date(2026, 11, 24)).with_name("field-2026-11-24.json.sig")
    for _ in range(int(LONG * 20)):
        if wanted.exists():
            break
        time.sleep(0.05)
    days.stop()
    assert digests.days() == [DAY, date(2026, 11, 24)]


def test_whatever_is_changed_afterwards_is_told(digests: Digests, store: Store, tmp_path: Path) -> None:
    Days(digests).close()
    ledger, next_day = table_of(InboxRow), date(2026, 11, 24)
    begin = datetime(2026, 11, 22, 16, tzinfo=UTC)
    with store.work() as work:
        work.session.execute(update(ledger).where(InboxRow.at == begin).values(body_hash="1" * 64))
    assert digests.troubles(DAY) == [
        "messages of the kind report: 2 were signed, 2 are there now, other ones"
    ]
    with store.work() as work:
        work.session.execute(delete(ledger).where(InboxRow.at == begin))
    assert digests.troubles(DAY) == ["messages of the kind report: 2 were signed, 1 are there now"]
    assert digests.troubles(next_day) == []
    other = SiteKey(tmp_path / "other.key")
    other.sign(b"")
    assert digests.troubles(next_day, read_public(tmp_path / "other.pub")) == [
        "field-2026-11-24.json is not what this key signed"
    ]
    file = digests.file(DAY)
    file.write_bytes(file.read_bytes().replace(b'"count": 2', b'"count": 1'))
    assert digests.troubles(DAY) == ["field-2026-11-23.json is not what this key signed"]
    assert "follows another digest" in digests.troubles(next_day)[0]


def test_signed_positions_leave_the_ledger_with_the_positions_and_nothing_else_does(
    digests: Digests, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("field_gateway.days.SLICE", 2)
    begin = datetime(2026, 11, 22, 16, tzinfo=UTC)
    with store.work() as work:
        for hour in range(1, 72, 5):
            at = begin + timedelta(hours=hour)
            work.session.add(
                InboxRow(device="hs-1", id=uuid7(), body_hash="0" * 64, kind="position", receipt={}, at=at)
            )

    def there() -> dict[str, int]:
        with store.read() as session:
            query = select(InboxRow.kind, func.count()).group_by(InboxRow.kind)
            return {kind: count for kind, count in session.execute(query)}

    before, days = there(), Days(digests)
    days.close()
    assert days.let_go() == 0 and there() == before
    store.clock = lambda: datetime(2026, 12, 24, 16, 5, tzinfo=UTC)
    gone = days.let_go()
    assert gone == 10 and there() == {**before, "position": before["position"] - 10}, (
        "the third is not signed"
    )
    assert [digests.troubles(day) for day in digests.days()] == [[], []] and days.let_go() == 0
    with store.work() as work:
        work.session.execute(
            delete(table_of(InboxRow)).where(InboxRow.kind == "report", InboxRow.at == begin)
        )
    assert digests.troubles(DAY) == ["messages of the kind report: 2 were signed, 1 are there now"]


def test_another_program_can_check_the_signature(digests: Digests, tmp_path: Path) -> None:
    file = digests.make(DAY)
    public = tmp_path / "keys" / "field.pub"
    assert (tmp_path / "keys" / "field.key").stat().st_mode & 0o777 == 0o600
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl here")
    told = subprocess.run(
        [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", file, "-sigfile", f"{file}.sig"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert told.returncode == 0 and "Verified Successfully" in told.stdout


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    key = tmp_path / "field.key"
    with pytest.raises(BadKey, match="is not there"):
        SiteKey(key).public()
    key.write_text("no key")
    with pytest.raises(BadKey, match="holds no key"):
        SiteKey(key).sign(b"")
    with pytest.raises(BadKey, match="no public key"):
        read_public(key)
