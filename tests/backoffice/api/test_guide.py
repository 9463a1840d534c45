"""The guide for integrators: every example in docs/api.md is run with curl against a real site."""

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytest_twisted import ensureDeferred
from twisted.internet import reactor
from twisted.internet.threads import deferToThread

from backoffice.api.table import TABLE
from backoffice.service import Web
from schema.bus_memory import MemoryBus
from schema.desk.deadlines import keep_calendar
from schema.facts import SeatReady
from schema.ids import uuid7
from schema.orders import Consult
from schema.recordings import Recording
from schema.relay import Relay
from schema.rules.access import RIGHTS
from schema.rules.calendar import Calendar, Span
from tests.backoffice.api.conftest import CALL, NOW, program
from tests.backoffice.conftest import FakePlayer, Town
from tests.backoffice.test_service import FakeBus

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = [
    line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.S) for line in block.strip().split("\n")
]


def test_what_it_names_is_there() -> None:
    paths = {re.sub(r"\{\w+\}", "*", route.path) for route in TABLE}
    found = re.findall(r"/api/v1(/[^\"'?`\s|]*)", GUIDE)
    asked = {
        re.sub(r"\$[A-Z]+|(?<=by-number/)\d+|(?<=queues/)\w+|(?<=calendars/)\w+", "*", one) for one in found
    }
    assert asked <= paths and len(asked) > 10
    rights = set(re.findall(r"`((?:seat|board|contact|recording|case)\.[a-z-]+)`", GUIDE))
    assert rights <= set(RIGHTS) and rights


@pytest.mark.real
@ensureDeferred
async def test_every_example_does_what_it_says(town: Town, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    web, values = Web(town.settings, town.store, FakeBus(), player := FakePlayer(), reactor), there(town)
    player.sounds[UUID(values["RECORDING"]), "citizen"] = b"RIFF" + bytes(200)
    web.start()
    web._floor.hear(floor())
    try:
        values |= {"SITE": f"http://127.0.0.1:{web.port}"}
        told = [await deferToThread(run, line, values, tmp_path) for line in EXAMPLES]
    finally:
        await web.stop()
    for line, (code, text) in zip(EXAMPLES, told, strict=True):
        assert code == 0, (line, text)
        if "events?" in line:
            assert "event: SeatReady\n" in text
        elif "-o head.ogg" in line:
            assert (tmp_path / "head.ogg").read_bytes()[:4] == b"RIFF"
        else:
            answer = json.loads(text)
            # One example shows a problem; all others are served.
            assert ("status" in answer) is ('"Idempotency-Key: 1"' in line), (line, answer)


def run(line: str, values: dict[str, str], folder: Path) -> tuple[int, str]:
    """One example, as a reader would paste it."""
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **values},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def there(town: Town) -> dict[str, str]:
    """What the examples speak of: a call with a recording, a transfer that was begun, a seat that is ready."""
    client = program(town)
    recording = uuid7()
    town.call(id=UUID(CALL), contact=UUID(CALL), seat="101")
    town.seen(seats={"101": {"state": "talking", "call": CALL}})
    order = client.post("/transfers", {"call": CALL, "target": "number:13900000001"}).json["id"]
    with town.store.work() as work:
        work.session.add(
            Recording(id=recording, contact=UUID(CALL), call=UUID(CALL), node="pbx1", leg="1", name="x", state="kept",
                      started_at=work.now)
        )  # fmt: skip
        work.emit(SeatReady(at=work.now, seat="101"))
        work.emit(Consult(seat="101", target="seat:102"))
    case = town.filed()
    with town.store.work() as work:
        keep_calendar(work, Calendar(town.store.zone, (Span(540, 1020),), date(2026, 12, 31)))
    Relay(town.store, MemoryBus(town.store)).publish()
    values = {"TOKEN": client.secret, "CALL": CALL, "RECORDING": str(recording), "ORDER": order}
    return {**values, "CASE": case.case_no, "CONTACT": str(case.contact), "VERSION": str(case.version)}


def floor() -> bytes:
    """The floor as the telephone room says it."""
    seats: Any = {
        "101": {"seat": "101", "state": "talking", "call": CALL, "since": NOW},
        "102": {"seat": "102", "state": "ready", "call": None, "since": NOW},
    }
    head = {"node": "pbx1", "epoch": "e", "v": 1, "full": True, "at": NOW, "link": "up"}
    return json.dumps({**head, "seats": seats, "calls": {}, "figures": {}}).encode()
