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
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import func, select

from bench.figures import children_of, percentile, resident_mb
from bench.rig import cpu
from bench.rig.casestore import CasesPostgres
from bench.rig.crowd import Member, Message, body, points
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
CELL = "330106001001001"


class Costs:
    """Seconds of processor time of each part of a storm, in `told` once it is over."""

    def __init__(self, rig: FieldRig, database: int) -> None:
        self._rig, self._database = rig, database
        self.told: dict[str, float] = {}

    def begin(self) -> None:
        """It begins."""
        self._before = self._now()

    def end(self) -> None:
        """It is over."""
        now = self._now()
        self.told = {part: now[part] - self._before[part] for part in now}

    def _now(self) -> dict[str, float]:
        backends = [pid for pid, _ in children_of(self._database)]
        return {
            "gateway": cpu.seconds(self._rig.gateway.pid),
            "broker": cpu.seconds(self._rig.broker.pid),
            "database": cpu.seconds(self._database, *backends),
            "crowd": cpu.seconds(os.getpid()),
        }


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
            rig = FieldRig(folder, back + [f"live{number}" for number in range(OTHERS)], url=server.url)
            cases = _cases(rig, back)
            try:
                rig.start()
                return asyncio.run(_storm(rig, back, cases, Costs(rig, server.pid))) | _rows(rig)
            finally:
                rig.stop()
        finally:
            server.stop()


async def _storm(rig: FieldRig, back: list[str], cases: dict[str, str], costs: Costs) -> dict[str, float]:
    port = rig.settings.broker.port
    live = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.rig.patrol", str(port), SECRET, str(OTHERS), str(EVERY),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=CHECKOUT, limit=2**24,
    )  # fmt: skip
    assert live.stdin is not None
    assert live.stdout is not None
    await live.stdout.readline()
    crowd = [Member(name, SECRET) for name in back]
    resident = [resident_mb(rig.gateway.pid)]
    costs.begin()
    began, over = time.monotonic(), asyncio.Event()
    weighing = asyncio.create_task(_weigh(rig, resident, over))  # noqa: TID251 (held)
    repeating = asyncio.create_task(_send_again(crowd, resident, over))  # noqa: TID251 (held)
    arrived = await asyncio.gather(
        *(
            _come_back(member, number * WITHIN / len(crowd), cases[member.device], port)
            for number, member in enumerate(crowd)
        )
    )
    connected = time.monotonic() - began
    for member in crowd:
        with suppress(TimeoutError):
            await member.served(LONGEST - (time.monotonic() - began))
    took = time.monotonic() - began
    costs.end()
    over.set()
    _, sent_again = await asyncio.gather(weighing, repeating)
    live.stdin.write(b"over\n")
    told = json.loads(await live.stdout.readline())
    await live.wait()
    said = [one for member in crowd for one in member.messages.values()]
    for member in crowd:
        await member.close()
    delays = told["delays"] + told["open"]
    return {
        "unserved": sum(not one.answered or one.status == "refused" for one in said)
        + (REPORTS + 1) * arrived.count(False),
        "gateway_rss_mb": max(resident),
        "live_delay_p99_s": round(percentile(delays, 99), 2),
        "live_delay_p50_s": round(percentile(delays, 50), 3),
        "live_positions": len(delays),
        "live_sent_again": told["again"],
        "live_told_later": told["later"],
        "connected_s": round(connected, 1),
        "served_s": round(took, 1),
        "messages_per_s": round(len(said) / took, 1),
        "sent_again": sent_again,
        "told_later": sum(member.later for member in crowd),
        "wait_p99_s": round(percentile([one.answered - one.sent for one in said if one.answered], 99), 1),
        **{f"{part}_ms": round(1e3 * cost / len(said), 2) for part, cost in costs.told.items()},
    }


async def _come_back(member: Member, after: float, case: str, port: int) -> bool:
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
        id, made = body("report", number + 1, text=f"第 {number + 1} 处已处理", case=case)
        member.send(Message("report", id, made))
    id, made = body("position", REPORTS + 1, points=points(POINTS, BEFORE))
    member.send(Message("position", id, made))
    return True


async def _send_again(crowd: list[Member], resident: list[float], over: asyncio.Event) -> int:
    began = told = time.monotonic()
    again = 0
    while not over.is_set():
        again += sum(member.send_again() for member in crowd)
        if time.monotonic() - told > 5:
            told = time.monotonic()
            waiting = sum(member.waiting for member in crowd)
            print(f"{told - began:.0f} s: {waiting} wait, gateway {resident[-1]:.0f} MB", flush=True)
        await asyncio.sleep(0.5)
    return again


async def _weigh(rig: FieldRig, resident: list[float], over: asyncio.Event) -> None:
    while not over.is_set():
        resident.append(resident_mb(rig.gateway.pid))
        await asyncio.sleep(0.5)


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
