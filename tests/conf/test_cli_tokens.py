"""`gridline token` as the keeper of a site meets it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from conf.cli import main
from conf.settings import Settings
from schema.desk import tokens
from schema.people import User
from schema.store import Store
from schema.upgrade import upgrade


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A site of the test's own with one user, through the environment."""
    for name in [name for name in os.environ if name.startswith("GRIDLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRIDLINE_VAR", str(tmp_path))
    url = Settings(var=tmp_path).database_url
    upgrade(url)
    made = Store(url)
    with made.work() as work:
        work.session.add(User(login="li", name="李", post="supervisor", password="x", seat="102"))
    return made


def test_a_token_is_made_listed_and_revoked(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["token", "add", "crm", "--user", "li", "--rights", "board.see watch.listen", "--days", "7"])
        == 0
    )
    secret = capsys.readouterr().out.split("secret ")[1].strip()
    with store.read() as session:
        who = tokens.find(session, secret, store.clock())
    assert who is not None and who.rights == {"board.see", "watch.listen"}
    assert who.ends_at - store.clock() < timedelta(days=7)
    assert main(["token", "list"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("crm  for li  until ") and told.endswith("  used never  board.see watch.listen\n")
    assert secret not in told
    assert main(["token", "revoke", "crm"]) == 0 and main(["token", "list"]) == 0
    assert "crm is revoked\ncrm  for li  revoked " in capsys.readouterr().out
    with store.read() as session:
        assert tokens.find(session, secret, store.clock()) is None
    store.close()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("add crm --user nobody --rights *", "there is no user 'nobody'"),
        ("add crm --user li --rights fly", "there is no right 'fly'"),
        ("add crm --user li --rights audit.read", "the post supervisor does not carry 'audit.read'"),
        ("add crm --user li --rights * --days 0", "a token lasts 1 to 3660 days"),
        ("add crm --user li --rights * --days 999999999999", "a token lasts 1 to 3660 days"),
        ("revoke crm", "there is no token 'crm'"),
    ],
)
def test_what_cannot_be_is_one_line(
    store: Store, capsys: pytest.CaptureFixture[str], words: str, expected: str
) -> None:
    assert main(["token", *words.split()]) == 1
    assert capsys.readouterr().err == f"gridline: {expected}\n"
    store.close()
