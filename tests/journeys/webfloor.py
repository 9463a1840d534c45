"""A floor that stands still, for the back office alone: every kind of seat and caller, and as many seats as wished."""

import time
from datetime import datetime, timedelta
from typing import Any

TALKING = "01960000-0000-7000-8000-000000000001"
STATES = ("ready", "talking", "talking", "paused", "ringing", "wrapup", "talking")
NAMES = ("李娜", "王伟", "ئايگۈل", "Chen Yu", "赵敏", "Patiguli Memet", "欧阳震华")


def crowd(count: int, at: datetime) -> dict[str, dict[str, Any]]:
    """Many seats, in every state."""
    seats = {}
    for i in range(count):
        state, since = STATES[i % len(STATES)], (at - timedelta(seconds=17 * i + 5)).isoformat()
        seats[str(201 + i)] = {
            "seat": str(201 + i), "name": NAMES[i % len(NAMES)], "state": state, "since": since, "opened": since,
            "reason": "meeting" if state == "paused" else "", "number": f"1390000{i:04d}" if state == "talking" else "",
            "call": None, "contact": None, "language": "zh", "user": "", "watchers": [],
        }  # fmt: skip
    return seats


def figures(broken: bool) -> dict[str, Any]:
    """The figures of two queues; `broken`: one caller of the first is lost."""
    hotline = {
        "offered": 20,
        "answered": 15,
        "abandoned": 2,
        "overflowed": 1,
        "called_back": 0,
        "waiting": 2 - broken,
    }
    water = {"offered": 3, "answered": 2, "abandoned": 0, "overflowed": 0, "called_back": 1, "waiting": 0}
    return {
        **{key: hotline[key] + water[key] for key in hotline}, "queues": {"hotline": hotline, "water": water},
        "conserved": not broken,
        "promises": {"told": 9, "mae_s": 31.5, "bias_s": 4, "gave_up_late": 1, "within_half": 0.7},
    }  # fmt: skip


def floor(at: datetime, wishes: dict[str, Any]) -> dict[str, Any]:
    """A floor with every kind of seat and caller on it."""

    def ago(seconds: int) -> str:
        return (at - timedelta(seconds=seconds)).isoformat()

    def seat(seat: str, name: str, state: str, since: int, **more: Any) -> dict[str, Any]:
        row = {
            "user": "",
            "reason": "",
            "number": "",
            "call": None,
            "contact": None,
            "language": "zh",
            "watchers": [],
        }
        return (
            row
            | {"seat": seat, "name": name, "state": state, "since": ago(since), "opened": ago(9000)}
            | more
        )

    def call(id: str, number: str, stage: str, language: str, entered: int, seat: str = "") -> dict[str, Any]:
        return {
            "call": id, "contact": id, "number": number, "queue": "hotline", "language": language, "stage": stage,
            "since": ago(entered // 2), "entered": ago(entered), "seat": seat, "priority": 0, "told": None,
            "waiting_since": ago(entered - 3) if stage != "ivr" else None,
        }  # fmt: skip

    return {
        "node": "pbx1", "epoch": "e", "v": int(time.time() * 1000), "full": True, "at": at.isoformat(),
        "link": wishes.get("link", "up"),
        "seats": {
            "103": seat("103", "غەيرەت", "paused", 601, reason="rest", language="ug"),
            "102": seat("102", "吴桐", "talking", 201, number="13900000001", call=TALKING, contact=TALKING,
                        consult={"target": "seat:105", "state": "talking"}, held=True,
                        watchers=[{"watcher": "900", "mode": "listen"}]),
            "104": seat("104", "Mary Smith", "unreachable", 12, language="en"),
            **crowd(wishes.get("seats", 0), at),
            **{name: seat(name, "", "ready", 30) | row for name, row in wishes.get("rows", {}).items()},
        },
        "calls": {
            TALKING: call(TALKING, "13900000001", "talking", "zh", 230, "102"),
            "c2": call("c2", "057188880000", "queue", "ug", 41) | {"priority": 3, "told": 120},
            "c3": call("c3", "13712345678", "ivr", "en", 4),
            **{id: call(id, "", "talking", "zh", 30) | row for id, row in wishes.get("callrows", {}).items()},
        },
        "figures": figures(wishes.get("broken", False)),
    }  # fmt: skip
