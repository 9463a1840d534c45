"""Six days of calls for the report pages: waits, talk, spells, transfers, consultations; always the same."""

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from schema.calls import CallRow, QueueEntryRow, SeatSpellRow, SegmentRow, TransferRow
from schema.ids import uuid7
from schema.people import User
from schema.rules.intervals import midnight
from schema.store import Store


def lay(store: Store, calls: int = 400) -> None:
    """Write them; the last is of the day before this one."""
    chance = random.Random(4)
    today = midnight(store.clock().astimezone(ZoneInfo("Asia/Shanghai")).date(), ZoneInfo("Asia/Shanghai"))
    with store.work() as work:
        users = list(work.session.scalars(select(User).where(User.post.in_(("agent", "supervisor")))))
        for user in users:
            at = today - timedelta(days=6) + timedelta(hours=8)
            for state, hours in (
                ("ready", 2),
                ("paused", 1),
                ("talking", 3),
                ("wrapup", 1),
                ("ready", 1),
            ) * 4:
                until = at + timedelta(hours=hours * chance.uniform(0.5, 1.5))
                reason = chance.choice(("rest", "training", "meeting")) if state == "paused" else ""
                work.session.add(
                    SeatSpellRow(node="pbx1", seat=f"9{user.seat}", started_at=at, ended_at=until, user=user.id,
                                 state=state, reason=reason)
                )  # fmt: skip
                at = until
        for _ in range(calls):
            at = today - timedelta(days=6) + timedelta(days=5.9) * chance.random()
            lasted = timedelta(seconds=chance.expovariate(1 / 12))
            result = chance.choices(("answered", "abandoned", "overflowed", "called back"), (88, 7, 3, 2))[0]
            user = chance.choice(users) if result == "answered" else None
            id = uuid7()
            language = chance.choice(("zh", "zh", "en", "ug"))
            told = 60 if lasted.total_seconds() > 20 else None
            work.session.add(
                CallRow(id=id, contact=id, node="pbx1", number="13800001111", entered_at=at, queued_at=at,
                        outcome="answered" if user else "abandoned", stage="talking", ended_at=at + lasted)
            )  # fmt: skip
            work.session.flush()
            work.session.add(
                QueueEntryRow(call=id, n=1, node="pbx1", queue="hotline", language=language,
                              entered_at=at, ended_at=at + lasted, result=result, user=user and user.id,
                              told_seconds=told, told_at=told and at + timedelta(seconds=20))
            )  # fmt: skip
            if user is None:
                continue
            begins = at + lasted
            talk = timedelta(seconds=chance.expovariate(1 / 200))
            about = {"node": "pbx1", "call": id, "leg_kind": "seat", "leg": f"{id.hex[:20]}", "user": user.id}
            work.session.add(SegmentRow(**about, n=1, kind="talk", started_at=begins, ended_at=begins + talk))
            if chance.random() < 0.1:
                work.session.add(
                    SegmentRow(**about, n=2, kind="consult", started_at=begins + talk,
                               ended_at=begins + talk + timedelta(seconds=30), others=["seat:102"])
                )  # fmt: skip
            if chance.random() < 0.1:
                work.session.add(
                    TransferRow(call=id, at=begins + talk, user=user.id, target="seat:102", how="blind")
                )
            work.session.add(
                SeatSpellRow(node="pbx1", seat=f"8{user.seat}{id.hex[-6:]}", started_at=begins + talk, user=user.id,
                             ended_at=begins + talk + timedelta(seconds=25), state="wrapup", call=id)
            )  # fmt: skip
