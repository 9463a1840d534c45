"""The pages over a store of many cases, and somebody who looks at them, in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, select

from backoffice.app import make_app
from backoffice.floor import FloorMirror
from backoffice.guard import SESSION_COOKIE
from conf.settings import Settings
from recordings.play import Player
from schema.cases import Case
from schema.desk import sessions
from schema.ids import uuid7
from schema.people import User
from schema.store import Store


@contextmanager
def office(url: str, folder: Path) -> Iterator[tuple[FlaskClient, Store]]:
    """A supervisor's browser, and the store; its clock stands just after the newest case."""
    store = Store(url)
    with store.read() as session:
        newest = session.scalar(select(func.max(Case.made_at)))
    assert newest is not None
    store.clock = lambda: newest + timedelta(minutes=1)
    settings = Settings(var=folder)
    app = make_app(
        settings, store, Player(settings, store), FloorMirror(lambda: None, lambda: 0.0), lambda *_: None
    )
    with store.work() as work:
        login = f"bench-{uuid7().hex[-12:]}"
        user = User(
            login=login, name="bench", post="supervisor", password="!", language="zh", seat=login[:16]
        )
        work.session.add(user)
        work.session.flush()
        token = sessions.begin(work, user, ip="127.0.0.1", agent="bench", lasts=timedelta(days=1))
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    try:
        yield client, store
    finally:
        store.close()
