"""Ten thousand handsets come back within a minute, each with a backlog, while others send where they are.

PostgreSQL (`fsync` on), one broker, one gateway. A backlog is a report about a case of one's own and a batch of thirty
positions, the newest two and a half minutes old. Meanwhile a hundred others, online all the time, send one position
every five seconds. A message is served when its final receipt is there; who is told "later" waits and sends it again.
HANDSETS is how many.
"""

import asyncio
import json
import os
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from bench.figures import percentile, resident_mb
from bench.rig.casestore import CasesPostgres
from bench.rig.crowd import Member, Message
from bench.rig.fieldrig import SECRET, FieldRig
from conf.settings import CHECKOUT
from conf.tools import Tools
from schema.cases import Case, Task
from schema.handsets import Handset, Report
from schema.ids import uuid7
from schema.places import GridCell
from schema.positions import Position

HANDSETS, OTHERS = 10_000, 100
WITHIN, EVERY = 60.0, 5.0
REPORTS, POINTS = 1, 30
BEFORE = 150.0
"""Seconds by which the newest position of a backlog is old."""
LONGEST = 1200.0
LON, LAT, CELL = 120.15, 30.26, "330106001001001"


def run() -> dict[str, float]:
    """All figures of the bench."""
    count = int(os.environ.get("HANDSETS", HANDSETS))
    _raise_open_files(count + 2000)
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's own user must get through
        server = CasesPostgres(Tools(CHECKOUT / "var").postgres(), folder / "pg", durable=True)
        server.start()
        try:
            back = [f"back{number}" for number in range(count)]
            others = [f"live{number}" for number in range(OTHERS)]
            rig = FieldRig(folder, back + others, url=server.url)
            cases = _cases(rig, back)
            try:
                rig.start()
                return asyncio.run(_storm(rig, back, others, cases)) | _rows(rig)
            finally:
                rig.stop()
        finally:
            server.stop()


async def _storm(
    rig: FieldRig, back: list[str], others: list[str], cases: dict[str, str]
) -> dict[str, float]:
    port = rig.settings.broker.port
    live = [Member(name, SECRET) for name in others]
    for member in live:
        await member.connect("127.0.0.1", port)
    crowd = [Member(name, SECRET) for name in back]
    resident = [resident_mb(rig.gateway.pid)]
    began, over = time.monotonic(), asyncio.Event()
    beside = [asyncio.create_task(_patrol(rig, member, over)) for member in live]  # noqa: TID251 (held)
    beside.append(asyncio.create_task(_weigh(rig.gateway.pid, resident, over)))  # noqa: TID251 (held)
    arrived = await asyncio.gather(
        *(
            _come_back(rig, member, number * WITHIN / len(crowd), cases[member.device], port)
            for number, member in enumerate(crowd)
        )
    )
    connected, sent_again = time.monotonic() - began, 0
    while (waiting := sum(member.waiting for member in crowd)) and time.monotonic() - began < LONGEST:
        sent_again += sum(member.send_again() for member in crowd)
        print(f"{time.monotonic() - began:.0f} s: {waiting} wait, gateway {resident[-1]:.0f} MB", flush=True)
        await asyncio.sleep(2)
    took = time.monotonic() - began
    over.set()
    await asyncio.gather(*beside)
    await asyncio.sleep(3)
    delays = [
        (one.answered or time.monotonic()) - one.sent for member in live for one in member.messages.values()
    ]
    said = [one for member in crowd for one in member.messages.values()]
    for member in (*live, *crowd):
        await member.close()
    return {
        "unserved": sum(not one.answered or one.status == "refused" for one in said)
        + (REPORTS + 1) * arrived.count(False),
        "gateway_rss_mb": max(resident),
        "live_delay_p99_s": round(percentile(delays, 99), 2),
        "live_delay_p50_s": round(percentile(delays, 50), 3),
        "live_positions": len(delays),
        "connected_s": round(connected, 1),
        "served_s": round(took, 1),
        "messages_per_s": round(len(said) / took, 1),
        "sent_again": sent_again,
        "told_later": sum(member.later for member in crowd),
        "wait_p99_s": round(percentile([one.answered - one.sent for one in said if one.answered], 99), 1),
    }


async def _come_back(rig: FieldRig, member: Member, after: float, case: str, port: int) -> bool:
    await asyncio.sleep(after)
    for _ in range(5):
        try:
            await member.connect("127.0.0.1", port)
            break
        except (OSError, asyncio.IncompleteReadError):
            await asyncio.sleep(5)
    else:
        return False
    for number in range(REPORTS):
        member.send(_message(rig, "report", number + 1, text=f"第 {number + 1} 处已处理", case=case))
    member.send(_message(rig, "position", REPORTS + 1, points=_points(rig, POINTS, BEFORE)))
    return True


async def _patrol(rig: FieldRig, member: Member, over: asyncio.Event) -> None:
    number = 0
    await asyncio.sleep(EVERY * int(member.device.removeprefix("live")) / OTHERS)
    while not over.is_set():
        number += 1
        member.send(_message(rig, "position", number, points=_points(rig, 1)))
        await asyncio.sleep(EVERY)


async def _weigh(pid: int, resident: list[float], over: asyncio.Event) -> None:
    while not over.is_set():
        resident.append(resident_mb(pid))
        await asyncio.sleep(0.5)


def _message(rig: FieldRig, what: str, seq: int, **more: object) -> Message:
    id, now = str(uuid7()), rig.store.clock()
    plain = {"v": 1, "type": what, "id": id, "seq": seq} | (
        {} if what == "position" else {"made": now.isoformat()}
    )
    return Message(what, id, json.dumps({**plain, **more}, ensure_ascii=False).encode())


def _points(rig: FieldRig, count: int, ago: float = 0.0) -> list[dict[str, object]]:
    now = rig.store.clock() - timedelta(seconds=ago)
    return [
        {
            "fixed_at": (now - timedelta(seconds=10 * (count - 1 - back))).isoformat(),
            "lon": LON + 0.0001 * back,
            "lat": LAT,
            "accuracy": 8,
        }
        for back in range(count)
    ]


def _cases(rig: FieldRig, devices: list[str]) -> dict[str, str]:
    """A dispatched case for the worker of each device."""
    found = {}
    ring = [[120.1, 30.2], [120.3, 30.2], [120.3, 30.4], [120.1, 30.4]]
    with rig.store.work() as work:
        work.session.add(GridCell(code=CELL, name="湖滨", ring=ring, area=4e8))
    with rig.store.read() as session:
        workers = {row.device: row.worker for row in session.execute(select(Handset.device, Handset.worker))}
    for at in range(0, len(devices), 500):
        with rig.store.work() as work:
            rows = {
                name: Case(
                    case_no=f"ST{at + number:08d}", contact=uuid7(), class_="social", kind="complaint",
                    title="路灯不亮", text="门前", cell=CELL, state="dispatched",
                    worker=workers[name], made_at=work.now,
                )
                for number, name in enumerate(devices[at : at + 500])
            }  # fmt: skip
            work.session.add_all(rows.values())
            work.session.flush()
            for name, case in rows.items():
                work.session.add(
                    Task(case=case.id, contact=case.contact, worker=workers[name], state="shown", note="",
                         made_at=work.now, sent_at=work.now, shown_at=work.now)
                )  # fmt: skip
                found[name] = str(case.id)
    return found


def _rows(rig: FieldRig) -> dict[str, float]:
    with rig.store.read() as session:
        return {
            "rows_reports": session.scalar(select(func.count()).select_from(Report)) or 0,
            "rows_positions": session.scalar(select(func.count()).select_from(Position)) or 0,
        }


def _raise_open_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise SystemExit(f"bench: {wanted} files must be open at once; `ulimit -Hn` is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
