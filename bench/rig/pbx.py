"""A PBX of a bench's own, with or without the bridge, in a folder of its own on free ports."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from bench.rig import dialplan
from bench.rig.ear import Mouth
from conf.children import Child, listens
from conf.layout import lay_out, site_file
from conf.ports import free_ports
from conf.servers import asterisk
from conf.services import Service
from conf.settings import Acd, Bus, Database, Ivr, Pbx, Settings
from schema.calls import CallRow, SeatRow
from schema.store import Store
from schema.upgrade import upgrade

Found = TypeVar("Found")
RTP_PORTS = 4000
"""Four for each of 500 talking pairs, and as many again for calls that are just ending."""


class TooLate(Exception):
    """Something that was waited for did not happen; the text says what."""


def until(find: Callable[[], Found], what: str, seconds: float, every: float = 0.05) -> Found:
    """What is found (something true) within the time. Raises TooLate."""
    end = time.monotonic() + seconds
    while not (found := find()):
        if time.monotonic() > end:
            raise TooLate(f"{what}: not within {seconds:g} s")
        time.sleep(every)
    return found


class LoadPbx:
    """The PBX and where its telephones are: `seats_port` answers for every seat."""

    def __init__(
        self,
        folder: Path,
        *,
        wrap_up: int = 0,
        ring_timeout: int = 20,
        database: str = "",
        bus: str = "",
        services: tuple[Service, ...] = (),
        ivr: Ivr | None = None,
        rtp_ports: int = RTP_PORTS,
    ) -> None:
        self.folder = folder
        self.settings = lay_out(
            replace(
                Settings(var=folder),
                acd=Acd(ring_timeout=ring_timeout, wrap_up=wrap_up),
                pbx=Pbx(rtp_count=rtp_ports),
                database=Database(url=database),
                bus=Bus(url=bus),
                services=services or Settings().services,
                ivr=ivr or Ivr(),
            )
        )
        (self.seats_port,) = free_ports(1)
        self.child = asterisk(self.settings)
        self.etc = self.settings.run / "asterisk" / "etc"
        self.lag = 0.0

    @property
    def address(self) -> str:
        """Where it takes calls."""
        return f"127.0.0.1:{self.settings.pbx.sip_port}"

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that do the work."""
        return (self.child.pid,)

    def start(self) -> None:
        """Up."""
        self.child.start().wait_ready(60)

    def stop(self) -> None:
        """Down."""
        self.child.stop()

    def settle(self, calls: int) -> float:
        """Wait until everything that these further calls cause is done; the seconds that it took."""
        return 0.0


class BarePbx(LoadPbx):
    """app_queue alone, nobody attached."""

    def seat(self, seats: Sequence[str], *, as_it_comes: bool = False) -> None:
        """Everybody sits down; called before `start`. `as_it_comes`: with Asterisk's own settings in place of ours."""
        site = self.settings
        if as_it_comes:
            dialplan.as_it_comes(self.etc)
        dialplan.bare_queue(
            self.etc, site.site.hotline, site.acd.queue, seats, self.seats_port, digest=DIGEST
        )


class BridgedPbx(LoadPbx):
    """The PBX with Gridline routing its callers and writing their records; `audio`: with voice and recording
    too, `voice` false: with recording alone."""

    def __init__(
        self,
        folder: Path,
        *,
        roles: Sequence[str] = ("cti",),
        audio: bool = False,
        voice: bool = True,
        wrap_up: int = 0,
        ring_timeout: int = 20,
        database: str = "",
        bus: str = "",
        services: tuple[Service, ...] = (),
        ivr: Ivr | None = None,
        rtp_ports: int = RTP_PORTS,
    ) -> None:
        super().__init__(
            folder, wrap_up=wrap_up, ring_timeout=ring_timeout, database=database, bus=bus, services=services,
            ivr=ivr, rtp_ports=rtp_ports,
        )  # fmt: skip
        if not audio:
            dialplan.without_audio(self.etc)
        elif not voice:
            dialplan.without_voice(self.etc)
        upgrade(self.settings.database_url)
        self.store = Store.of(self.settings)
        self._dialled = 0
        self.bridge = Child(
            "bridge",
            [sys.executable, "-m", "conf.cli", "--settings", site_file(self.settings), "serve", *roles],
            self.settings.var / "log" / "bridge.log",
            ready=lambda: "web" not in roles or listens(self.settings.web.port),
            env=_installed(folder / "pyc"),
        )

    @property
    def pids(self) -> tuple[int, ...]:
        """The PBX and the bridge."""
        return self.child.pid, self.bridge.pid

    def start(self) -> None:
        """Both up, or neither."""
        try:
            super().start()
            self.bridge.start().wait_ready(60)
            until(self.routes, "the bridge routes", 60)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Both down."""
        self.bridge.stop()
        super().stop()
        self.store.close()

    def routes(self) -> bool:
        """Whether the bridge believes its floor and tells the PBX so: its beat is there."""
        mouth = Mouth(self.settings.pbx.ami_port, self.settings.pbx.mouth_secret)
        try:
            return bool(mouth.ask(Action="Getvar", Variable="GRIDLINE_BEAT")[0].get("Value"))
        finally:
            mouth.close()

    def settle(self, calls: int) -> float:
        """Wait until the records have these further calls from beginning to end; `lag` keeps how long it took."""
        began = time.monotonic()
        self._dialled += calls
        with suppress(TooLate):
            until(lambda: self.recorded()[1] >= self._dialled, "records", 60)
        self.lag = time.monotonic() - began
        return self.lag

    def seat_states(self) -> dict[str, str]:
        """The state of each open seat, by the records."""
        with self.store.read() as session:
            return {seat: state for seat, state in session.execute(select(SeatRow.seat, SeatRow.state))}

    def recorded(self) -> tuple[int, int]:
        """How many calls the records have, and how many of these are over."""
        with self.store.read() as session:
            rows = session.scalar(select(func.count()).select_from(CallRow)) or 0
            live = session.scalar(select(func.count()).where(CallRow.outcome == "")) or 0
            return rows, rows - live


def _installed(folder: Path) -> dict[str, str]:
    """An environment in which modules are compiled once, as an installation has them, whatever this one says."""
    here = dict(os.environ)
    if here.pop("PYTHONDONTWRITEBYTECODE", ""):
        here["PYTHONPYCACHEPREFIX"] = str(folder)
    return here


DIGEST = "0123456789abcdef0123456789abcdef"
"""Nobody registers: every seat's address is written down, so no secret belongs to this."""
