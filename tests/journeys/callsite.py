"""A PBX and one bridge process (telephone and voice rooms), with telephones: what tests of whole calls need."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from conf.children import Child, listens
from conf.keeping import Keeping
from conf.layout import lay_out, site_file
from conf.servers import asterisk
from conf.services import Service
from conf.settings import Acd, Ivr, Pbx, Settings
from conf.tools import Tools
from demo.phone import Phone
from ivr.texts import texts_for
from schema.calls import CallRow, LegRow, SeatRow
from schema.ids import uuid7
from schema.orders import CallCitizen, MakeReady, OpenSeat, Order
from schema.outbox import OrderRow
from schema.store import Store
from schema.upgrade import upgrade
from tests.patience import LONG
from tests.real.pbx import Ami, ha1
from tests.real.prompts import lay_prompts
from tests.tapes.keep import keep

Found = TypeVar("Found")


class CallSite:
    """One site without broker and web. `bridge` is the process that may be killed.

    A browser on a busy machine is late with its sound: `silence` is longer than a site's own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        ring_timeout: int = 20,
        wrap_up: int = 1,
        nodes: tuple[Pbx, ...] = (),
        services: tuple[Service, ...] = (),
        acd: dict[str, Any] | None = None,
        trunk_port: int = 0,
        silence: int = 30,
        recordings: Keeping | None = None,
    ) -> None:
        self.folder = folder
        self.settings = lay_out(
            replace(
                Settings(var=folder / "var"),
                nodes=nodes,
                acd=Acd(ring_timeout=ring_timeout, wrap_up=wrap_up, **(acd or {})),
                recordings=recordings or Keeping(patience=0),
                services=services or Settings().services,
                pbx=Pbx(trunk_port=trunk_port, silence=silence),
                ivr=Ivr(digit_timeout=0.2, tries=1),
            )
        )
        lay_prompts(self.settings.prompts, texts_for(self.settings.services))
        upgrade(self.settings.database_url)
        self.store = Store(self.settings.database_url)
        self.pbx = asterisk(self.settings)
        self.far = {node.node: asterisk(self.settings.at(node.node)) for node in self.settings.nodes}
        self.bridge = Child(
            "bridge",
            [sys.executable, "-m", "conf.cli", "--settings", site_file(self.settings), "serve", "cti", "ivr"],
            self.settings.var / "log" / "bridge.log",
            ready=lambda: listens(self.settings.pbx.agi_port),
        )
        self.phones: list[Phone] = []
        self.users: dict[str, UUID] = {}

    def start(self) -> "CallSite":
        """Everything up."""
        for child in (self.pbx, *self.far.values(), self.bridge):
            child.start().wait_ready(60)
        return self

    def stop(self) -> None:
        """Everything down."""
        for phone in self.phones:
            phone.stop()
        for child in (self.bridge, *self.far.values(), self.pbx):
            child.stop()
        self.store.close()
        keep(self.settings)

    def phone(self, number: str, auth: tuple[str, str], **how: object) -> Phone:
        """A telephone that is on."""
        seat = number.removeprefix("seat") if number.startswith("seat") else ""
        server = f"127.0.0.1:{(self.settings.node_of(seat) if seat else self.settings.pbx).sip_port}"
        program = Tools(self.settings.tools).baresip()
        made = Phone(program, self.folder / f"phone-{number}", number, server, auth=auth, **how)  # type: ignore[arg-type]
        self.phones.append(made.start())
        return made

    def citizen(self, number: str) -> Phone:
        """A citizen behind the carrier."""
        pbx = self.settings.pbx
        return self.phone(number, (pbx.trunk_user, pbx.trunk_secret))

    def order(self, order: Order, state: str = "observed", seconds: float = LONG) -> OrderRow:
        """Give an order and wait for its progress."""
        with self.store.work() as work:
            work.emit(order)
        return self.order_is(order.order, state, seconds)

    def order_is(self, order: UUID, state: str, seconds: float = LONG) -> OrderRow:
        """Wait until an order has come so far."""
        return self.until(
            lambda: self._one(select(OrderRow).where(OrderRow.order == order, OrderRow.state == state)),
            f"order {state}", seconds,
        )  # fmt: skip

    def seat(self, seat: str, *, answers: str = "manual", **how: object) -> Phone:
        """An open, registered, ready seat with an ordinary telephone."""
        user = self.users.setdefault(seat, uuid7())
        digest = ha1(seat, "the-secret")
        self.order(OpenSeat(seat=seat, user=user, name="Wang", digest=digest, webrtc=False))
        phone = self.phone(
            f"seat{seat}", (f"seat{seat}", "the-secret"), registers=True, answers=answers, **how
        )
        self.order(MakeReady(seat=seat))
        self.seat_is(seat, "ready")
        return phone

    def seat_is(self, seat: str, state: str, seconds: float = LONG) -> SeatRow:
        """Wait until the seat's row says so."""
        query = select(SeatRow).where(SeatRow.seat == seat, SeatRow.state == state)
        return self.until(lambda: self._one(query), f"seat {seat} {state}", seconds)

    def call_is(
        self, number: str, stage: str = "", outcome: str | None = None, seconds: float = LONG
    ) -> CallRow:
        """Wait until the newest call of a number is at a stage or has an outcome."""

        def there() -> CallRow | None:
            row = self._one(
                select(CallRow).where(CallRow.number == number).order_by(CallRow.entered_at.desc())
            )
            fits = (
                row is not None
                and (not stage or row.stage == stage)
                and (outcome is None or row.outcome == outcome)
            )
            return row if fits else None

        return self.until(there, f"call of {number} {stage} {outcome or ''}", seconds)

    def calls(self, number: str) -> list[CallRow]:
        """Every call of a number."""
        with self.store.read() as session:
            return list(session.scalars(select(CallRow).where(CallRow.number == number)))

    def legs(self, call: UUID) -> list[LegRow]:
        """The legs of a call, in order."""
        with self.store.read() as session:
            return list(
                session.scalars(select(LegRow).where(LegRow.call == call).order_by(LegRow.started_at))
            )

    def visit(self, order: CallCitizen) -> None:
        """Give the order and do not wait."""
        with self.store.work() as work:
            work.emit(order)

    def until(self, find: Callable[[], Found | None], what: str, seconds: float) -> Found:
        """What is found within the time."""
        end = time.monotonic() + seconds
        while (found := find()) is None:
            assert time.monotonic() < end, f"{what}: not within {seconds} s; {self.state()}"
            time.sleep(0.05)
        return found

    def state(self) -> str:
        """What the rows say, for a failing test."""
        with self.store.read() as session:
            calls = [(c.number, c.stage, c.outcome) for c in session.scalars(select(CallRow))]
            seats = [(s.seat, s.state, s.reason) for s in session.scalars(select(SeatRow))]
            orders = [(o.name, o.state, o.reason) for o in session.scalars(select(OrderRow))]
        log = (self.settings.var / "log" / "bridge.log").read_text("utf-8")[-2000:]
        return f"calls {calls}, seats {seats}, orders {orders}; {log}"

    def channels(self) -> int:
        """How many legs the PBX has up."""
        ami = Ami(self.settings.pbx.ami_port, "mouth", self.settings.pbx.mouth_secret)
        try:
            ami.say(Action="CoreShowChannels")
            return int(ami.wait(lambda event: event.get("Event") == "CoreShowChannelsComplete")["ListItems"])
        finally:
            ami.close()

    def _one(self, query: Any) -> Any:
        with self.store.read() as session:
            return session.scalars(query).first()


@contextmanager
def call_site(folder: Path, **how: Any) -> Iterator[CallSite]:
    """A site for the length of the block."""
    with running(CallSite(folder, **how)) as site:
        yield site


@contextmanager
def running(site: CallSite) -> Iterator[CallSite]:
    """A site that is up for the length of the block."""
    try:
        yield site.start()
    finally:
        site.stop()
