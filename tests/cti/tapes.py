"""Recorded tapes: real PBX streams of whole journeys, heard again, and what must come of them."""

import json
import lzma
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cti.floor import Floor
from cti.hears import Hearing
from cti.memory import Memory
from cti.tape import Mark, Reader
from schema.facts import CallEnded, Fact

TAPES = Path(__file__).parents[1] / "tapes"


def unpack(name: str, folder: Path) -> None:
    """Put a recorded journey's tape where a reader finds it, an epoch a file."""
    for n, file in enumerate(sorted(TAPES.glob(f"{name}-*.tape.xz")), 1):
        tape = folder / f"pbx1-00000000-0000-7000-8000-{n:012d}-000000000001.tape"
        tape.write_bytes(lzma.decompress(file.read_bytes()))


def hear_again(folder: Path) -> tuple[list[Fact], Floor, list[Fact]]:
    """All facts of a tape, the floor after it, and the facts after which its figures did not add up."""
    hearing, floor = Hearing("pbx1", Memory()), Floor(ZoneInfo("Asia/Shanghai"), 1.0)
    facts: list[Fact] = []
    wrong: list[Fact] = []
    reader = Reader(folder, "pbx1", Mark("", 0))
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


def wanted(name: str) -> Any:
    """What must come of a recorded tape."""
    return json.loads((TAPES / f"{name}.json").read_text("utf-8"))
