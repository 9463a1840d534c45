"""A site of which any part may be killed: PBX, bridge, database, bus, broker and an agent's browser, each a process."""

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.rig.ear import Mouth
from bench.rig.floor import FloorWatch
from bench.rig.page import AgentPage
from bench.rig.pbx import BridgedPbx, until
from conf.children import Child, listens
from conf.layout import site_file
from conf.postgres import PrivatePostgres
from conf.privateredis import PrivateRedis
from conf.servers import mosquitto
from conf.settings import Settings
from conf.tools import Tools
from demo.city import lay_out_city
from schema.desk.people import set_skills

WEIGHTS = {"bridge": 8, "Asterisk": 3, "PostgreSQL": 4, "Redis": 3, "browser": 3, "broker": 2}
AGENT, PAGE_SEAT = "agent1", "101"
"""Who sits at the page, and where; the other seats' telephones need no browser."""
RTP_PORTS = 800


@dataclass(frozen=True, slots=True)
class Plan:
    """What is killed next, after how many seconds of talk, and how many it stays dead."""

    name: str
    talk: float
    dead: float


def planned(kills: int, seed: int) -> list[Plan]:
    """So many by chance; the first ones are one of each part, so that a short run has them all."""
    chance = random.Random(seed)
    names = list(WEIGHTS)
    chance.shuffle(names)
    names += chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=max(0, kills - len(names)))
    return [Plan(name, chance.uniform(0.2, 1.5), chance.uniform(0.0, 1.0)) for name in names[:kills]]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that can be killed with -9 and started again."""

    kill: Callable[[], None]
    start: Callable[[], object]
    pid: Callable[[], int]


class ChaosSite:
    """All parts up between `start` and `stop`; `mouth` asks the PBX, `watch` hears the floor.

    Pages and field gateway are in a process of their own, which nobody kills. The agent at the page talks `talk_ms`
    with each.
    """

    def __init__(self, folder: Path, talk_ms: int) -> None:
        tools = Tools(Settings().tools)
        self.database = PrivatePostgres(tools.postgres(), folder / "postgres")
        self.redis = PrivateRedis(tools.redis_server(), folder / "redis")
        self.database.start()
        self.redis.start()
        self.site = BridgedPbx(
            folder / "site",
            database=self.database.url,
            bus=self.redis.url,
            wrap_up=1,
            rtp_ports=RTP_PORTS,
        )
        web = self.site.settings.web.port
        self.web = Child(
            "web",
            [
                sys.executable,
                "-m",
                "conf.cli",
                "--settings",
                site_file(self.site.settings),
                "serve",
                "web",
                "gateway",
            ],
            self.site.settings.var / "log" / "web.log",
            ready=lambda: listens(web),
        )
        secret = lay_out_city(self.site.store, self.site.settings).passwords[AGENT]
        with self.site.store.work() as work:
            set_skills(work, AGENT)  # nothing said, as of the other seats: or the line would spare this one
        self.page = AgentPage(folder / "page", f"http://127.0.0.1:{web}", AGENT, secret, talk_ms)
        self.broker: Child = mosquitto(self.site.settings, [])
        self.watch = FloorWatch(self.redis.url, self.site.settings.bus.prefix, self.site.store)
        self._mouth: Mouth | None = None
        pbx, bridge, page = self.site.child, self.site.bridge, self.page
        self.parts = {
            "bridge": Part(bridge.kill, bridge.start, lambda: bridge.pid),
            "Asterisk": Part(self._kill_pbx, lambda: pbx.start().wait_ready(60), lambda: pbx.pid),
            "PostgreSQL": Part(self.database.kill, self.database.start, lambda: self.database.pid),
            "Redis": Part(self.redis.kill, self.redis.start, lambda: self.redis.pid),
            "browser": Part(page.kill, page.start, lambda: page.pid),
            "broker": Part(self.broker.kill, self._start_broker, lambda: self.broker.pid),
        }

    @property
    def mouth(self) -> Mouth:
        """A session with the PBX of now."""
        if self._mouth is None:
            self._mouth = Mouth(self.site.settings.pbx.ami_port, self.site.settings.pbx.mouth_secret)
        return self._mouth

    def start(self) -> None:
        """Everything up."""
        self.broker.start().wait_ready(30)
        self.site.start()
        self.watch.start()
        self.web.start().wait_ready(60)

    def stop(self) -> None:
        """Everything down."""
        self._hang_up()
        self.page.stop()
        self.watch.stop()
        self.web.stop()
        self.site.stop()
        for part in (self.broker, self.redis, self.database):
            part.stop()

    def kill(self, name: str) -> None:
        """Kill a part that runs. Raises RuntimeError when it was dead already."""
        pid = self.parts[name].pid()
        if not pid:
            raise RuntimeError(f"{name} was dead before it was killed")
        self.parts[name].kill()
        until(lambda: not Path(f"/proc/{pid}/exe").exists(), f"{name} is dead", 5, every=0.01)

    def busy(self, name: str) -> int:
        """Calls that are up; 0 too when the part is the browser and its agent talks with nobody."""
        calls = self.watch.picture().calls
        return len(calls) if name != "browser" or PAGE_SEAT in calls.values() else 0

    def _start_broker(self) -> None:
        self.broker.start().wait_ready(30)

    def _kill_pbx(self) -> None:
        self._hang_up()
        self.site.child.kill()

    def _hang_up(self) -> None:
        if self._mouth is not None:
            self._mouth.close()
            self._mouth = None
