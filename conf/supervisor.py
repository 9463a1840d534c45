"""The supervisor: starts a site's servers and Gridline processes, restarts what dies, ends all of it.

It is a process of its own, so that the telephone goes on when a Gridline process is dead.
"""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from conf import servers
from conf.children import Child, ChildFailed, listens
from conf.layout import lay_out, save, site_file
from conf.postgres import PrivatePostgres
from conf.privateredis import PrivateRedis
from conf.settings import Settings
from conf.speech import voice_of
from conf.tools import Tools
from ivr.prompts import list_texts
from ivr.prompts import make as make_prompts
from ivr.texts import texts_for
from schema.desk.clocks import catch_up
from schema.desk.handsets import enrolled
from schema.store import Store
from schema.upgrade import upgrade

ALL_IN_ONE = (("gridline", ("cti", "ivr", "gateway", "web")),)
EACH_ALONE = (("cti", ("cti",)), ("ivr", ("ivr",)), ("gateway", ("gateway",)), ("web", ("web",)))
RESTART_AFTER = 0.5
LONGEST_WAIT = 30.0
READY_WITHIN = 300.0
"""Seconds in which a room is up even on a machine that has much else to do; one that ends is not waited for."""


class Server(Protocol):
    """What the supervisor needs of anything it keeps up: `pid` is 0 when it is down."""

    @property
    def pid(self) -> int:
        """The process id."""

    def start(self) -> object:
        """Start it. Raises ChildFailed."""


class Supervisor:
    """One site, up or down. `say` gets a line per step; `split` means four processes, PostgreSQL and Redis.

    `prepare` is called once the database is at its newest migration, before anything else is started.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        split: bool = False,
        say: Callable[[str], None] = print,
        prepare: Callable[[Store, Settings], None] = lambda store, settings: None,
    ) -> None:
        self._say = say
        self._prepare = prepare
        self._split = split
        self._asked = settings
        self._stopping = threading.Event()
        self._watch = threading.Lock()
        self._held: set[str] = set()
        self.settings = settings
        self.bases: dict[str, PrivatePostgres | PrivateRedis] = {}
        self.children: dict[str, Child] = {}

    def start(self) -> "Supervisor":
        """Bring everything up, in order, each step said. Raises ChildFailed, PortTaken, OSError, and leaves none."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self) -> None:
        self.settings = lay_out(self._asked)
        self._start_bases()
        upgrade(self.settings.database_url)
        texts = texts_for(self.settings.services)
        made = make_prompts(self.settings.prompts, texts, voice=voice_of(self.settings.ivr.voice))
        list_texts(self.settings.prompts, texts)
        if made:
            self._say(f"spoke {made} prompts into {self.settings.prompts}")
        store = Store.of(self.settings)
        catch_up(store)
        self._prepare(store, self.settings)
        with store.read() as session:
            handsets = enrolled(session)
        store.close()
        for pbx in self.settings.pbxs:
            self._up(pbx.folder, servers.asterisk(self.settings.at(pbx.node)))
        self._up("mosquitto", servers.mosquitto(self.settings, handsets))
        for name, roles in EACH_ALONE if self._split else ALL_IN_ONE:
            self._up(name, self._gridline(name, roles))
        threading.Thread(target=self._keep_up, name="supervisor", daemon=True).start()

    def _start_bases(self) -> None:
        """What a split site needs and no setting names; a site that had its own once keeps it."""
        tools, var = Tools(self.settings.tools), self.settings.var
        database_asked, bus_asked = self.settings.database, self.settings.bus
        if database_asked.private or (self._split and not database_asked.url):
            database = PrivatePostgres(tools.postgres(), var / "postgres")
            self.bases["postgres"] = database
            database.start()
            self._say(f"PostgreSQL on port {database.port}")
            asked = replace(database_asked, url=database.url, private=True)
            self.settings = replace(self.settings, database=asked)
        if bus_asked.private or (self._split and not bus_asked.url):
            bus = PrivateRedis(tools.redis_server(), var / "redis")
            self.bases["redis"] = bus
            bus.start()
            self._say(f"Redis on port {bus.port}")
            self.settings = replace(self.settings, bus=replace(bus_asked, url=bus.url, private=True))
        save(self.settings)

    def _up(self, name: str, child: Child) -> None:
        began = time.monotonic()
        self.children[name] = child
        child.start().wait_ready(READY_WITHIN)
        self._say(f"{child.name} is up (pid {child.pid}, {time.monotonic() - began:.1f} s)")

    def _gridline(self, name: str, roles: Sequence[str]) -> Child:
        port = {
            "web": self.settings.web.port,
            "ivr": self.settings.pbx.agi_port,
            "gateway": self.settings.field.port,
        }
        doors = [port[role] for role in roles if role in port]
        return Child(
            "Gridline" if len(roles) > 1 else f"Gridline {name}",
            [sys.executable, "-m", "conf.cli", "--settings", site_file(self.settings), "serve", *roles],
            self.settings.var / "log" / f"{name}.log",
            ready=lambda: all(listens(door) for door in doors),
        )

    def child(self, name: str) -> Child:
        """A child by its name: asterisk, mosquitto, gridline, or cti, ivr, gateway, web."""
        return self.children[name]

    def hold(self, name: str) -> None:
        """Kill a child and keep it down (for maintenance, and for tests of what goes on without it)."""
        self._held.add(name)
        self.children[name].kill()

    def release(self, name: str) -> None:
        """Let a held child be started again."""
        self._held.discard(name)

    def _keep_up(self) -> None:
        watched: dict[str, Server] = {**self.bases, **self.children}
        waits = dict.fromkeys(watched, RESTART_AFTER)
        due: dict[str, float] = {}
        since = dict.fromkeys(watched, time.monotonic())
        while not self._stopping.wait(0.2):
            now = time.monotonic()
            for name, server in watched.items():
                if server.pid:
                    if now - since[name] > LONGEST_WAIT:
                        waits[name] = RESTART_AFTER  # it has been up long enough to be forgiven
                elif name in self._held:
                    continue
                elif name not in due:
                    due[name] = now + waits[name]
                    waits[name] = min(waits[name] * 2, LONGEST_WAIT)
                    self._say(f"{name} ended; starting it again in {due[name] - now:.0f} s")
                elif now >= due[name]:
                    del due[name]
                    since[name] = now
                    self._start_again(name, server)

    def _start_again(self, name: str, server: Server) -> None:
        with self._watch:
            if self._stopping.is_set():
                return
            try:
                server.start()
            except ChildFailed as error:
                self._say(str(error))
            else:
                self._say(f"{name} is started again (pid {server.pid})")

    def wait(self) -> None:
        """Wait until `stop` is called from another thread, or for Ctrl-C."""
        while not self._stopping.wait(1):
            pass

    def stop(self) -> None:
        """End every child by its pid, the last started first."""
        self._stopping.set()
        with self._watch:
            for child in reversed(self.children.values()):
                child.stop()
            for base in reversed(self.bases.values()):
                base.stop()
