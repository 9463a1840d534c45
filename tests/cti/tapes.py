"""Recorded tapes: real PBX streams of whole journeys, heard again, and what must come of them."""

import json
import lzma
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from cti.floor import Floor
from cti.hears import Hearing
from cti.ledger import Ledger
from cti.memory import Memory
from cti.replay import nodes
from cti.tape import Mark, Reader
from schema.base import table_of
from schema.calls import (
    CallBackRow,
    CallRow,
    CallStep,
    LegRow,
    QueueEntryRow,
    SeatSpellRow,
    SegmentRow,
    TransferRow,
)
from schema.facts import CallEnded, Fact
from schema.store import Store
from schema.upgrade import upgrade

TAPES = Path(__file__).parents[1] / "tapes"
ZONE, WRAP_UP = ZoneInfo("Asia/Shanghai"), 1.0
TABLES = (CallRow, LegRow, SegmentRow, QueueEntryRow, SeatSpellRow, TransferRow, CallBackRow, CallStep)
CHANCE = {"id": {CallStep}, "revision": {CallRow}}
"""Columns that count how often and when something was written."""


def names() -> list[str]:
    """The recorded journeys."""
    return sorted(file.name.removesuffix(".tar.xz") for file in TAPES.glob("*.tar.xz"))


def unpack(name: str, folder: Path) -> Path:
    """Put a recorded journey's tapes where a reader finds them."""
    folder.mkdir(exist_ok=True)
    with tarfile.open(TAPES / f"{name}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


def hear_again(folder: Path, node: str = "pbx1") -> tuple[list[Fact], Floor, list[Fact]]:
    """All facts of a tape, the floor after it, and the facts after which its figures did not add up."""
    hearing, floor = Hearing(node, Memory()), Floor(ZONE, WRAP_UP)
    facts: list[Fact] = []
    wrong: list[Fact] = []
    reader = Reader(folder, node, Mark("", 0))
    while frames := reader.read():
        for frame in frames:
            for fact in hearing.hear(frame):
                floor.hear(fact)
                facts.append(fact)
                if not floor.right:
                    wrong.append(fact)
    reader.close()
    return facts, floor, wrong


def summary(facts: list[Fact], floor: Floor) -> dict[str, Any]:
    """What came of a tape: how many facts of each kind, how calls ended, and each queue's figures."""
    figures = {
        queue: {name: getattr(one, name) for name in one.__slots__} for queue, one in floor.queues.items()
    }
    return {
        "facts": dict(sorted(Counter(type(fact).__name__ for fact in facts).items())),
        "ends": dict(sorted(Counter(fact.outcome for fact in facts if isinstance(fact, CallEnded)).items())),
        "queues": dict(sorted(figures.items())),
        "told": floor.state.told.figures,
        "owed": len(floor.promises),
    }


def pictured(floor: Floor) -> Any:
    """A floor as plain data."""
    state = floor.state
    return msgspec.to_builtins(
        {"calls": floor.calls, "seats": floor.seats, "queues": state.queues, "promises": floor.promises}, str_keys=True
    )  # fmt: skip


def written(folder: Path, database: Path, at_once: int = 0) -> dict[str, list[list[Any]]]:
    """The rows that a ledger writes of tapes, `at_once` frames in a commit, by table and in order."""
    url = f"sqlite:///{database}"
    upgrade(url)
    store = Store(url, zone=ZONE.key)
    try:
        for node in nodes(folder):
            ledger = Ledger(store, Reader(folder, node, Mark()), node, Memory(), floor=Floor(ZONE, WRAP_UP))
            while ledger.step(at_once):
                pass
            ledger.stop()
        with store.read() as session:
            return {
                table_of(one).name: [
                    [_plain(getattr(row, name)) for name in _columns(one)]
                    for row in session.scalars(select(one).order_by(*table_of(one).primary_key.columns))
                ]
                for one in TABLES
            }
    finally:
        store.close()


def _columns(one: Any) -> list[str]:
    return [column.key for column in table_of(one).columns if one not in CHANCE.get(column.key, ())]


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | list | None) else str(value)


def outcome(folder: Path, database: Path, at_once: int = 0) -> dict[str, Any]:
    """All that comes of a journey's tapes: a summary and the floor of each node, and the rows."""
    heard = {node: hear_again(folder, node) for node in nodes(folder)}
    found = {
        "summary": {node: summary(facts, floor) for node, (facts, floor, _) in heard.items()},
        "wrong": [type(fact).__name__ for _, _, wrong in heard.values() for fact in wrong],
        "floor": {node: pictured(floor) for node, (_, floor, _) in heard.items()},
        "rows": written(folder, database, at_once),
    }
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def wanted(name: str) -> dict[str, Any]:
    """What must come of a recorded journey."""
    rest = json.loads(lzma.decompress((TAPES / f"{name}.rows.xz").read_bytes()))
    return {"summary": json.loads((TAPES / f"{name}.json").read_text("utf-8")), "wrong": [], **rest}


def judge(name: str, folder: Path) -> None:
    """Write down what comes of a recorded journey now."""
    found = outcome(unpack(name, folder / "tape"), folder / "judged.sqlite")
    assert found["wrong"] == [], f"{name}: the figures do not add up after {found['wrong']}"
    (TAPES / f"{name}.json").write_text(json.dumps(found["summary"], indent=1) + "\n", "utf-8")
    rest = {"floor": found["floor"], "rows": found["rows"]}
    (TAPES / f"{name}.rows.xz").write_bytes(lzma.compress(json.dumps(rest).encode(), preset=9))
