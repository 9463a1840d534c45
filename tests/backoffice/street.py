"""A town with handsets in its street: one on duty and silent, one blocked; what waits from there."""

import math
import random
from datetime import timedelta
from uuid import UUID

from schema.desk import fieldlogins, inbox
from schema.desk.edits import take_edit
from schema.desk.field import NewReport, take_report
from schema.desk.handsets import enrol
from schema.desk.positions import NewPoint, NewTrack, keep_tracks
from schema.fieldmessages import FieldNote
from schema.handsets import Duty, Handset
from schema.ids import uuid7
from schema.rules.positionfilters import Limits
from schema.store import Store


def in_the_street(store: Store, worker: UUID) -> None:
    """hs-1 is on duty and was not heard of for an hour; somebody is logged in on it. hs-2 is blocked."""
    now = store.clock()
    with store.work() as work:
        for name in ("hs-1", "hs-2"):
            enrol(work, device=name, worker=worker, secret="sixteen letters!").blocked = name == "hs-2"
        work.session.flush()
        begun = now - timedelta(hours=2)
        work.session.add(Duty(id=uuid7(), worker=worker, device="hs-1", started_at=begun, ended_at=None))
        fieldlogins.log_in(work, "hs-1", worker, lasts=timedelta(days=1), ip="192.0.2.7")
        row = work.session.get_one(Handset, "hs-1")
        row.seen_at = row.status_at = now - timedelta(hours=1)
        row.key, row.battery, row.charging, row.version, row.backlog, row.free_mb = (
            b"k" * 32,
            14,
            True,
            "1.4",
            7,
            512,
        )
        inbox.refuse(
            work, device="hs-1", topic="gridline/hs-1/up/report", code="bad-field", reason="<b>", count=3
        )


def walked(store: Store, worker: UUID) -> None:
    """A way along streets with a break of a quarter of an hour, and some positions that are not trusted."""
    now, chance = store.clock(), random.Random(11)
    points, east, north, heading = [], 0.0, 0.0, 0.0
    for step in range(360):
        if step % 40 == 0:
            heading = math.pi / 2 * chance.randrange(4) + 0.2
        east, north = east + math.cos(heading) * 12e-5, north + math.sin(heading) * 11e-5
        at = now - timedelta(seconds=100 * 60 - step * 15 - (900 if step < 200 else 0))
        points.append(NewPoint(at, 120.16 + east + chance.gauss(0, 2e-5), 30.26 + north, 9.0, speed=1.2))
    for minutes, lon in ((98, 0.0), (90, 121.5), (31, 121.5)):
        points.append(NewPoint(now - timedelta(minutes=minutes, seconds=7), lon, 30.26 if lon else 0.0, 9.0))
    with store.work() as work:
        keep_tracks(work, [NewTrack("hs-1", worker, points)], Limits(), 30)


def reported(store: Store, text: str = "井盖<松动>", **more: object) -> UUID:
    """A report that belongs to no case."""
    new = NewReport(id=uuid7(), kind="report", text=text, made=store.clock(), **more)  # type: ignore[arg-type]
    with store.work() as work:
        take_report(work, work.session.get_one(Handset, "hs-1"), new)
    return new.id


def waits(store: Store) -> UUID:
    """A report with an edit that came too late, an id used twice, a message nobody could take, a note; the report."""
    report = reported(store)
    with store.work() as work:
        handset = work.session.get_one(Handset, "hs-1")
        for text in ("井盖已围挡", "井盖缺失"):
            new = NewReport(id=uuid7(), kind="report", text=text, made=work.now, edits=report, base=1)
            take_edit(work, handset, new)
        body = '{"text": "井盖<b>丢了", "made": "2026-11-24T16:00:00+08:00"}'
        inbox.keep_conflict(work, device="hs-1", id=report, body_hash="b" * 64, body=body)
        inbox.set_aside(work, device="hs-1", topic="gridline/hs-1/up/report", id=None, body_hash="c" * 64,
                        body=b'{"x": "<script>"}', reason="ValueError")  # fmt: skip
        work.session.add(
            FieldNote(
                id=uuid7(),
                device="hs-1",
                worker=handset.worker,
                text="需要<梯子>",
                made_at=work.now,
                at=work.now,
            )
        )
    return report
