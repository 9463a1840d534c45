"""Seats of a load bench: opened by the orders a page would give, their telephones' address written down in the PBX."""

import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextlib import closing
from http.client import HTTPConnection

from sqlalchemy import func, select

from bench.rig.dialplan import contact
from bench.rig.pbx import DIGEST, BridgedPbx, until
from cti.endpoints import seat_objects
from schema.ids import uuid7
from schema.orders import MakeReady, OpenSeat, Order
from schema.outbox import OrderRow


def numbers(count: int) -> list[str]:
    """Extensions of so many seats."""
    return [str(1001 + each) for each in range(count)]


def sit_down(site: BridgedPbx, seats: Sequence[str], seconds: float = 120) -> None:
    """Open every seat, give it a telephone, make it ready, and wait for the records to say so."""
    give(site, [OpenSeat(seat=seat, user=uuid7(), name=f"Seat {seat}", digest=DIGEST, webrtc=False) for seat in seats],
         seconds)  # fmt: skip
    plug_in(site, seats)
    until(lambda: "unreachable" not in site.seat_states().values(), "every telephone is seen", seconds)
    give(site, [MakeReady(seat=seat) for seat in seats], seconds)
    until(lambda: set(site.seat_states().values()) == {"ready"}, "every seat is ready", seconds)


def give(site: BridgedPbx, orders: Iterable[Order], seconds: float) -> None:
    """Give orders and wait until each was observed."""
    given = list(orders)
    with site.store.work() as work:
        for order in given:
            work.emit(order)
    keys = {order.order for order in given}

    def done() -> bool:
        with site.store.read() as session:
            query = select(func.count()).where(OrderRow.state == "observed", OrderRow.order.in_(keys))
            return session.scalar(query) == len(keys)

    until(done, f"{len(given)} × {type(given[0]).__name__}", seconds, every=0.2)


def plug_in(site: BridgedPbx, seats: Sequence[str]) -> None:
    """Write each telephone's address into its seat: a telephone that never has to register again."""
    pbx = site.settings.pbx
    link = HTTPConnection("127.0.0.1", pbx.http_port, timeout=5)
    secret = b64encode(f"gridline:{pbx.ari_secret}".encode()).decode()
    headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
    with closing(link):
        for seat in seats:
            aor = seat_objects(seat, DIGEST, seat)["aor"] | {"contact": contact(seat, site.seats_port)}
            body = {"fields": [{"attribute": name, "value": value} for name, value in aor.items()]}
            link.request(
                "PUT", f"/ari/asterisk/config/dynamic/res_pjsip/aor/seat{seat}", json.dumps(body), headers
            )
            answer = link.getresponse()
            said = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"the PBX does not take the address of seat {seat}: {said[:200]!r}")
