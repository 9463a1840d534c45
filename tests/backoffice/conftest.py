"""The back office on a store of the test's own, with a small town in it, and a browser-like client."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from backoffice.app import make_app
from backoffice.floor import FloorMirror
from backoffice.guard import DOOR_COOKIE, SESSION_COOKIE
from backoffice.words import Words
from conf.settings import Pbx, Settings
from schema.calls import CallRow
from schema.desk import sessions
from schema.desk.cases import file_case
from schema.desk.places import add_cell
from schema.ids import ContactId, uuid7
from schema.orders import FileCase
from schema.people import Department, User
from schema.store import Store

CELL = "330106001001001"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
POSTS = ("agent", "supervisor", "expert", "worker", "clerk", "admin", "department", "leader")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Room:
    what: str
    total: int
    free: int
    low: bool


@dataclass(frozen=True)
class Piece:
    size: int
    media: str
    chunks: Iterator[bytes]


@dataclass(frozen=True)
class Sound:
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body)

    def piece(self, start: int = 0, end: int | None = None) -> Piece:
        last = self.size - 1 if end is None else min(end, self.size - 1)
        if not 0 <= start <= last:
            raise ValueError(f"bytes {start}-{end}")
        return Piece(self.size, "audio/ogg", iter([self.body[start : last + 1]]))


class FakePlayer:
    """Recordings in memory; answers as `recordings.play.Player` does."""

    def __init__(self) -> None:
        self.sounds: dict[tuple[UUID, str], bytes] = {}
        self.room: list[Room] = []

    def sound(self, recording: UUID, side: str) -> Sound:
        return Sound(self._body(recording, side))

    def waveform(self, recording: UUID, side: str, points: int = 600) -> list[float]:
        return [byte / 255 for byte in self._body(recording, side)][:points]

    def rooms(self) -> list[Room]:
        return self.room

    def _body(self, recording: UUID, side: str) -> bytes:
        if (recording, side) not in self.sounds:
            raise LookupError(f"there is no recording {recording}")
        return self.sounds[recording, side]


class Visit:
    """A browser of one person: keeps cookies, sends the CSRF token of the session with every POST."""

    def __init__(self, client: FlaskClient, csrf: str) -> None:
        self.client = client
        self.csrf = csrf

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, buffered=True, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        if "json" in more:
            more.setdefault("headers", {}).update({"X-CSRF": self.csrf, "Accept": "application/json"})
            return self.client.post(path, **more)
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)

    def text(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return str(answer.get_data(as_text=True))


@dataclass
class Town:
    """The application, its people (by post) and what it told the other processes.

    The one with the post department works in the department "unit"; "section" is below it, "other" beside it.
    """

    app: Flask
    store: Store
    floor: FloorMirror
    player: FakePlayer
    clock: Clock
    settings: Settings
    users: dict[str, User]
    units: dict[str, Department]
    shouts: list[tuple[str, bytes]] = field(default_factory=list)

    def visit(self, post: str) -> Visit:
        """A fresh browser, logged in as the one with this post."""
        with self.store.work() as work:
            user = self.users[post]
            token = sessions.begin(work, user, ip="127.0.0.1", agent="test", lasts=timedelta(hours=12))
        with self.store.read() as session:
            who = sessions.find(session, token, self.clock())
        assert who is not None
        client = self.app.test_client()
        client.set_cookie(SESSION_COOKIE, token)
        return Visit(client, who.csrf)

    def stranger(self) -> Visit:
        """A fresh browser before log-in, having seen the door."""
        client = self.app.test_client()
        client.get("/login")
        cookie = client.get_cookie(DOOR_COOKIE)
        assert cookie is not None
        return Visit(client, cookie.value)

    def order(self, **changes: Any) -> FileCase:
        """A case to file."""
        wanted: dict[str, Any] = {
            "by": self.users["agent"].id,
            "contact": ContactId(uuid7()),
            "class_": "government",
            "kind": "complaint",
            "title": "路灯不亮",
            "text": "文三路的路灯三天没有亮。",
            "cell": CELL,
            "number": "13800000001",
            "citizen": "王女士",
        }
        return FileCase(**wanted | changes)

    def filed(self, **changes: Any) -> Any:
        """A filed case."""
        with self.store.work() as work:
            return file_case(work, self.order(**changes))

    def call(self, number: str = "13800000001", contact: UUID | None = None, **changes: Any) -> CallRow:
        """A call as the telephone room writes it."""
        contact = contact or uuid7()
        row = CallRow(
            **{"id": contact, "contact": contact, "node": "pbx1", "number": number, "entered_at": self.clock(),
               "language": "zh"} | changes
        )  # fmt: skip
        with self.store.work() as work:
            work.session.add(row)
        return row

    def seen(self, **changes: Any) -> None:
        """The floor says something whole."""
        message = {
            "node": "pbx1", "epoch": "e1", "v": 1, "full": True, "at": self.clock().isoformat(), "link": "up",
            "seats": {}, "calls": {}, "figures": {},
        }  # fmt: skip
        self.floor.hear(json.dumps(message | changes).encode())


class Compiled(BytecodeCache):
    """Templates compiled once a process: every test has an application of its own."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()
RULES: dict[Any, Any] = {}
_compile = Rule.compile


def compile_once(rule: Rule) -> None:
    """What a rule compiles to depends on how it is written: compiled once a process, not for every application."""
    key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), rule.merge_slashes)
    if key not in RULES:
        _compile(rule)
        bound: Any = rule  # its two builders are its own methods
        builders = bound._build.__func__, bound._build_unknown.__func__
        RULES[key] = rule._parts, rule._trace, rule._converters, rule.arguments, *builders
        return
    rule._parts, rule._trace, rule._converters, arguments, build, unknown = RULES[key]
    rule.arguments = set(arguments)
    rule._build, rule._build_unknown = build.__get__(rule, None), unknown.__get__(rule, None)


Rule.compile = compile_once  # type: ignore[method-assign]
read_words = cache(Words.read)


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """SQLite; files whose pages ask the database in ways of their own take the root's fixture: both."""
    return sqlite_url


@pytest.fixture
def town(store: Store, tmp_path: Any) -> Iterator[Town]:
    clock = Clock()
    store.clock = clock
    settings = Settings(var=tmp_path / "var", tools=tmp_path / "tools", pbx=Pbx(http_port=8188))
    users: dict[str, User] = {}
    units: dict[str, Department] = {}
    with store.work() as work:
        for code, name, above in (
            ("unit", "路灯处", ""),
            ("section", "路灯一所", "unit"),
            ("other", "环卫处", ""),
        ):
            units[code] = Department(code=code, name=name, parent=units[above].id if above else None)
            work.session.add(units[code])
            work.session.flush()
        for post in POSTS:
            users[post] = User(
                login=post, name=f"{post} 某", post=post, password="x", language="zh",
                seat={"agent": "101", "supervisor": "102"}.get(post),
                department=units["unit"].id if post == "department" else None,
            )  # fmt: skip
            work.session.add(users[post])
        work.session.flush()
        add_cell(
            work, code=CELL, name="文三路网格", worker=users["worker"].id,
            ring=[[120.15, 30.26], [120.17, 30.26], [120.17, 30.28], [120.15, 30.28]],
        )  # fmt: skip
    shouts: list[tuple[str, bytes]] = []
    floor = FloorMirror(lambda: shouts.append(("floor?", b"")), lambda: 0.0)
    player = FakePlayer()
    app = make_app(
        settings,
        store,
        player,
        floor,
        lambda topic, payload: shouts.append((topic, payload)),
        words=read_words(),
    )
    app.jinja_env.bytecode_cache = COMPILED
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield Town(app, store, floor, player, clock, settings, users, units, shouts)


def plain(html: str) -> str:
    """A page's text."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))
