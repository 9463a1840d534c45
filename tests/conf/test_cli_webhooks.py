"""`gridline webhook` as the keeper of a site meets it."""

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from conf.cli import main
from conf.settings import Settings
from schema.desk import webhooks
from schema.ids import uuid7
from schema.people import User
from schema.rules.hooks import secret_of
from schema.store import Store
from schema.upgrade import upgrade
from schema.webhooks import Delivery, Webhook

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A site of the test's own with one user, through the environment."""
    for name in [name for name in os.environ if name.startswith("GRIDLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRIDLINE_VAR", str(tmp_path))
    monkeypatch.setenv("GRIDLINE_HOOKS__SECRET", "site")
    url = Settings(var=tmp_path).database_url
    upgrade(url)
    made = Store(url)
    with made.work() as work:
        work.session.add(User(login="sun", name="孙", post="admin", password="x"))
    return made


def add(*words: str) -> int:
    return main(["webhook", "add", "crm", "https://crm.example.org/hook", "--user", "sun", *words])


def test_one_is_made_listed_stopped_and_removed(store: Store, capsys: Capture) -> None:
    assert add("--events", "cases CallEnded") == 0
    with store.read() as session:
        row = session.scalars(select(Webhook)).one()
    secret = secret_of("site", row.id, 1)
    assert f"secret {secret}" in capsys.readouterr().out and row.events == ["cases", "CallEnded"]
    assert main(["webhook", "pause", "crm"]) == main(["webhook", "list"]) == 0
    told = capsys.readouterr().out
    assert (
        "crm  webhook  paused  https://crm.example.org/hook  cases CallEnded" in told and secret not in told
    )
    assert (
        main(["webhook", "resume", "crm"])
        == main(["webhook", "remove", "crm"])
        == main(["webhook", "list"])
        == 0
    )
    assert "crm  webhook" not in capsys.readouterr().out
    store.close()


def test_what_was_given_up_is_found_and_sent_again(store: Store, capsys: Capture) -> None:
    add("--cti", "form")
    with store.work() as work:
        hook = work.session.scalars(select(Webhook)).one()
        row = webhooks.put(work, hook.id, key=uuid7(), seq=1, name="CallEnded", body="{}")
        assert row is not None
        row.state, row.reason, row.tries = "dead", "no answer within 10 s", 9
        webhooks.put(work, hook.id, key=uuid7(), seq=2, name="CallEntered", body="{}")
    capsys.readouterr()
    assert main(["webhook", "log", "crm", "--dead"]) == 0
    told = capsys.readouterr().out
    assert (
        f"{row.id}  " in told
        and "dead  tries 9  -  no answer within 10 s" in told
        and "CallEntered" not in told
    )
    assert main(["webhook", "resend", str(row.id)]) == 0
    with store.read() as session:
        assert session.get_one(Delivery, row.id).state == "waiting"
    store.close()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("add crm https://x.example/ --user nobody --events cases", "there is no user 'nobody'"),
        ("add crm https://x.example/ --user sun --events flights", "there is no event 'flights'"),
        ("add crm gopher://x/ --user sun --events cases", "names a host"),
        ("pause crm", "there is no such webhook"),
        ("resend 7", "no delivery's id"),
    ],
)
def test_what_cannot_be_is_said_in_words(store: Store, capsys: Capture, words: str, expected: str) -> None:
    assert main(["webhook", *words.split()]) != 0
    assert expected in capsys.readouterr().err
    store.close()


def test_a_site_without_a_secret_says_what_to_set(
    store: Store, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRIDLINE_HOOKS__SECRET")
    assert add("--events", "cases") != 0 and "hooks.secret" in capsys.readouterr().err
    store.close()
