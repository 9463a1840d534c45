"""The keeper: keeps what we believe, the seats and the net equal to what the PBX has, after a gap and all along.

After a gap what the PBX wrote down meanwhile is taken in, and it is looked at twice before anybody acts; from then on
every few seconds, and a difference is mended when two looks in a row show it.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog

from cti import net, snapshot, speaks
from cti.endpoints import EndpointRefused, Endpoints, PbxAway
from cti.floor import Floor
from cti.gaps import Gaps
from cti.hears import Hearing
from cti.link import ActionFailed, LinkDown, LinkLost, Mouth, UnsafeAction
from cti.notes import Note, seat_seen
from schema.calls import SeatRow
from schema.desk import seats as desk
from schema.store import Store, StoreUnreachable

BETWEEN_LOOKS = 0.1
LOOK_EVERY = 5.0
AGAIN = 1.0
NET_PAUSE = 0.5
"""Seconds between two mendings of the net: seats change many times a second when it is busy, the net hardly ever."""
AWAY = (ActionFailed, LinkDown, LinkLost, TimeoutError, PbxAway, EndpointRefused, StoreUnreachable)
log = structlog.get_logger()


class Keeper:
    """`write` puts a note on the tape; `changed` hears that `link` did. `ears` says whether the ears have a session."""

    def __init__(
        self,
        hearing: Hearing,
        floor: Floor,
        mouth: Mouth,
        endpoints: Endpoints,
        store: Store,
        queues: Sequence[str],
        *,
        write: Callable[[Note], None],
        changed: Callable[[], None],
        gaps: Gaps | None = None,
    ) -> None:
        self._hearing, self._floor, self._mouth = hearing, floor, mouth
        self._endpoints, self._store, self._queues = endpoints, store, queues
        self._write, self._changed, self._gaps = write, changed, gaps
        self._synced = False
        self._shown = "down"
        self._before: list[Note] = []
        self._news = asyncio.Event()
        self._net_news = False
        self._net: dict[str, dict[str, bool]] = {}
        self._up = asyncio.Event()
        self._one = asyncio.Lock()
        self.opening: set[str] = set()
        self.ears = False

    @property
    def link(self) -> str:
        """ "down" without both sessions, "resync" until the PBX was looked at since, else "up"."""
        if not self.ears or self._mouth.state != "up":
            return "down"
        return "up" if self._synced else "resync"

    def link_changed(self) -> None:
        """A session came or went: what we believe is in doubt until the PBX has been looked at."""
        self._synced = False
        self._news.set()
        self._tell()

    async def until_up(self) -> None:
        """Wait until the link is up."""
        await self._up.wait()

    def net_changed(self) -> None:
        """The seats changed: the net may have to."""
        self._net_news = True

    async def run(self) -> None:
        """Keep everything equal, until cancelled."""
        while True:
            wait = LOOK_EVERY
            # Also when there is nobody to look at: news that stays set makes every rest end at once.
            self._news.clear()
            if self.link != "down":
                try:
                    await self._keep()
                except AWAY as error:
                    log.warning("the PBX could not be looked at", reason=str(error))
                    wait = AGAIN
                except Exception:
                    log.exception("the keeper stumbled")
                    wait = AGAIN
            await self._rest(wait)

    async def _rest(self, seconds: float) -> None:
        """Wait until the next look is due or the link changes; the net is mended meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(min(left, NET_PAUSE)):
                    await self._news.wait()
                return
            except TimeoutError:
                await self._net_soon()

    async def _net_soon(self) -> None:
        """Mend the net if another should be in it, or one of them pause."""
        told, self._net_news = self._net_news, False
        if told and self.link == "up" and self._net_wanted() != self._net:
            try:
                await self._mend_net(changed=True)
            except AWAY as error:
                log.warning("the net could not be looked at", reason=str(error))
            except Exception:
                log.exception("the keeper stumbled over the net")

    async def look_now(self) -> None:
        """Compare with the PBX at once, and mend. A PBX that does not answer mends nothing."""
        try:
            await self._twice()
        except AWAY as error:
            log.warning("the PBX could not be looked at", reason=str(error))

    async def beat(self, count: int) -> None:
        """Tell the waiting loops that somebody routes; a beat that is not heard is no matter but for the next."""
        try:
            await self._mouth.action(speaks.beat(count), timeout=1.0)
        except AWAY as error:
            log.debug("a beat was missed", reason=str(error))

    async def _keep(self) -> None:
        if self._synced:
            await self._look()
        else:
            if self._gaps is not None:
                for note in await self._gaps.notes():
                    self._write(note)
            await self._mend_seats()
            await self._twice()
        await self._mend_net()
        if not self._synced and self.link == "resync" and not self._news.is_set():
            self._synced = True
            self._tell()

    async def _twice(self) -> None:
        async with self._one:
            self._before = await self._differences()
            await asyncio.sleep(BETWEEN_LOOKS)
            self._take(await self._differences())

    async def _look(self) -> None:
        async with self._one:
            self._take(await self._differences())

    def _take(self, found: list[Note]) -> None:
        for note in snapshot.confirmed(found, self._before):
            log.info("caught up with the PBX", note=dict(note))
            self._write(self._gaps.dated(note) if self._gaps is not None else note)
        self._before = found

    async def _differences(self) -> list[Note]:
        there = await self._endpoints.list()
        answer = await self._mouth.action(speaks.channels())
        return [
            *snapshot.differences(answer.events, self._hearing.memory, self._queues[0]),
            *(seat_seen(seat.seat, seat.online) for seat in there
              if seat.seat in self._floor.seats and seat.online != bool(self._hearing.memory.contacts.get(seat.seat))),
        ]  # fmt: skip

    async def _mend_seats(self) -> None:
        """Make the seats that the PBX has lost anew, with the digests they had; close those that nobody opened."""
        before = set(self._floor.seats)  # one that is opened while we look is not lost
        there = {seat.seat for seat in await self._endpoints.list()}
        rows = await asyncio.to_thread(self._rows)
        for seat in (before & self._floor.seats.keys()) - there - self.opening:
            if seat in rows:
                log.info("the PBX had lost a seat; making it anew", seat=seat)
                row = rows[seat]
                await self._endpoints.open(seat, row.digest, row.name, webrtc=row.webrtc)
        for seat in there - rows.keys() - self._floor.seats.keys() - self.opening:
            log.info("closing a seat that nobody opened", seat=seat)
            await self._endpoints.close(seat)

    def _rows(self) -> dict[str, SeatRow]:
        with self._store.read() as session:
            return {row.seat: row for row in desk.open_seats(session, self._hearing.node)}

    def _net_wanted(self) -> dict[str, dict[str, bool]]:
        return {queue: net.wanted(self._floor.seats.values(), queue) for queue in self._queues}

    async def _mend_net(self, *, changed: bool = False) -> None:
        """Mend every queue, or those whose members should have `changed`."""
        want, was = self._net_wanted(), self._net
        names = {seat.seat: desk_name(seat.name) for seat in self._floor.seats.values()}
        for queue in self._queues:
            if not changed or want[queue] != was.get(queue):
                status = await self._mouth.action(speaks.queue_status(queue))
                for action in net.mend(queue, want[queue], net.found(status.events), names):
                    try:
                        await self._mouth.action(action)
                    except (ActionFailed, UnsafeAction) as error:
                        log.warning("the net was not mended", action=action["Action"], reason=str(error))
        self._net = want

    def _tell(self) -> None:
        if self.link != self._shown:
            self._shown = self.link
            (self._up.set if self._shown == "up" else self._up.clear)()
            log.info("link to the PBX", state=self._shown)
            self._changed()


def desk_name(name: str) -> str:
    """A person's name as it may stand in an AMI line."""
    return "".join(c for c in name if c.isprintable())[:60]
