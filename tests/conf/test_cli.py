"""The command line as a person meets it: what it does, and one line for whatever can be mended."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select

from conf.cli import main
from conf.settings import Settings
from schema.desk import second
from schema.people import AuditRow, User
from schema.sealing import Sealer
from schema.store import Store


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of the test's own, through the environment."""
    for name in [name for name in os.environ if name.startswith("GRIDLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRIDLINE_VAR", str(tmp_path))
    return tmp_path


def say(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_upgrade_tells_from_where_to_where_and_does_nothing_twice(
    at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["db", "upgrade"]) == 0
    assert "upgraded from nothing to" in capsys.readouterr().out
    assert main(["db", "upgrade"]) == 0
    assert "database at" in capsys.readouterr().out


def test_a_user_is_added_and_gets_another_password(
    at: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say(monkeypatch, "correct horse battery\n")
    assert main(["user", "add", "lin", "--post", "agent", "--seat", "101", "--language", "ug"]) == 0
    store = Store(Settings(var=at).database_url)
    with store.read() as session:
        before = session.scalars(select(User)).one()
    assert (before.login, before.post, before.seat, before.language) == ("lin", "agent", "101", "ug")
    assert before.password.startswith("$argon2id$") and "horse" not in before.password
    say(monkeypatch, "another good password\n")
    assert main(["user", "passwd", "lin"]) == 0
    with store.read() as session:
        assert session.scalars(select(User)).one().password != before.password
    store.close()
    assert "horse" not in capsys.readouterr().out


def test_a_lost_telephone_is_mended_at_the_command_line_and_written_down(
    at: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say(monkeypatch, "correct horse battery\n")
    assert main(["user", "add", "lin", "--post", "admin"]) == 0
    store = Store(Settings(var=at).database_url)
    sealer = Sealer(at / "door.key")
    with store.work() as work:
        user = work.session.scalars(select(User)).one()
        secret = second.begin(work, user.id, sealer)
        assert second.confirm(work, user.id, pyotp.TOTP(secret).at(work.now), sealer)
    assert main(["user", "second-off", "lin"]) == 0
    assert main(["user", "second-off", "lin"]) == 0
    assert main(["user", "second-off", "nobody"]) == 1
    said = capsys.readouterr().out.splitlines()[-2:]
    assert said == ["lin has no second factor any more", "lin has no second factor (and had none)"]
    with store.read() as session:
        assert not second.is_on(session, user.id)
        rows = session.scalars(select(AuditRow).where(AuditRow.what == "door.second-reset")).all()
    assert [(row.subject, row.reason) for row in rows] == [("lin", "command line")] * 2
    store.close()


@pytest.mark.parametrize(
    ("words", "stdin", "expected"),
    [
        (["user", "passwd", "nobody"], "a long enough password\n", "nobody"),
        (["user", "add", "lin", "--post", "agent"], "short\n", "password"),
        (["user", "add", "lin", "--post", "king"], "a long enough password\n", "post"),
        (["user", "add", "lin", "--post", "department"], "a long enough password\n", "department"),
        (
            ["user", "add", "lin", "--post", "clerk", "--department", "x"],
            "a long enough password\n",
            "no department 'x'",
        ),
        (["--settings", "/nowhere/x.toml", "doctor"], "", "/nowhere/x.toml does not exist"),
        (["handset", "enrol", "w9", "--worker", "ghost"], "", "ghost"),
    ],
)
def test_what_can_be_mended_is_one_line(
    at: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    stdin: str,
    expected: str,
) -> None:
    main(["db", "upgrade"])
    capsys.readouterr()
    say(monkeypatch, stdin)
    assert main(words) == 1
    told = capsys.readouterr().err
    assert told.startswith("gridline: ") and told.count("\n") == 1 and expected in told


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "var/x"), "the disk is full (var/x): make room"),
        (
            PermissionError(errno.EACCES, "Permission denied", "var/y"),
            "Permission denied (var/y): check that var/",
        ),
    ],
)
def test_a_full_disk_and_a_foreign_folder_are_told(
    at: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: OSError,
    expected: str,
) -> None:
    def fail(_url: str) -> None:
        raise error

    monkeypatch.setattr("schema.upgrade.upgrade", fail)
    assert main(["db", "upgrade"]) == 1
    assert capsys.readouterr().err.startswith(f"gridline: {expected}")


def test_a_taken_port_is_told_by_the_program_itself(at: Path) -> None:
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "conf.cli", "up"],
            env={**os.environ, "GRIDLINE_WEB__PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and f"port {port} (web.port) is taken by" in done.stderr


def test_an_unknown_command_is_refused_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["fly"])
    assert end.value.code == 2
    assert "usage: gridline" in capsys.readouterr().err
