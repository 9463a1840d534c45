"""`gridline audit field` says what it looked at, and by its exit code whether it holds; it signs and checks days."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from conf.cli import main
from conf.settings import Settings
from schema.base import table_of
from schema.handsets import InboxRow
from schema.store import Store
from tests.field_gateway.play import Handset, Street


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(autouse=True)
def found(site: Settings, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conf.cli.load", lambda _: site)
    later = datetime(2026, 11, 26, 8, tzinfo=UTC)
    store.clock = lambda: datetime(2026, 11, 24, 8, tzinfo=UTC)
    monkeypatch.setattr(
        Store,
        "of",
        lambda _: Store(store.engine.url.render_as_string(hide_password=False), clock=lambda: later),
    )


def heard(capsys: pytest.CaptureFixture[str], *more: object) -> tuple[int, str]:
    code = main(["audit", "field", *map(str, more)])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_the_command_tells_what_it_looked_at_and_what_is_wrong(
    site: Settings, store: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    hs1 = Handset(Street(store).store, site.vault)
    receipt = hs1.say("report", hs1.report())
    capsys.readouterr()  # what the intake logged
    kept = tmp_path / "receipts"
    kept.write_text(json.dumps({"device": "hs1"} | receipt) + "\n")
    assert heard(capsys, "--receipts", kept) == (
        0,
        "1 messages accepted (1 report), 1 reports, 0 media of 0 bytes hashed, 1 receipts of handsets, "
        "no differences\n",
    )
    assert heard(capsys, "--until", "2026-11-23")[1].startswith("0 messages accepted, ")
    code, told = heard(capsys, "--digest", "2026-11-24")
    assert code == 0 and told == f"{site.var}/digests/field-2026-11-24.json\n"
    assert heard(capsys, "--verify", "2026-11-24", "--key", site.var / "keys" / "field.pub") == (
        0,
        "2026-11-24: the signature is good, and the rows are those that were signed\n",
    )
    with store.work() as work:
        work.session.execute(delete(table_of(InboxRow)))
    assert heard(capsys, "--verify", "2026-11-24") == (
        1,
        "BROKEN: messages of the kind report: 1 were signed, 0 are there now\n",
    )
    code, told = heard(capsys, "--receipts", kept, "--quick")
    assert (
        code == 1 and told.startswith("unowned ") and "\nlost " in told and told.endswith(" 2 differences\n")
    )


def test_what_cannot_be_done_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("[]\n")
    for more, words in (
        (("--digest", "2026-11-26"), "is not over"),
        (("--digest", "tomorrow"), "is no day"),
        (("--verify", "2026-11-01"), "there is no digest of 2026-11-01"),
        (("--receipts", bad), "line 1: write"),
    ):
        code, told = heard(capsys, *more)
        assert (code, words in told, told.count("\n")) == (1, True, 1), told
