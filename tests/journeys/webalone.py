"""The back office alone, with the demo city and a floor that stands still: run as a program by the tests of pages.

Writes {"port", "passwords"} into ``<var>/told.json`` when it listens; ends on SIGTERM. ``<var>/settings.json`` may hold
settings by section, as the site's own are; they are read at the start. ``<var>/wishes.json`` may ask
for another floor: {"seats": how many, "link", "silent": bool, "broken": bool, "rows": seats by number, "callrows":
calls by id}. A supervisor's orders are "observed"; with "room" an agent's too, or failed for what "refuse" says of
their kind. Each is a line of ``<var>/orders.jsonl``.
"""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import select
from twisted.internet import asyncioreactor

asyncioreactor.install()

from tests import cheaper  # noqa: E402

cheaper.hash_cheaply()  # before anything asks for the hash of nobody

from twisted.internet import reactor  # noqa: E402

from backoffice.notices.service import Notices  # noqa: E402
from backoffice.service import Web  # noqa: E402
from conf.hooks import Hooks  # noqa: E402
from conf.logs import begin  # noqa: E402
from conf.settings import Pbx, Settings  # noqa: E402
from cti.replay import Replays  # noqa: E402
from cti.tape import Mark, Tape, new_epoch  # noqa: E402
from demo.city import lay_out_city  # noqa: E402
from recordings.play import Player  # noqa: E402
from schema.bus_memory import MemoryBus  # noqa: E402
from schema.calls import CallRow, QueueEntryRow  # noqa: E402
from schema.cases import Case  # noqa: E402
from schema.desk import orders, webhooks  # noqa: E402
from schema.desk.casemarks import follow_case, mark_hot  # noqa: E402
from schema.desk.people import add_user  # noqa: E402
from schema.desk.supervising import answer_supervision, instruct_case  # noqa: E402
from schema.ids import CaseId, uuid7  # noqa: E402
from schema.orders import AnswerSupervision, FollowCase, InstructCase, MarkHot  # noqa: E402
from schema.orders.seats import SeatOrder  # noqa: E402
from schema.orders.watch import ForcedOrder, WatchOrder  # noqa: E402
from schema.people import User  # noqa: E402
from schema.relay import Relay  # noqa: E402
from schema.rules.lifecycle import RUNNING  # noqa: E402
from schema.store import Store  # noqa: E402
from schema.upgrade import upgrade  # noqa: E402
from schema.wire import to_body  # noqa: E402
from tests.backoffice.street import in_the_street, waits, walked  # noqa: E402
from tests.cti.play import Caller, Play  # noqa: E402
from tests.journeys.reportrows import lay  # noqa: E402
from tests.journeys.webfloor import floor  # noqa: E402


def calls_of_today(store: Store) -> None:
    """Some calls for the figures."""
    now = store.clock()
    with store.work() as work:
        for i in range(20):
            at = now - timedelta(seconds=600 - 20 * i)
            answered = at + timedelta(seconds=3 + i) if i % 7 else None
            contact = uuid7()
            ended = answered or at + timedelta(seconds=9 + i)
            work.session.add(
                CallRow(
                    id=contact, contact=contact, node="pbx1", number=f"1380000{i:04d}", entered_at=at, queued_at=at,
                    answered_at=answered, ended_at=(answered or at) + timedelta(seconds=30), stage="talking",
                    outcome="answered" if answered else "abandoned",
                )
            )  # fmt: skip
            work.session.flush()
            work.session.add(
                QueueEntryRow(call=contact, n=1, node="pbx1", queue="hotline", entered_at=at, ended_at=ended,
                              result="answered" if answered else "abandoned")
            )  # fmt: skip


def tape_of_today(folder: Path, zone: tzinfo) -> None:
    """Half an hour of telephoning on a tape, an hour ago or a little more: all of it on one day of the site's."""
    play, long = Play(), timedelta(minutes=35)
    play.now = datetime.now(UTC) - timedelta(hours=1)
    if play.now.astimezone(zone).date() != (play.now + long).astimezone(zone).date():
        play.now -= long
    for seat in ("101", "102", "103"):
        play.seat(seat)
    for n in range(60):
        caller = Caller(f"1380000{n:04d}")
        play.wait(10)
        play.brought(caller, "queue")
        play.wait(10)
        if n % 6:
            seat = str(101 + n % 3)
            play.rings(caller, seat)
            play.wait(3)
            play.answers(caller, seat)
            play.wait(7)
        play.hangs_up(caller)
    tape = Tape(folder, "pbx1", new_epoch(folder, "pbx1", Mark()))
    for frame in play.tape:
        tape.append([frame.raw], frame.monotonic, frame.at)
    tape.close()


def for_leaders(store: Store) -> None:
    """A hot case that the leader follows, with instructions that stand in several ways."""
    with store.work() as work:
        leader = work.session.scalars(select(User).where(User.login == "leader1")).one()
        cases = list(work.session.scalars(select(Case).where(Case.state.in_(RUNNING)).order_by(Case.case_no)))
        for case in cases[:2]:
            id = CaseId(case.id)
            mark_hot(work, MarkHot(by=leader.id, case=id, text="群众反映集中"))
            follow_case(work, FollowCase(by=leader.id, case=id))
            for days in (1, 3):
                instruct_case(work, InstructCase(by=leader.id, case=id, text="请尽快解决，并回复处理结果。",
                                                 answer_by=work.now + timedelta(days=days)))  # fmt: skip
        if cases:
            answer_supervision(work, AnswerSupervision(case=CaseId(cases[0].id), text="已安排人员到场。"))


def told_outside(store: Store) -> None:
    """Somebody who is told of cases: one message arrived, one waits for a second try, one was given up."""
    with store.work() as work:
        keeper = work.session.scalars(select(User).where(User.login == "admin1")).one()
        hook = webhooks.add(
            work, id=uuid7(), name="crm", kind="webhook", form="json", events=["cases", "CallEnded"], by=keeper.id,
            url="https://crm.example.org/hook/of/a-rather-long-path/for-a-narrow-screen", known=["cases", "CallEnded"],
        )  # fmt: skip
        hook.active, hook.why = False, "paused"
        for n, (state, status, said) in enumerate(
            (
                ("delivered", 204, ""),
                ("waiting", 500, "Internal Server Error"),
                ("dead", None, "no answer within 10 s"),
            )
        ):
            row = webhooks.put(work, hook.id, key=uuid7(), seq=n, name="CaseDispatched", body="{}")
            assert row is not None
            row.state, row.status, row.reason, row.ms, row.tries = state, status, said, 8 * 31**n, 1 + 7 * n
            row.next_at = work.now + timedelta(minutes=7)


def main(var: Path) -> None:
    """Serve until SIGTERM."""
    begin()
    settings = Settings(var=var, pbx=Pbx(http_port=9), hooks=Hooks(secret="of a site that stands alone"))
    settings = replace(settings, web=replace(settings.web, port=0))
    # Nobody is told of yesterday's brief: whether the day is on so far is not what these tests ask.
    settings = replace(settings, site=replace(settings.site, brief_hour=-1))
    var.mkdir(parents=True, exist_ok=True)
    asked = var / "settings.json"
    for section, values in json.loads(asked.read_text("utf-8")).items() if asked.is_file() else ():
        settings = replace(settings, **{section: replace(getattr(settings, section), **values)})
    upgrade(settings.database_url)
    store = Store(settings.database_url)
    city = lay_out_city(store, settings)
    passwords = dict(city.passwords, admin1="a-password-of-admin", leader1="a-password-of-leader")
    with store.work() as work:
        add_user(work, login="admin1", name="孙宁", post="admin", password=passwords["admin1"])
        add_user(work, login="leader1", name="何岩", post="leader", password=passwords["leader1"])
    calls_of_today(store)
    for_leaders(store)
    told_outside(store)
    lay(store)
    with store.read() as session:
        worker = session.scalars(select(User.id).where(User.login == "worker1")).one()
    in_the_street(store, worker)
    walked(store, worker)
    waits(store)
    bus = MemoryBus(store)
    relay = Relay(store, bus)
    tape_of_today(settings.tape, store.zone)
    replays = Replays(settings.tape, store.zone, settings.acd.wrap_up)
    notices = Notices(settings, store, bus)
    web = Web(settings, store, bus, Player(settings, store), reactor, replays)

    began = datetime.now(UTC)

    def wished() -> dict[str, Any]:
        wish = var / "wishes.json"
        return dict(json.loads(wish.read_text("utf-8"))) if wish.is_file() else {}

    def say() -> None:
        wishes = wished()
        if not wishes.get("silent"):
            message = floor(began, wishes)
            beat = {"node": "pbx1", "epoch": "e", "v": message["v"], "beat": True}
            for one in (message, beat):
                bus.shout("floor", json.dumps(one).encode())
        reactor.callLater(0.5, say)  # type: ignore[attr-defined]

    def obey(envelope: Any) -> None:
        order, wishes = envelope.message, wished()
        kind = type(order).__name__
        with (var / "orders.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"kind": kind} | to_body(order)) + "\n")
        if not isinstance(order, (WatchOrder, ForcedOrder)) and not wishes.get("room"):
            return
        why = wishes.get("refuse", {}).get(kind, "")
        with store.work() as work:
            orders.begin(work, order)
            orders.progress(work, order.order, "failed" if why else "observed", why)

    bus.subscribe("telephones", (SeatOrder,), obey)

    def go() -> None:
        bus.start()
        relay.start()
        notices.start()
        web.start()
        say()
        told = var / "told.new"
        told.write_text(json.dumps({"port": web.port, "passwords": passwords}), "utf-8")
        told.replace(var / "told.json")

    def stop() -> Any:
        return web.stop().addCallback(lambda _: (notices.stop(), relay.stop(), bus.stop(), store.close()))

    reactor.callWhenRunning(go)  # type: ignore[attr-defined]
    reactor.addSystemEventTrigger("before", "shutdown", stop)  # type: ignore[attr-defined]
    reactor.run()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
