"""A site of which any part may be killed: PBX, bridge, database, bus and broker, each a process of its own."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.rig.ear import Mouth
from bench.rig.floor import FloorWatch
from bench.rig.pbx import BridgedPbx
from conf.children import Child
from conf.postgres import PrivatePostgres
from conf.privateredis import PrivateRedis
from conf.servers import mosquitto
from conf.settings import Settings
from conf.tools import Tools

WEIGHTS = {"bridge": 8, "Asterisk": 3, "PostgreSQL": 4, "Redis": 3, "broker": 2}


def chosen(chance: random.Random) -> str:
    """Which part is next."""
    return chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that can be killed with -9 and started again."""

    kill: Callable[[], None]
    start: Callable[[], object]


class ChaosSite:
    """All parts up between `start` and `stop`; `mouth` asks the PBX, `watch` hears the floor."""

    def __init__(self, folder: Path) -> None:
        tools = Tools(Settings().tools)
        self.database = PrivatePostgres(tools.postgres(), folder / "postgres")
        self.redis = PrivateRedis(tools.redis_server(), folder / "redis")
        self.database.start()
        self.redis.start()
        self.site = BridgedPbx(
            folder / "site",
            database=self.database.url,
            bus=self.redis.url,
            roles=("cti", "gateway"),
            wrap_up=1,
        )
        self.broker: Child = mosquitto(self.site.settings, [])
        self.watch = FloorWatch(self.redis.url, self.site.settings.bus.prefix, self.site.store)
        self._mouth: Mouth | None = None
        self.parts = {
            "bridge": Part(self.site.bridge.kill, self.site.bridge.start),
            "Asterisk": Part(self._kill_pbx, lambda: self.site.child.start().wait_ready(60)),
            "PostgreSQL": Part(self.database.kill, self.database.start),
            "Redis": Part(self.redis.kill, self.redis.start),
            "broker": Part(self.broker.kill, lambda: self.broker.start().wait_ready(30)),
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

    def stop(self) -> None:
        """Everything down."""
        self._hang_up()
        self.watch.stop()
        self.site.stop()
        for part in (self.broker, self.redis, self.database):
            part.stop()

    def _kill_pbx(self) -> None:
        self._hang_up()
        self.site.child.kill()

    def _hang_up(self) -> None:
        if self._mouth is not None:
            self._mouth.close()
            self._mouth = None
