"""A mouth, played against a scripted AMI server or the real PBX."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from conf.layout import lay_out
from conf.settings import Settings
from cti.link import Mouth, State
from tests.cti.fakeami import FakeAmi
from tests.patience import LONG
from tests.real.pbx import RealPbx, run


class RealAmi:
    """The real PBX in the shape of the scripted one."""

    def __init__(self, folder: Path) -> None:
        self.settings = lay_out(Settings(var=folder))
        self.port = self.settings.pbx.ami_port
        self.user, self.secret = "mouth", self.settings.pbx.mouth_secret
        self.pbx: RealPbx | None = None

    async def start(self) -> None:
        """Start Asterisk."""
        if self.pbx is None:
            self.pbx = await asyncio.to_thread(RealPbx, self.settings)
        else:
            await asyncio.to_thread(self.pbx.start)

    async def stop(self) -> None:
        """End it."""
        if self.pbx is not None:
            await asyncio.to_thread(self.pbx.stop)


Peer = FakeAmi | RealAmi


Play = Callable[[Peer, Mouth], Awaitable[None]]


@pytest.fixture(params=["scripted", pytest.param("real", marks=pytest.mark.real)])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Peer:
    """Who is at the other end."""
    return FakeAmi() if request.param == "scripted" else RealAmi(tmp_path / "var")


async def happens(condition: Callable[[], bool], seconds: float = LONG) -> None:
    """Wait until something is so that nobody tells of."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)


async def until(state: State, mouth: Mouth) -> None:
    """Wait until the mouth is up, or down."""
    await happens(lambda: mouth.state == state)


def perform(peer: Peer, play: Play, **how: float) -> list[State]:
    """Perform a play with a mouth that is up; returns the states it went through."""
    states: list[State] = []

    async def whole() -> None:
        await peer.start()
        mouth = Mouth("127.0.0.1", peer.port, peer.user, peer.secret, changed=states.append, **how)  # type: ignore[arg-type]
        try:
            await mouth.connect()
            await until("up", mouth)
            await play(peer, mouth)
        finally:
            await mouth.close()
            await peer.stop()

    run(whole())
    return states
