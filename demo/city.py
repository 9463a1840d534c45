"""A small city to show Gridline in: people, grid cells, a working calendar, handsets, and a citizen known already."""

import json
import os
import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select

from conf.settings import Settings
from demo.streets import plots
from demo.things import lay_out_things
from demo.workdays import city_calendar
from schema.desk.cases import check_case, close_case, dispatch_case, file_case, handle_case
from schema.desk.deadlines import keep_calendar
from schema.desk.handsets import enrol
from schema.desk.people import add_user, find_user, set_password, set_skills
from schema.desk.places import add_cell, cell_at
from schema.desk.ratings import rate_case
from schema.ids import CaseId, TaskId
from schema.orders import CheckCase, CloseCase, DispatchCase, FileCase, HandleCase, RateCase
from schema.people import Department
from schema.places import GridCell
from schema.store import Store, UnitOfWork

CITIZEN_NUMBER = "13900000001"
SPOT = (120.1592, 30.2671)
"""Where the lamp of the main job is dark, WGS-84 degrees."""

DEPARTMENTS = (
    ("12345", "市民热线服务中心", ""),
    ("SZ", "市政设施管理处", "12345"),
    ("WG", "网格管理中心", "12345"),
)

# login, name, post, seat, department
PEOPLE = (
    ("agent1", "林晓", "agent", "101", "12345"),
    ("agent2", "吴桐", "agent", "102", "12345"),
    ("supervisor1", "陈静", "supervisor", "100", "12345"),
    ("expert1", "周远", "expert", None, "SZ"),
    ("worker1", "王建国", "worker", None, "WG"),
    ("worker2", "赵敏", "worker", None, "WG"),
)
SKILLS = {
    "agent1": ("zh:10 en:6 ug:3", "water:4"),
    "agent2": ("zh:10 en:4 ug:7", "affairs:6"),
    "supervisor1": ("zh:10 en:8 ug:5", "water:5 affairs:5"),
}
"""What who sits at a seat can do: languages, skills."""
MOBILES = {"expert1": "13900139000"}
DEVICES = (("w1", "worker1"), ("w2", "worker2"))


@dataclass(frozen=True, slots=True)
class Device:
    """A handset and the secret it connects with."""

    device: str
    secret: str


@dataclass(frozen=True, slots=True)
class City:
    """What the demo needs to know of the city. `passwords` by login; `cell` is the grid cell of the main job."""

    summary: str
    passwords: dict[str, str]
    citizen_number: str
    handsets: list[Device]
    cell: str
    worker_name: str


def lay_out_city(store: Store, settings: Settings) -> City:
    """Lay the city out in a migrated store, or find it there. Passwords are random and kept in ``passwords.toml``.

    Whatever is laid out already stays as it is; a password that is not in the file any more is set anew.
    """
    file = settings.var / "passwords.toml"
    kept = _read(file)
    secret_of = {
        "passwords": {
            person[0]: kept["passwords"].get(person[0]) or secrets.token_urlsafe(9) for person in PEOPLE
        },
        "handsets": {name: kept["handsets"].get(name) or secrets.token_urlsafe(24) for name, _ in DEVICES},
    }
    # Written before the commit: what the store knows by hash only must not be lost.
    _write(file, secret_of)
    with store.work() as work:
        users = _people(work, secret_of["passwords"], kept["passwords"])
        for device, login in DEVICES:
            enrol(work, device=device, worker=users[login], secret=secret_of["handsets"][device])
        _cells(work, settings.site.area, users)
        lay_out_things(work, settings.site.area)
        keep_calendar(work, city_calendar(settings.site.zone))
        spot = cell_at(work.session, *SPOT)
        if spot is None:
            raise RuntimeError(f"no grid cell of the city holds {SPOT}")
    _earlier(store, users, spot.code)
    workers = {users[login]: name for login, name, post, _, _ in PEOPLE if post == "worker"}
    return City(
        summary=f"{len(PEOPLE)} people, {len(plots(settings.site.area))} grid cells, {len(DEVICES)} handsets, "
        "the working calendar of 2026",
        passwords=secret_of["passwords"],
        citizen_number=CITIZEN_NUMBER,
        handsets=[Device(name, secret_of["handsets"][name]) for name, _ in DEVICES],
        cell=spot.code,
        worker_name=workers[spot.worker] if spot.worker else "",
    )


def _read(file: Path) -> dict[str, dict[str, str]]:
    found = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    return {"passwords": found.get("passwords", {}), "handsets": found.get("handsets", {})}


def _write(file: Path, tables: dict[str, dict[str, str]]) -> None:
    lines = []
    for table, secret_of in tables.items():
        lines += [
            f"[{table}]",
            *(f"{json.dumps(name)} = {json.dumps(secret)}" for name, secret in secret_of.items()),
        ]
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_suffix(".new")
    with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    made.replace(file)


def _people(work: UnitOfWork, passwords: dict[str, str], known: dict[str, str]) -> dict[str, UUID]:
    """Departments and users; returns ids by login."""
    departments: dict[str, UUID] = {}
    for code, name, parent in DEPARTMENTS:
        row = work.session.scalar(select(Department).where(Department.code == code))
        if row is None:
            row = Department(code=code, name=name, parent=departments.get(parent))
            work.session.add(row)
            work.session.flush()
        departments[code] = row.id
    users: dict[str, UUID] = {}
    for login, name, post, seat, code in PEOPLE:
        user = find_user(work.session, login)
        if user is None:
            department = departments[code]
            user = add_user(work, login=login, name=name, post=post, password=passwords[login], seat=seat,
                            department=department, mobile=MOBILES.get(login, ""))  # fmt: skip
        elif login not in known:
            set_password(work, login, passwords[login])
        if login in SKILLS and not (user.languages or user.skills):
            set_skills(work, login, languages=SKILLS[login][0], skills=SKILLS[login][1])
        users[login] = user.id
    return users


def _cells(work: UnitOfWork, district: str, users: dict[str, UUID]) -> None:
    for plot in plots(district):
        if work.session.get(GridCell, plot.code) is None:
            worker = users["worker1" if plot.column < 2 else "worker2"]
            add_cell(work, code=plot.code, name=plot.name, ring=plot.ring, worker=worker)


def _earlier(store: Store, users: dict[str, UUID], cell: str) -> None:
    """What the citizen asked before: a complaint that was solved and rated, and a question still open."""
    agent, worker, supervisor = users["agent2"], users["worker2"], users["supervisor1"]
    with _ago(store, timedelta(days=12)) as work:
        solved = file_case(
            work,
            FileCase(
                order=_order("bins"), by=agent, class_="social", kind="complaint", cell=cell,
                title="垃圾桶满溢", text="小区门口的垃圾桶两天没有清运，气味很大。", address="青荷街道竹影社区 3 号门",
                number=CITIZEN_NUMBER, citizen="刘女士",
            ),
        )  # fmt: skip
    case = CaseId(solved.id)
    with _ago(store, timedelta(days=12) - timedelta(minutes=4)) as work:
        task = dispatch_case(
            work, DispatchCase(order=_order("bins sent"), by=agent, case=case, worker=worker)
        )
    with _ago(store, timedelta(days=11, hours=20)) as work:
        handle_case(
            work,
            HandleCase(
                order=_order("bins handled"), by=worker, case=case, task=TaskId(task.id),
                text="已清运，并增加一次夜间收集。",
            ),
        )  # fmt: skip
    with _ago(store, timedelta(days=11, hours=18)) as work:
        check_case(work, CheckCase(order=_order("bins checked"), by=supervisor, case=case, passed=True))
        close_case(work, CloseCase(order=_order("bins closed"), by=supervisor, case=case, visit=False))
    with _ago(store, timedelta(days=11)) as work:
        rate_case(work, RateCase(order=_order("bins rated"), case=case, score=2))
    with _ago(store, timedelta(hours=3)) as work:
        file_case(
            work,
            FileCase(
                order=_order("water"), by=agent, class_="government", kind="consultation", cell=cell,
                title="停水时间咨询", text="想了解本周管网检修的停水时间。", address="青荷街道竹影社区",
                number=CITIZEN_NUMBER, citizen="刘女士",
            ),
        )  # fmt: skip


@contextmanager
def _ago(store: Store, span: timedelta) -> Iterator[UnitOfWork]:
    """A unit of work in which it is still some time ago."""
    with store.work() as work:
        work.now -= span
        yield work


def _order(name: str) -> UUID:
    """The same order whenever the city is laid out, so that it is carried out once."""
    return uuid5(NAMESPACE_URL, f"gridline:demo:{name}")
