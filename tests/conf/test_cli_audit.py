"""`gridline audit log` says whether the chain holds, in words and by its exit code."""

import pytest
from sqlalchemy import update

from conf.cli import main
from conf.settings import Settings
from schema.desk import audit
from schema.people import AuditRow
from schema.store import Store


@pytest.fixture(autouse=True)
def found(site: Settings, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conf.cli.load", lambda _: site)
    monkeypatch.setattr(Store, "of", lambda _: Store(store.engine.url.render_as_string(hide_password=False)))


def heard(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str]]:
    code = main(["audit", "log", *more])
    return code, capsys.readouterr().out.splitlines()


def test_the_command_tells_rows_and_head_and_takes_the_head_back(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert heard(capsys)[1][0] == "0 rows, the chain holds"
    for n in range(3):
        with store.work() as work:
            audit.note(work, "case.read", str(n), who=None)
    code, lines = heard(capsys)
    assert code == 0 and lines[0] == "3 rows, the chain holds" and lines[1].startswith("head 3:")
    head = lines[1].removeprefix("head ")
    assert "only a head noted earlier can tell" in lines[2]
    assert heard(capsys, "--head", head) == (
        0,
        ["3 rows, the chain holds, and it runs through 1 noted head", lines[1]],
    )
    code, lines = heard(capsys, "--head", head, "--head", f"9:{'0' * 64}")
    assert (code, lines) == (1, ["BROKEN: the log ends at row 3, but row 9 was there once: its end was cut off",
                                 "3 rows before it hold"])  # fmt: skip


def test_a_broken_chain_is_an_exit_code_and_says_where(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    with store.work() as work:
        audit.note(work, "case.read", "1", who=None)
    with store.work() as work:
        trigger = "audit_no_update" if store.is_sqlite else "audit_no_change ON audit"
        work.session.connection().exec_driver_sql(f"DROP TRIGGER {trigger}")
        work.session.execute(update(AuditRow).values(subject="2"))
    assert heard(capsys) == (1, ["BROKEN: row 1 is not what was written", "no row before it holds"])


def test_what_is_no_head_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "log", "--head", "yesterday"]) == 1
    assert "NUMBER:HASH" in capsys.readouterr().err
