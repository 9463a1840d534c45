"""The PBX's seats without a PBX; held to the real one's signatures by tests/cti/test_errands.py."""

from cti.endpoints import SeatAtPbx


class FakeEndpoints:
    """`there` are the seats by number and whether a softphone is at them; `trouble` is raised, one at a time."""

    def __init__(self) -> None:
        self.there: dict[str, bool] = {}
        self.digests: dict[str, str] = {}
        self.webrtc: dict[str, bool] = {}
        self.trouble: list[Exception] = []
        self.asked: list[str] = []

    async def open(self, seat: str, digest: str, name: str, *, webrtc: bool = True) -> None:
        """Make it."""
        self.asked.append(f"open {seat}")
        self._stumble()
        self.there[seat], self.digests[seat], self.webrtc[seat] = False, digest, webrtc

    async def close(self, seat: str) -> None:
        """Take it away."""
        self.asked.append(f"close {seat}")
        self._stumble()
        self.there.pop(seat, None)

    async def list(self) -> tuple[SeatAtPbx, ...]:
        """What is there."""
        self._stumble()
        return tuple(SeatAtPbx(seat, online, ()) for seat, online in sorted(self.there.items()))

    def _stumble(self) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
