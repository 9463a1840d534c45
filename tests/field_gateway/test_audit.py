"""The audit of the field: silent about a site that is right, and a line for each thing that is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from field_gateway.audit import Claim, Found, audit
from schema.base import Base, table_of
from schema.desk.media import original_path
from schema.desk.settling import settle_reused
from schema.fieldmessages import ReportVersion
from schema.handsets import InboxConflict, InboxRow, Media, Report
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.rules.access import Actor
from schema.store import Store
from tests.field_gateway.play import LAT, LON, Handset, Street, announced, photo_bytes

EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
Audit = Callable[..., Found]


@pytest.fixture
def right(street: Street, tmp_path: Path) -> dict[str, object]:
    """A handset clocked on, a report that answers its task with a whole photo, one alone whose photo is half here."""
    hs1, photo, whole, half = (
        Handset(street.store, tmp_path / "vault"),
        photo_bytes(tmp_path),
        uuid7(),
        uuid7(),
    )
    hs1.say("clock", hs1.body(type="clock", on=True))
    media = [announced(photo, one) for one in (uuid7(), whole)]
    first = hs1.report(
        task=street.dispatch().id,
        media=media,
        place={"lon": LON, "lat": LAT},
        made="2026-11-24T10:00:00+08:00",
    )
    kept = hs1.say("report", first)
    hs1.say("report", first)
    hs1.say("report", hs1.report(text="x", media=[announced(photo, half)]))
    hs1.say("report", hs1.report(id=kept["id"], text="another one"))
    for text in ("edited", "edited from a version that is not the newest"):
        hs1.say("report", hs1.report(text=text, edits=kept["id"], base=1, media=[]))
    hs1.say("message", hs1.body(type="message", text="a ladder, please", to="desk"))
    for at in range(0, len(photo), 60_000):
        assert hs1.chunk(whole, at, photo[at : at + 60_000])["status"] == "kept"
    hs1.chunk(half, 0, photo[:100])
    return {"first": kept, "whole": whole, "half": half}


@pytest.fixture
def found(store: Store, tmp_path: Path) -> Audit:
    return lambda **more: audit(store, tmp_path / "vault", *EVER, **more)


def said(found: Found) -> list[str]:
    return sorted(line.partition(" ")[0] for line in found.differences)


def forge(store: Store, table: type[Base], *where: object, **values: object) -> None:
    with store.work() as work:
        work.session.execute(update(table_of(table)).where(*where).values(**values))  # type: ignore[arg-type]


def test_a_street_that_is_right_has_no_difference(
    store: Store, right: dict[str, object], found: Audit
) -> None:
    told = found()
    assert told.differences == []
    assert dict(told.messages) == {"clock": 1, "report": 2, "edit": 2, "message": 1}
    assert (told.reports, told.media) == (4, 3)
    assert told.bytes > 1000 and found(rehash=False).bytes == 0
    receipt = right["first"]
    assert isinstance(receipt, dict)
    claim = Claim("hs1", receipt["id"], receipt["row_hash"])
    with store.read() as session:
        row = session.scalars(select(InboxRow).where(InboxRow.kind == "report")).first()
    assert row is not None
    told = found(claims=[Claim("hs1", row.id, row.receipt["row_hash"]), Claim("hs2", row.id)])
    assert told.claims == 2 and said(told) == ["lost"], "another device's receipt is none"
    assert said(found(claims=[Claim("hs1", row.id, "0" * 64)])) == ["changed"] and claim.row_hash


def test_a_receipt_of_positions_that_are_let_go_is_not_called_lost(
    store: Store, right: dict[str, object], found: Audit
) -> None:
    def claimed(days: int, **more: str) -> Found:
        made = store.clock() - timedelta(days=days)
        return found(claims=[Claim("hs1", uuid7(lambda: int(made.timestamp() * 1000)), **more)])

    old = claimed(31)
    assert (old.claims, old.aged, old.differences) == (1, 1, [])
    assert claimed(31, kind="position").aged == 1
    for lost in (claimed(29), claimed(31, kind="clock"), claimed(31, row_hash="0" * 64)):
        assert said(lost) == ["lost"] and lost.aged == 0


def test_what_the_ledger_says_and_the_rows_do_not_is_told_both_ways(
    store: Store, right: dict[str, object], found: Audit
) -> None:
    forge(store, Report, Report.text == "已修好", text="forged")
    assert said(found()) == ["changed"]
    forge(store, Report, Report.text == "forged", text="已修好", device="hs2")
    assert said(found()) == ["changed", "unowned"]
    forge(store, Report, Report.device == "hs2", device="hs1", case=None)
    assert said(found()) == ["changed"] * 4, (
        "the fingerprint; and the case that its receipt and its edits' name"
    )
    with store.work() as work:
        work.session.execute(delete(table_of(InboxRow)))
    assert said(found()) == ["unowned"] * 7, (
        "reports, edits, a note, clocking on, what was set beside a first one"
    )


def test_what_somebody_took_of_a_message_that_used_an_id_again_needs_no_message_of_its_own(
    street: Street, store: Store, right: dict[str, object], found: Audit
) -> None:
    with store.work() as work:
        [row] = work.session.scalars(select(InboxConflict)).all()
        who = Actor("supervisor", {"case.read": "all"})
        settle_reused(work, row.key, who, street.one.id, take=True)
    assert found().differences == []
    forge(store, InboxConflict, settled_at=None)
    assert said(found()) == ["unowned"], "a version that nobody sent and nobody took"


def test_a_report_that_is_gone_told_twice_or_never_is_told(
    store: Store, right: dict[str, object], found: Audit
) -> None:
    outbox, told = table_of(OutboxRow), OutboxRow.name == "ReportReceived"
    with store.work() as work:
        row = work.session.scalars(select(OutboxRow).where(told)).first()
        assert row is not None
        again = {"key": uuid7(), "kind": "fact", "name": row.name, "at": row.at, "body": row.body}
        work.session.execute(insert(outbox).values(again))
    assert said(found()) == ["doubled"]
    with store.work() as work:
        work.session.execute(delete(outbox).where(told))
    assert said(found()) == ["lost", "lost"]
    with store.work() as work:
        for table in (Media, ReportVersion, Report, InboxConflict):
            work.session.execute(delete(table_of(table)))
    assert said(found()) == [*["lost"] * 4, *["unowned"] * 4], "the files of the photos are nobody's now"


def test_files_are_held_against_what_was_announced(
    store: Store, right: dict[str, object], found: Audit, tmp_path: Path
) -> None:
    vault = tmp_path / "vault"
    with store.read() as session:
        row = session.scalars(select(Media).where(Media.state == "whole")).one()
    file = vault / original_path(row.path)
    data = bytearray(file.read_bytes())
    data[99] ^= 4
    file.write_bytes(data)
    (vault / "media" / "parts" / f"{right['half']}.part").write_bytes(b"x")
    (vault / "media" / "stray.jpg").write_bytes(b"x")
    assert said(found()) == ["changed", "short", "unowned"] and said(found(rehash=False)) == [
        "short",
        "unowned",
    ]
    file.write_bytes(data[:50])
    assert said(found(rehash=False)) == ["changed", "short", "unowned"]
    file.unlink()
    (vault / row.path).unlink()
    assert said(found()) == ["lost", "lost", "short", "unowned"]
